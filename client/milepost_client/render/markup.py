"""Markup: HTML and SVG as text that was escaped, and cannot be mixed up with text that was not.

Only `text` and `element` make a `Markup`, so the type checker finds whatever a member typed that was not escaped.
"""

from collections.abc import Iterable
from html import escape
from typing import NewType

Markup = NewType("Markup", str)
NOTHING = Markup("")
_VOID = frozenset(("meta", "br", "hr", "line", "rect", "circle", "path"))


def text(value: object) -> Markup:
    """What a person reads, escaped."""
    return Markup(escape(str(value)))


def element(name: str, /, *inside: Markup, **attributes: object) -> Markup:
    """`<name attribute="...">inside</name>`.

    Attributes that are None are left out; `class_` is `class`, `stroke_width` is `stroke-width`.
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{said}/>")
    return Markup(f"<{name}{said}>{''.join(inside)}</{name}>")


def joined(parts: Iterable[Markup]) -> Markup:
    """Parts one after the other, a line each."""
    return Markup("\n".join(parts))
