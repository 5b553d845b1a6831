"""Evidence of every sort."""

from typing import Any

from milepost_client.cli.shapes.shape import Shape, Thing


class Term(Thing):
    samples: list[dict[str, Any]]
    percent: int
    says: str


class Demand(Shape):
    """demand/1: the most asked for first."""

    terms: list[Term]


class Artifacts(Shape):
    """artifacts/1: the portfolio."""

    artifacts: list[Thing]


class Credentials(Shape):
    """credentials/1."""

    credentials: list[Thing]


class Impact(Thing):
    bullet: str
    traces: list[dict[str, Any]]
    missing: int


class Impacts(Shape):
    """impacts/1: `readings` are those they rest on, each once; `missing` of an impact were taken back."""

    impacts: list[Impact]
    readings: int


class Narratives(Shape):
    """narratives/1: `reach` and `outcomes` (counts by kind) hang off the narratives, or off what those belong to."""

    narratives: list[Thing]
    reach: list[dict[str, Any]]
    outcomes: dict[str, int]


class OutcomeKind(Shape):
    kind: str
    count: int
    contacts: list[str]
    recorded: list[dict[str, Any]]


class Outcomes(Shape):
    """outcomes/1: each kind on its own."""

    outcomes: list[OutcomeKind]


class Offerings(Shape):
    """offerings/1: `amount` is in minor units, `price` as people write it."""

    offerings: list[Thing]


class Pay(Shape):
    """pay/1."""

    changes: list[dict[str, Any]]


class Evidence(Shape):
    """evidence/1: how much there is of each kind."""

    counts: dict[str, int]
    public: int
    readings: int
    outcomes: dict[str, int]


class Sum(Shape):
    """Weighted scores; `total` is null while a factor is not scored."""

    total: int | None
    possible: int
    scored: int
    factors: int
    is_complete: bool


SHAPES: dict[str, type[Shape]] = {
    "demand/1": Demand,
    "artifacts/1": Artifacts,
    "credentials/1": Credentials,
    "impacts/1": Impacts,
    "narratives/1": Narratives,
    "outcomes/1": Outcomes,
    "offerings/1": Offerings,
    "pay/1": Pay,
    "evidence/1": Evidence,
}
