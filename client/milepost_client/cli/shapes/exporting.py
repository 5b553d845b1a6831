"""What was exported."""

from milepost_client.cli.shapes.shape import Shape


class Export(Shape):
    """export/1: the format, where it was written, and how many of what."""

    format: str
    path: str
    counts: dict[str, int]


SHAPES: dict[str, type[Shape]] = {"export/1": Export}
