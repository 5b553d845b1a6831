"""What goes out of a log: one file a format, each a pure reading of the log or its views.

`cli/exporting.py` names them, `destination.py` puts what they make where it shall go. Nothing here writes to the log,
save `replay.py`, which makes an empty one of what `jsonl.py` wrote.
"""
