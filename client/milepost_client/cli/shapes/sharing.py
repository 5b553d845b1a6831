"""The pod, and who may see what."""

from typing import Any, Literal

import msgspec

from milepost_client.cli.shapes.shape import Day, Shape, Thing


class Figure(Shape):
    """A disclosed figure."""

    state: Literal["value", "no_data", "hidden", "pending"]
    value: int | str | None = None


class Pod(Shape):
    """pod/1. `summary` is null before a week was added up."""

    said_on: Day
    pod: dict[str, str]
    cohort: dict[str, str]
    members: list[dict[str, Any]]
    summary: dict[str, Any] | None


class Grant(Shape):
    audience: str
    scope: str
    id: str
    families: list[str]
    since: Day
    until: Day
    wording: int


class Share(Shape):
    """share/1. `seen` with --as: what that audience gets."""

    grants: list[Grant]
    as_: str | None = msgspec.field(name="as", default=None)
    seen: dict[str, Any] | None = None


class Answered(Shape):
    """`at` is an instant in UTC."""

    text: str
    by_name: str
    at: str


class Request(Thing):
    """A request for help. `name` is its sentence, `about` what it names."""

    to: Literal["pod", "lead"]
    kind: Literal["unblock", "feedback", "mentor", "peer", "other"]
    asked_on: Day
    state: Literal["open", "answered", "solved", "withdrawn"]
    about: list[dict[str, str]]
    answers: list[Answered]


class Requests(Shape):
    """requests/1: the member's own."""

    requests: list[Request]


class Dashboard(Shape):
    """dashboard/1: an address that works once, until the instant `expires`."""

    url: str
    expires: str
    opened: bool


SHAPES: dict[str, type[Shape]] = {
    "pod/1": Pod,
    "share/1": Share,
    "dashboard/1": Dashboard,
    "requests/1": Requests,
}
