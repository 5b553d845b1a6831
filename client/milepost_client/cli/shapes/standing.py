"""How things stand."""

from typing import Any

import msgspec

from milepost_client.cli.shapes.shape import Day, Shape, Subject, Thing


class Nudge(Shape):
    code: str
    message: str
    command: str


class Today(Shape):
    """today/1. `empty` is there, and true, before the first entry; then nothing else is."""

    today: Day
    empty: bool = False
    focus: str | None = None
    role: Subject | None = None
    goals: list[Thing] = msgspec.field(default_factory=list)
    milestones: list[Thing] = msgspec.field(default_factory=list)
    nudges: list[Nudge] = msgspec.field(default_factory=list)
    inbox: int = 0
    unsent: int = 0
    server: str | None = None
    words_saved: bool = True
    erased: bool = False


class Counts(Shape):
    planned: int
    started: int
    blocked: int
    completed: int
    stopped: int
    total: int


class Status(Shape):
    """status/1. `digests` only with -v; `empty` before the first entry."""

    as_of: Day | None = None
    today: Day | None = None
    empty: bool = False
    focus: str | None = None
    role: Subject | None = None
    milestone_counts: Counts | None = None
    goal_counts: dict[str, int] = msgspec.field(default_factory=dict)
    milestones: list[Thing] = msgspec.field(default_factory=list)
    goals_open: list[Thing] = msgspec.field(default_factory=list)
    skills: list[Thing] = msgspec.field(default_factory=list)
    metrics: list[dict[str, Any]] = msgspec.field(default_factory=list)
    people: dict[str, Any] = msgspec.field(default_factory=dict)
    weeks: list[dict[str, Any]] = msgspec.field(default_factory=list)
    nudges: list[Nudge] = msgspec.field(default_factory=list)
    inbox: int = 0
    digests: dict[str, str] | None = None
    unsent: int = 0
    server: str | None = None
    words_saved: bool = True
    erased: bool = False


class Trend(Shape):
    """trend/1: weeks are logged, unlogged or pause; a line's values are null where a week has none."""

    as_of: Day
    weeks: list[dict[str, Any]]
    lines: list[dict[str, Any]]


class Due(Shape):
    """due/1: what `status --due` shows."""

    nudges: list[Nudge]


class NewAnswer(Shape):
    """An answer to an open request. `is_new` until the inbox has shown it; `at` is an instant in UTC."""

    help: str
    request: str | None
    text: str
    by_name: str
    at: str
    is_new: bool


class NewReader(Shape):
    """Somebody new who may read by name what is shared with `audience`."""

    name: str
    audience: str
    scope: str
    since: str | None


class Offer(Shape):
    """A place that was offered and is not taken."""

    pod: str
    pod_name: str
    cohort_name: str


class LeftRequest(Shape):
    """An open request that nobody reads, asked in a pod that one is in no more; `text` is null where taken back."""

    help: str
    to: str
    text: str | None


class Inbox(Shape):
    """inbox/1: what waits for the member."""

    conflicts: list[dict[str, Any]]
    likely_doubles: list[dict[str, Any]]
    set_aside: list[dict[str, Any]]
    unread: list[dict[str, Any]]
    unknown: int
    left_out: list[str]
    answers: list[NewAnswer] = msgspec.field(default_factory=list)
    readers: list[NewReader] = msgspec.field(default_factory=list)
    offer: Offer | None = None
    removed_from: str | None = None
    left_requests: list[LeftRequest] = msgspec.field(default_factory=list)


SHAPES: dict[str, type[Shape]] = {
    "today/1": Today,
    "status/1": Status,
    "trend/1": Trend,
    "due/1": Due,
    "inbox/1": Inbox,
}
