"""What was exported."""

from milepost_client.cli.shapes.shape import Shape


class Export(Shape):
    """export/1: the format, where it was written, and how many of what."""

    format: str
    path: str
    counts: dict[str, int]


class WritableFormat(Shape):
    """A format that can be written."""

    name: str
    says: str
    example: str


class ExportFormats(Shape):
    """export_formats/1."""

    formats: list[WritableFormat]


SHAPES: dict[str, type[Shape]] = {"export/1": Export, "export_formats/1": ExportFormats}
