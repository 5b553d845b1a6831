"""The machine under it: the home and its settings, secrets at rest, the clock, the editor."""
