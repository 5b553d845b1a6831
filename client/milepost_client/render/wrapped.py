"""Sentences that fit their terminal: wrapped between words; a command to copy is never broken."""

import re
from collections.abc import Iterable, Sequence

from milepost_client.answer import Look, clean
from milepost_client.render.columns import HELD, broken, width
from milepost_client.render.table import GAP

_INDENT = "  "
# The last column of a line begins after its last wide gap.
_COLUMN = re.compile(r".*\S {2,}(?=\S)")


def wrapped(text: str, look: Look) -> list[str]:
    """The lines of a sentence; those after the first stand in. A command that ends it stays whole."""
    said, mark, command = clean(text).rpartition(": mp ")
    held = said + mark.replace(" mp ", f" mp{HELD}") + (command.replace(" ", HELD) if mark else command)
    return broken(held, look.width, hang=_INDENT, breaks_words=False)


def parts(said: Sequence[str], look: Look, between: str = " · ") -> list[str]:
    """Short statements in a row, in as many lines as they need; none is broken over two."""
    lines = list(said[:1])
    for part in said[1:]:
        longer = f"{lines[-1]}{between}{part}"
        if width(longer) <= look.width:
            lines[-1] = longer
        else:
            lines.append(_INDENT + part)
    return lines


def reflowed(lines: Iterable[str], look: Look) -> list[str]:
    """Lines of help at this width: what is too long goes on below its own column."""
    return [part for line in lines for part in _reflowed(line, look.width)]


def _reflowed(line: str, room: int) -> list[str]:
    if width(line) <= room:
        return [line]
    column = _COLUMN.match(line)
    place = column.end() if column and column.end() <= room // 2 else 0
    head, hang = line[:place], " " * place
    if not place:
        head = line[: len(line) - len(line.lstrip())]
        # An example stands in; what is further in goes on a column already.
        hang = head + _INDENT if head == _INDENT else head
    first, *rest = broken(line[len(head) :], room - len(hang), breaks_words=False)
    return [head + first, *(hang + part for part in rest)]


def with_command(message: str, command: str, look: Look) -> list[str]:
    """What is to be done and the command that does it: in one line, or the command in a line of its own."""
    shown = look.paint(command, "dim")
    message = clean(message)
    if width(message) + len(GAP) + width(command) <= look.width:
        return [f"{message}{GAP}{shown}"]
    return [*wrapped(message, look), f"{_INDENT}{shown}"]
