"""Named points at which a test can end the process, as if the power had failed.

    MILEPOST_FAILPOINT=before_commit milepost-server run

`reach` costs one comparison when nothing is set. `MILEPOST_FAILPOINT=name:3` lets two passes go by.
"""

import os

BEFORE_COMMIT = "before_commit"
AFTER_COMMIT_BEFORE_RECEIPT = "after_commit_before_receipt"
MID_BATCH = "mid_batch"
BEFORE_CHECKPOINT = "before_checkpoint"
AFTER_VIEW_WRITE = "after_view_write"
NAMES = (BEFORE_COMMIT, AFTER_COMMIT_BEFORE_RECEIPT, MID_BATCH, BEFORE_CHECKPOINT, AFTER_VIEW_WRITE)

BEFORE_LEDGER = "before_ledger"
AFTER_LEDGER = "after_ledger"
ERASING_NAMES = (BEFORE_LEDGER, AFTER_LEDGER)
"""Where only an erasure comes by; the points of every commit are on its way too."""

BEFORE_SWAP = "before_swap"
"""Where only a restore comes by."""

# What a shell reports for a process that was killed.
EXIT_KILLED = 137

_name, _, _passes = os.environ.get("MILEPOST_FAILPOINT", "").partition(":")
_left = int(_passes or 1)


def reach(name: str) -> None:
    """End the process here, without a farewell, if this is the point that was asked for."""
    global _left
    if name == _name:
        _left -= 1
        if _left == 0:
            os._exit(EXIT_KILLED)
