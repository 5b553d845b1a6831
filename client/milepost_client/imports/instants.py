"""Instants as Taskwarrior and Timewarrior write them, in the days of whoever exported them.

An export says UTC; a day begins where one lives. The zone is this machine's, with its summer time.
"""

import re
from calendar import timegm
from datetime import date, timedelta
from time import localtime
from typing import NamedTuple

from milepost_client.imports.cells import shown
from milepost_client.imports.wanted import CellRefused

_WRITTEN = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)T(\d\d):?(\d\d):?(\d\d)Z")
DAY_SECONDS = 24 * 60 * 60
_EPOCH = date(1970, 1, 1)


class Instant(NamedTuple):
    """Unix seconds, and seconds east of UTC where this machine is, at that time."""

    seconds: int
    east: int

    @property
    def day(self) -> date:
        """The local day."""
        return _EPOCH + timedelta(days=self._local // DAY_SECONDS)

    @property
    def until_midnight(self) -> int:
        """Seconds to the end of the local day, on a day without a change of the clock."""
        return DAY_SECONDS - self._local % DAY_SECONDS

    @property
    def _local(self) -> int:
        return self.seconds + self.east


def instant(value: object, column: str) -> Instant:
    """The instant that a value says, as `20261127T100000Z`. Raises CellRefused for anything else."""
    found = _WRITTEN.fullmatch(value) if isinstance(value, str) else None
    try:
        if found is None:
            raise ValueError("not of that form")
        year, month, day, hour, minute, second = map(int, found.groups())
        if hour > 23 or minute > 59 or second > 60:
            raise ValueError("no such time")
        date(year, month, day)
        return at(timegm((year, month, day, hour, minute, second)))
    except (ValueError, OverflowError, OSError):
        raise CellRefused(
            column, "instant", f"{column} {shown(str(value))} is not an instant", "export it again: 20261127T100000Z"
        ) from None


def at(seconds: int) -> Instant:
    """The instant of Unix seconds."""
    return Instant(seconds, localtime(seconds).tm_gmtoff)
