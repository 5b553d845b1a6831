"""An import for people and as JSON: what would be written, or was, row by row, and every refusal with its remedy."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple

from milepost_client.answer import Answer, Look, Warn, clean
from milepost_client.imports.apply import Imported
from milepost_client.imports.formats import Format, Reading
from milepost_client.imports.source import Source
from milepost_client.imports.tally import Fate, Line, Tally
from milepost_client.imports.wanted import Refusal
from milepost_client.render.counted import counted
from milepost_client.render.table import blocks

LINES_SHOWN_MAX = 20
REFUSED_EXIT = 5
_MARKS: dict[Fate, str] = {"new": "+", "there": "=", "passed_over": "·", "refused": "!"}
_STYLES: dict[Fate, str] = {"new": "good", "there": "dim", "passed_over": "dim", "refused": "bad"}


class Outcome(NamedTuple):
    """An import that was looked at or written. `typed` is the line that looks at it."""

    format: Format
    source: Source
    reading: Reading
    done: Imported
    skips_refused: bool
    typed: str
    unsent: int

    @property
    def tally(self) -> Tally:
        """What it comes to."""
        return self.done.tally

    @property
    def is_written(self) -> bool:
        """Whether anything was written."""
        return self.done.first is not None

    @property
    def is_refused(self) -> bool:
        """Whether what is refused keeps the rest from being written."""
        return bool(self.tally.refused) and not self.skips_refused


def answer(outcome: Outcome) -> Answer:
    """The answer of `mp import`."""
    tally = outcome.tally
    types = sorted({*tally.new, *tally.there})
    data = {
        "format": outcome.format.name,
        "source": outcome.source.name,
        "written": outcome.is_written,
        "rows": {fate: tally.rows[fate] for fate in _MARKS},
        "entries": [{"type": type_, "new": tally.new[type_], "there": tally.there[type_]} for type_ in types],
        "lines": [line._asdict() for line in tally.lines],
        "refusals": [refusal._asdict() for refusal in tally.refusals],
        "notes": list(outcome.reading.notes),
        "first": outcome.done.first,
    }
    records: list[Sequence[object]] = [(line.fate, line.row, line.label, line.says) for line in tally.lines]
    records += [("refused", one.row, one.column, one.rule, one.message) for one in tally.refusals]
    return Answer(
        "import/1",
        data,
        lambda look: list(_text(outcome, look)),
        records,
        list(_warnings(outcome)),
        (_next(outcome),),
        REFUSED_EXIT if outcome.is_refused else 0,
    )


def _text(outcome: Outcome, look: Look) -> Iterator[str]:
    tally = outcome.tally
    yield look.paint(f"{outcome.source.name}: {counted(tally.rows.total(), outcome.reading.noun)}", "bold")
    for note in outcome.reading.notes:
        yield from (look.paint(line, "dim") for line in _indented(note, look))
    yield from _lines(tally, look)
    if tally.refusals:
        yield ""
    for refusal in tally.refusals[:LINES_SHOWN_MAX]:
        yield from _refused(refusal, outcome.reading.noun, look)
    yield from _more(tally.refused - LINES_SHOWN_MAX, look)
    yield ""
    yield from _sum(outcome, look)


def _indented(text: str, look: Look) -> list[str]:
    return [f"  {line}" for line in wrap(clean(text).replace("\n", " "), look.width - 2)]


def _lines(tally: Tally, look: Look) -> Iterator[str]:
    shown = tally.lines[:LINES_SHOWN_MAX]
    if shown:
        yield ""
        rows = [(_MARKS[line.fate], line.row, line.label, _says(line)) for line in shown]
        for block, line in zip(blocks(rows, look), shown, strict=True):
            yield from (look.paint(text, _STYLES[line.fate]) for text in block)
    yield from _more(tally.rows.total() - tally.refused - LINES_SHOWN_MAX, look)


def _says(line: Line) -> str:
    return "already there" if line.fate == "there" else line.says


def _more(count: int, look: Look) -> Iterator[str]:
    if count > 0:
        yield look.paint(f"  and {count} more", "dim")


def _refused(refusal: Refusal, noun: str, look: Look) -> Iterator[str]:
    """Row, column, sentence and rule, then what to do: wrapped, for what is cut off cannot be followed."""
    row = f"{noun} {refusal.row}" if refusal.row.isdigit() else refusal.row
    where = f"{row}, {refusal.column}" if refusal.column else row
    first, *rest = _indented(f"{where}: {refusal.message} ({refusal.rule})", look)
    yield f"{look.paint(_MARKS['refused'], 'bad')} {first.lstrip()}"
    yield from rest
    yield from (look.paint(line, "dim") for line in _indented(refusal.remedy, look))


def _sum(outcome: Outcome, look: Look) -> Iterator[str]:
    tally = outcome.tally
    yield " · ".join(_counts(tally))
    entries = counted(tally.entries, "entry", "entries")
    if outcome.is_written:
        yield f"{look.paint('✓', 'good')} {entries} written, saved here, {outcome.unsent} to sync"
    elif outcome.is_refused:
        yield look.paint(f"nothing is written, for {counted(tally.refused, 'row')} refused", "bad")
    elif tally.entries:
        yield f"nothing is written yet: {entries} would be"
    else:
        yield "nothing is new, nothing was written"


def _counts(tally: Tally) -> Iterator[str]:
    words: dict[Fate, str] = {
        "new": "new",
        "there": "already there",
        "passed_over": "passed over",
        "refused": "refused",
    }
    for fate, word in words.items():
        if tally.rows[fate] or fate == "new":
            yield f"{tally.rows[fate]} {word}"


def _warnings(outcome: Outcome) -> Iterator[Warn]:
    if outcome.source.is_guessed:
        remedy = "where letters look wrong, save it as CSV UTF-8"
        yield Warn("encoding", f"{outcome.source.name} is not UTF-8 and is read as Windows-1252", "file", remedy)


def _next(outcome: Outcome) -> str:
    if outcome.is_written:
        return f"next: {outcome.reading.next} · undo: mp undo"
    if not outcome.tally.entries:
        return "mend the rows above and run it again" if outcome.is_refused else f"next: {outcome.reading.next}"
    what = "the rest" if outcome.tally.refused else "it"
    skipping = " --skip-refused" if outcome.tally.refused else ""
    again = "pipe it again into " if outcome.source.is_stdin else ""
    return f"to write {what}: {again}{outcome.typed} --apply{skipping}"
