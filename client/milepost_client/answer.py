"""What a command answers, and how it is written: for people, as plain records, or as one JSON object.

stdout carries the result, stderr the talk. Commands return an `Answer` and print nothing themselves, so every one of
them has `--json`, `--plain`, `-q` and `-v` without knowing it. Standard library only: the fast path prints through it.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence

from milepost.errors import MilepostError
from milepost.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import TextIO

WIDTH_MIN = 60
WIDTH_MAX = 200


class Flags(NamedTuple):
    """The flags that every command has, wherever they stand on the line."""

    json: bool = False
    plain: bool = False
    quiet: bool = False
    verbose: bool = False
    no_color: bool = False
    no_input: bool = False
    yes: bool = False
    debug: bool = False


FLAGS = {
    "--json": "json",
    "--plain": "plain",
    "-q": "quiet",
    "--quiet": "quiet",
    "-v": "verbose",
    "--verbose": "verbose",
    "--no-color": "no_color",
    "--no-input": "no_input",
    "--yes": "yes",
    "-y": "yes",
    "--debug": "debug",
}

FLAG_HELP = (
    ("--json", "one JSON object instead of text"),
    ("--plain", "a record a line, tabs between fields"),
    ("-q, --quiet", "the result only, without talk"),
    ("-v, --verbose", "more"),
    ("--no-color", "no colours"),
    ("--no-input", "never ask"),
    ("-y, --yes", "yes to every question that guards something destructive"),
    ("--debug", "a traceback when something breaks, for a bug report"),
)


class Warn(NamedTuple):
    """Something the member should know, though the command did its work."""

    code: str
    message: str
    field: str | None = None
    remedy: str = ""


class Look:
    """How lines may look here: colour, and so many columns."""

    __slots__ = ("color", "width")

    def __init__(self, color: bool = False, width: int = 80) -> None:
        self.color = color
        self.width = min(max(width, WIDTH_MIN), WIDTH_MAX)

    def paint(self, text: str, style: str) -> str:
        """`text` in one of the styles good, bad, note, dim, bold. Never the only sign of what it says."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.color and text else text


# Lines end; and letters and pictures are joined or kept apart by two signs that no terminal obeys.
_KEPT = "\n\u200c\u200d"
_STYLES = {"good": "32", "bad": "31", "note": "33", "dim": "2", "bold": "1"}

Text = Callable[[Look], Sequence[str]]
"""The lines for people, made when it is known how wide and colourful they may be."""


class Answer(NamedTuple):
    """One command's result. `schema` is its name and version, as `status/1`; `records` are the rows of `--plain`.

    `talk` goes to stderr, and nowhere when quiet.
    """

    schema: str
    data: Mapping[str, object]
    text: Text
    records: Sequence[Sequence[object]] = ()
    warnings: Sequence[Warn] = ()
    talk: Sequence[str] = ()
    exit_code: int = 0


def take_flags(argv: Sequence[str]) -> tuple[Flags, list[str]]:
    """The flags every command has, taken out of `argv` up to `--`, and what is left."""
    given: dict[str, bool] = {}
    rest: list[str] = []
    for number, typed in enumerate(argv):
        if typed == "--":
            rest += argv[number:]
            break
        if typed in FLAGS:
            given[FLAGS[typed]] = True
        else:
            rest.append(typed)
    return Flags(**given), rest


def write(answer: Answer, flags: Flags, color: str = "auto") -> int:
    """Print `answer` as `flags` ask; the exit code."""
    if flags.json:
        _print(sys.stdout, [_json(answer.schema, answer.data, answer.warnings, None)])
        return answer.exit_code
    if flags.plain:
        _print(sys.stdout, ["\t".join(map(_field, record)) for record in answer.records])
    else:
        _print(sys.stdout, answer.text(look(sys.stdout, flags, color)))
    if not flags.quiet:
        err = look(sys.stderr, flags, color)
        lines = [f"{err.paint('note:', 'note')} {_sentence(warn.message, warn.remedy)}" for warn in answer.warnings]
        _print(sys.stderr, [*lines, *(err.paint(clean(line), "dim") for line in answer.talk)])
    return answer.exit_code


def write_error(error: MilepostError, flags: Flags, color: str = "auto") -> int:
    """Say what went wrong in one sentence, on stderr or as the JSON error object; the exit code."""
    if flags.json:
        about = {"code": error.code, "field": error.field, "message": error.message, "remedy": error.remedy or None}
        _print(sys.stdout, [_json("error/1", None, (), about)])
    else:
        err = look(sys.stderr, flags, color)
        _print(sys.stderr, [f"{err.paint('milepost:', 'bad')} {_sentence(error.message, error.remedy)}"])
    return error.exit_code


def look(stream: "TextIO", flags: Flags, color: str) -> Look:
    """What `stream` can show: colour only on a terminal that wants it, its width, else 80 columns."""
    is_terminal = stream.isatty()
    width = int(os.environ["COLUMNS"]) if os.environ.get("COLUMNS", "").isdigit() else 80
    if is_terminal and "COLUMNS" not in os.environ:
        try:
            width = os.get_terminal_size(stream.fileno()).columns
        except OSError:
            width = 80
    wanted = is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Look(not flags.no_color and (color == "always" or (color == "auto" and wanted)), width)


def clean(text: str) -> str:
    """`text` without anything that a terminal would obey: entries may come from other programs and older builds."""
    if text.isprintable():
        return text
    return "".join(kept if kept.isprintable() or kept in _KEPT else "�" for kept in text)


def _sentence(message: str, remedy: str) -> str:
    return clean(f"{message}; {remedy}" if remedy else message)


def _field(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return clean(str(value)).replace("\t", " ").replace("\n", " ")


def _json(
    schema: str, data: Mapping[str, object] | None, warnings: Sequence[Warn], error: Mapping[str, object] | None
) -> str:
    # Imported here: it brings `re` and `enum`, and lines for people need neither.
    from json import dumps

    noted = [warn._asdict() | {"remedy": warn.remedy or None} for warn in warnings]
    whole = {"schema": f"milepost.{schema}", "data": data, "warnings": noted, "error": error}
    return dumps(whole, ensure_ascii=not is_unicode(sys.stdout))


def is_unicode(stream: "TextIO") -> bool:
    """Whether a stream takes every character: in the C locale, and in code pages, it takes few."""
    return (stream.encoding or "utf-8").lower().startswith("utf")


def _print(stream: "TextIO", lines: Sequence[str]) -> None:
    if lines:
        stream.write("\n".join(lines) + "\n")
