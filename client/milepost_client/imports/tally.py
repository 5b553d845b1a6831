"""What an import comes to: counted row by row, with the first rows of each kind kept to be shown."""

from collections import Counter
from typing import Literal, NamedTuple

from milepost_client.imports.plan import New, Planned
from milepost_client.imports.wanted import Refusal
from milepost_client.recording.entries import said
from milepost_client.views.lookup import Named

# A source may have any number of rows: so many are kept to be shown.
ROWS_KEPT_MAX = 200
REFUSALS_KEPT_MAX = 1000

Fate = Literal["new", "there", "refused", "passed_over"]


class Line(NamedTuple):
    """A row as it is shown: `says` is what it would write, or why it is passed over."""

    row: str
    label: str
    fate: Fate
    says: str


class Tally:
    """Counts of rows by what becomes of them, and of entries by type."""

    def __init__(self) -> None:
        self.rows: Counter[Fate] = Counter()
        self.new: Counter[str] = Counter()
        self.there: Counter[str] = Counter()
        self.lines: list[Line] = []
        self.refusals: list[Refusal] = []

    def take(self, planned: Planned) -> None:
        """Count one row."""
        fate = fate_of(planned)
        self.rows[fate] += 1
        for new in planned.new:
            self.new[new.type] += 1
        for type_ in planned.there:
            self.there[type_] += 1
        if planned.refusal is not None and len(self.refusals) < REFUSALS_KEPT_MAX:
            self.refusals.append(planned.refusal)
        if fate != "refused" and len(self.lines) < ROWS_KEPT_MAX:
            self.lines.append(Line(planned.row.place, planned.row.label, fate, _says(planned, fate)))

    @property
    def refused(self) -> int:
        """How many rows are refused."""
        return self.rows["refused"]

    @property
    def entries(self) -> int:
        """How many entries are new."""
        return self.new.total()


def fate_of(planned: Planned) -> Fate:
    """What becomes of a row."""
    if planned.refusal is not None:
        return "refused"
    if planned.row.passed_over:
        return "passed_over"
    return "new" if planned.new else "there"


def _says(planned: Planned, fate: Fate) -> str:
    if fate == "passed_over":
        return planned.row.passed_over
    words = [text for new in planned.new if (text := _said(new, planned.row.label))]
    return " · ".join(words) or ", ".join(dict.fromkeys(new.type.partition(".")[0] for new in planned.new))


def _said(new: New, label: str) -> str:
    """What an entry says beyond the row's label and the id it is about."""
    values = {name: value for name, value in new.values.items() if name != new.type.partition(".")[0]}
    return ", ".join(said(new.type, values, Named("", "", label)))
