"""The pod, and who may see what."""

from typing import Any, Literal

import msgspec

from milepost_client.cli.shapes.shape import Day, Shape, Thing


class Figure(Shape):
    """A disclosed figure."""

    state: Literal["value", "no_data", "hidden", "pending"]
    value: int | str | None = None


class WeekFigures(Shape):
    week: str
    figures: dict[str, Figure]


class Totals(Shape):
    """A pod's totals. `state`: none_yet, shown or closed."""

    state: str
    week: str | None
    as_of: str | None
    next_at: str | None
    figures: dict[str, Figure]
    earlier: list[WeekFigures]


class Pod(Shape):
    """pod/1, as the server said it on `said_on`. `summary` is null before it was asked; `start`, `at`: UTC."""

    said_on: Day
    pod: dict[str, str]
    cohort: dict[str, str]
    members: list[dict[str, Any]]
    leads: list[dict[str, Any]]
    sessions: list[dict[str, Any]]
    requests: list[dict[str, Any]]
    wins: list[dict[str, Any]]
    summary: Totals | None


class Grant(Shape):
    audience: str
    scope: str
    id: str
    families: list[str]
    since: Day
    until: Day
    wording: int


class Seen(Shape):
    """What an audience gets: by name the `card` that the server shows, else what is `added` into a total."""

    audience: str
    card: dict[str, Any] | None
    added: dict[str, Any] | None


class Share(Shape):
    """share/1. `seen` with --as: what that audience gets."""

    grants: list[Grant]
    as_: str | None = msgspec.field(name="as", default=None)
    seen: Seen | None = None


class Answered(Shape):
    """`at` is an instant in UTC."""

    text: str
    by_name: str
    at: str


class Request(Thing):
    """A request for help. `name` is its sentence, `about` what it names.

    left_behind: it was asked in a pod that one is in no more, and nobody reads it.
    """

    to: Literal["pod", "lead"]
    kind: Literal["unblock", "feedback", "mentor", "peer", "other"]
    asked_on: Day
    state: Literal["open", "answered", "left_behind", "solved", "withdrawn"]
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


class Lead(Shape):
    """lead/1: an act of somebody who leads, and what the server answered."""

    act: str
    says: str
    id: str | None
    answer: dict[str, Any]


class Invite(Shape):
    """invite/1: a code, shown once."""

    id: str | None
    code: str
    role: str
    scope: str
    target: str
    expires: str


class Invites(Shape):
    """invites/1."""

    invites: list[dict[str, Any]]


class WaitingRequests(Shape):
    """waiting/1: the requests that a lead may answer."""

    requests: list[dict[str, Any]]


class Pods(Shape):
    """pods/1: the pods that one leads, as the server's page has them."""

    pods: list[dict[str, Any]]


class Sessions(Shape):
    """sessions/1: the sessions of the pods that one leads, by their start, which is an instant in UTC."""

    sessions: list[dict[str, Any]]


class AuditRows(Shape):
    """seen/1: the rows of the server's audit log that are about the member, newest first; `at` is an instant in UTC.

    `has_older`: there are more, for --all.
    """

    rows: list[dict[str, Any]]
    has_older: bool


SHAPES: dict[str, type[Shape]] = {
    "pod/1": Pod,
    "share/1": Share,
    "seen/1": AuditRows,
    "sessions/1": Sessions,
    "dashboard/1": Dashboard,
    "lead/1": Lead,
    "invite/1": Invite,
    "invites/1": Invites,
    "waiting/1": WaitingRequests,
    "pods/1": Pods,
    "requests/1": Requests,
}
