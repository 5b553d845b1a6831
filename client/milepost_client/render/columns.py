"""Text by the columns that it takes on a terminal: measured, cut, and broken into lines.

A character is not a column: Japanese and emoji take two, a combining mark none, and several characters joined to one
picture are as wide as one. Whatever is laid out counts here, or it stands crooked for whoever writes another script.
"""

import re
from collections.abc import Iterator
from unicodedata import category, east_asian_width

HELD = "\0"
"""Stands for a space at which no line may break."""

_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
# They belong to the glyph before them: vowels and finals of Korean syllables, the tones of skin.
_ADDED = (("\u1160", "\u11ff"), ("\U0001f3fb", "\U0001f3ff"))
# After it a compound word is broken, rather than anywhere.
_HYPHEN = re.compile(r"(?<=[^\W\d]-)(?=[^\W\d])")
# No line begins with what closes the one before.
_CLOSING = frozenset("、。，．・：；！？）］｝」』】〕〉》ー…")


def glyphs(text: str) -> Iterator[str]:
    """The characters that are drawn as one, together."""
    glyph = ""
    for character in text:
        if glyph and (_is_added(character) or glyph[-1] == _JOINER):
            glyph += character
            continue
        if glyph:
            yield glyph
        glyph = character
    if glyph:
        yield glyph


def _is_added(character: str) -> bool:
    if character.isascii():
        return False
    return (
        category(character) in ("Mn", "Me")
        or character in (_JOINER, "\u200c")
        or any(first <= character <= last for first, last in _ADDED)
    )


def width(text: str) -> int:
    """The columns that `text` takes on a terminal."""
    return len(text) if text.isascii() else sum(map(_width_of, glyphs(text)))


def _width_of(glyph: str) -> int:
    if _is_added(glyph[0]):
        return 0
    return 2 if _EMOJI_STYLE in glyph or east_asian_width(glyph[0]) in "WF" else 1


def shortened(text: str, room: int) -> str:
    """`text` in at most `room` columns, an ellipsis where something was left out."""
    if width(text) <= room:
        return text
    kept, taken = "", 0
    for glyph in glyphs(text):
        taken += _width_of(glyph)
        if taken > room - 1:
            break
        kept += glyph
    return kept.rstrip() + "…"


def padded(text: str, room: int, *, is_right: bool = False) -> str:
    """`text` with spaces up to `room` columns, after it or before it."""
    spaces = " " * (room - width(text))
    return spaces + text if is_right else text + spaces


def broken(text: str, room: int, *, hang: str = "", breaks_words: bool = True) -> list[str]:
    """`text` in lines of at most `room` columns, those after the first behind `hang`.

    Lines break between words, and between characters of scripts that have no spaces. A word that is too wide for any
    line is broken only where `breaks_words`: an address or a command is copied whole, however wide.
    """
    lines, is_begun = [""], False
    for word in text.split():
        for number, piece in enumerate(_pieces(word, room - len(hang), breaks_words=breaks_words)):
            gap = " " if is_begun and not number else ""
            if is_begun and width(lines[-1]) + len(gap) + width(piece) > room:
                lines.append(hang)
                gap = ""
            lines[-1] += gap + piece
            is_begun = True
    return [line.replace(HELD, " ") for line in lines]


def _pieces(word: str, room: int, *, breaks_words: bool) -> Iterator[str]:
    """The parts of a word between which a line may break."""
    if word.isascii() and (width(word) <= room or HELD in word or not breaks_words):
        yield word
        return
    if len(parts := _HYPHEN.split(word)) > 1 and breaks_words and HELD not in word:
        for part in parts:
            yield from _pieces(part, room, breaks_words=True)
        return
    piece = ""
    for glyph in glyphs(word):
        is_wide = _width_of(glyph) > 1 and glyph not in _CLOSING and HELD not in word
        is_full = breaks_words and HELD not in word and width(piece + glyph) > room
        if piece and (is_full or is_wide):
            yield piece
            piece = ""
        piece += glyph
    if piece:
        yield piece
