"""From words to entries: what was typed, checked against what stands, appended, corrected, erased."""
