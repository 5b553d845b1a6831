"""Failpoints: named places at which a test may end this process as a power cut would.

`MILEPOST_FAILPOINT=name` ends the process at `name` with status 137 and no clean-up; `name:3` at the third passing.
Without the variable a failpoint is one look into an empty dict.
"""

import os

EXIT_CODE = 137

_armed: dict[str, int] = {}


def arm(setting: str) -> None:
    """Arm the one failpoint that `setting` names, as `name` or `name:count`; an empty setting disarms all."""
    _armed.clear()
    if setting:
        name, _, count = setting.partition(":")
        _armed[name] = int(count or 1)


def failpoint(name: str) -> None:
    """Die here, if `name` is armed and this is the passing it waits for."""
    if name not in _armed:
        return
    _armed[name] -= 1
    if _armed[name] <= 0:
        os._exit(EXIT_CODE)


arm(os.environ.get("MILEPOST_FAILPOINT", ""))
