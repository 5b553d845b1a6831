"""Pictures as SVG: what a page shows without a script, a font or a request, in the colours its style sheet says.

Elements carry classes, never colours, so that one picture is right in light, in dark and on paper.
"""

from milepost_client.render.markup import Markup, element, joined, text

WIDTH = 860
LABEL_ROOM = 220
ROW = 28


def picture(title: str, description: str, height: float, *inside: Markup, width: int = WIDTH) -> Markup:
    """A whole picture, with its name and what it shows for whoever does not see it."""
    return element(
        "svg",
        element("title", text(title)),
        element("desc", text(description)),
        joined(inside),
        viewBox=f"0 0 {width} {height:g}",
        role="img",
        aria_label=f"{title}. {description}",
        style=f"min-width: {width * 2 // 3}px",
    )


def label(words: str, x: float, y: float, class_: str = "label", anchor: str | None = None) -> Markup:
    """A line of text whose foot is at `y`."""
    return element("text", text(words), x=_at(x), y=_at(y), class_=class_, text_anchor=anchor)


def box(x: float, y: float, width: float, height: float, class_: str, radius: float = 3) -> Markup:
    """A rectangle with round corners."""
    sides = {"x": _at(x), "y": _at(y), "width": _at(max(0, width)), "height": _at(max(0, height))}
    return element("rect", **sides, rx=radius, class_=class_)


def rule(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return element("line", x1=_at(x1), y1=_at(y1), x2=_at(x2), y2=_at(y2), class_=class_)


def dot(x: float, y: float, radius: float, class_: str) -> Markup:
    """A circle."""
    return element("circle", cx=_at(x), cy=_at(y), r=radius, class_=class_)


def _at(number: float) -> str:
    """A coordinate; a tenth is as fine as a screen draws."""
    return f"{number:.1f}".removesuffix(".0")
