"""What there is of a kind."""

from milepost_client.cli.shapes.shape import Shape, Thing


class Goals(Shape):
    """goals/1."""

    goals: list[Thing]


class Milestones(Shape):
    """milestones/1."""

    milestones: list[Thing]


class Skills(Shape):
    """skills/1."""

    skills: list[Thing]


class Metrics(Shape):
    """metrics/1."""

    metrics: list[Thing]


SHAPES: dict[str, type[Shape]] = {
    "goals/1": Goals,
    "milestones/1": Milestones,
    "skills/1": Skills,
    "metrics/1": Metrics,
}
