"""`milepost demo`: the main job on one machine, and the cohort around it."""
