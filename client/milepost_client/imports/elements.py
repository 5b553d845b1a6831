"""The elements of a JSON array, one at a time: an export of years is never held whole."""

from collections.abc import Callable, Iterator, Mapping
from json import JSONDecoder
from typing import Any, TextIO

from milepost.errors import UsageError
from milepost_client.imports.source import Source
from milepost_client.imports.wanted import CellRefused, Row

CHUNK_LENGTH = 1 << 16
# An element that goes on for longer is no task and no interval.
ELEMENT_LENGTH_MAX = 1 << 20
_DECODER = JSONDecoder()
_BETWEEN = " \t\r\n,"


def elements(source: Source) -> Iterator[object]:
    """The elements of the array that a source holds; or its objects, where it holds them one after the other.

    Raises UsageError where it holds something else.
    """
    with source.text() as text:
        first = _first(text)
        if first not in ("[", "{"):
            raise _not_json(source, "it does not begin with [" if first else "it is empty")
        # Without brackets around them objects stand one after the other, as some programs write them.
        is_array = first == "["
        pending = "" if is_array else first
        number = 0
        while (chunk := text.read(CHUNK_LENGTH)) or pending:
            pending = (pending + chunk).lstrip(_BETWEEN)
            while pending:
                if is_array and pending.startswith("]"):
                    return
                try:
                    element, end = _DECODER.raw_decode(pending)
                except (ValueError, RecursionError) as error:
                    if chunk and len(pending) <= ELEMENT_LENGTH_MAX:
                        break
                    raise _not_json(source, f"element {number + 1}: {error}") from None
                number += 1
                yield element
                pending = pending[end:].lstrip(_BETWEEN)
            if not chunk and not pending:
                break
    if not is_array:
        return
    raise _not_json(source, "it does not end with ]")


Element = Mapping[str, Any]


def rows_of(
    source: Source, noun: str, export: str, label: Callable[[Element], str], row: Callable[[str, str, Element], Row]
) -> Iterator[Row]:
    """A row an element, in order; one that cannot be read is a refusal, and the others go on.

    `row` is given the place, the label and the element. `export` is the command that makes such a file again.
    """
    for number, element in enumerate(elements(source), 1):
        place = str(number)
        if not isinstance(element, dict):
            yield CellRefused("", noun, f"it is no {noun}", f"export it again: {export}").row(place, "")
            continue
        said = label(element)
        try:
            yield row(place, said, element)
        except CellRefused as refused:
            yield refused.row(place, said)


def _first(text: TextIO) -> str:
    """The next character that is no space; empty where there is none."""
    while (character := text.read(1)).isspace():
        pass
    return character


def _not_json(source: Source, reason: str) -> UsageError:
    return UsageError(
        f"{source.name} is not a list in JSON: {reason}", code="not_json", field="file", remedy="export it again"
    )
