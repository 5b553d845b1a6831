"""The page of the member's pod as the server gave it last: who is there, its sessions, wins, requests and totals.

Kept whole, as the server said it, so that it can be read offline and an older Milepost loses nothing of it.
"""

from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from milepost.errors import RemoteProtocolError
from milepost_client.store.log import Log

PAGE = "pod.page"
SUMMARY = "pod.totals"
_NOTHING = b"null"


class Cohort(msgspec.Struct, frozen=True):
    """The cohort of the pod. Weeks are cut in its zone."""

    id: str
    name: str
    start: str
    end: str
    zone: str


class Person(msgspec.Struct, frozen=True):
    """Somebody in the pod, under the name they chose there."""

    name: str
    me: bool = False


class Reader(msgspec.Struct, frozen=True):
    """Who may read by name what is shared with `lead`: the leads of the pod and of its cohort."""

    name: str
    scope: str = "pod"
    since: str | None = None


class Session(msgspec.Struct, frozen=True):
    """A session of a pod; `start` is an instant in UTC."""

    id: str
    start: str
    minutes: int
    state: Literal["scheduled", "held", "cancelled"]
    pod: str = ""
    pod_name: str = ""


class Words(msgspec.Struct, frozen=True):
    """Something said to the pod, such as a win."""

    name: str
    text: str
    at: str


class Answered(msgspec.Struct, frozen=True):
    """What a lead answered."""

    text: str
    by_name: str
    at: str


class Request(msgspec.Struct, frozen=True):
    """A request for help that the member may read: their own, and those to the pod."""

    id: str
    name: str
    kind: str
    to: str
    asked_at: str
    state: Literal["open", "answered", "closed"]
    text: str | None = None
    about: str | None = None
    answers: tuple[Answered, ...] = ()
    is_mine: bool = False


class Page(msgspec.Struct, frozen=True):
    """The pod, as its members see it. Only skills with one of the cohort's `skill_codes` are in its figures."""

    id: str
    name: str
    cohort: Cohort
    members: tuple[Person, ...]
    readers: tuple[Reader, ...] = ()
    sessions: tuple[Session, ...] = ()
    wins: tuple[Words, ...] = ()
    requests: tuple[Request, ...] = ()
    skill_codes: tuple[str, ...] = ()


class Figure(msgspec.Struct, frozen=True):
    """A disclosed figure."""

    state: Literal["value", "no_data", "hidden", "pending"]
    value: int | None = None


class WeekFigures(msgspec.Struct, frozen=True):
    """The figures of one week, by measure."""

    week: str
    figures: dict[str, Figure]


class Totals(msgspec.Struct, frozen=True):
    """The pod's week in totals. `as_of` and `next_at` are instants in UTC; `earlier` are weeks as last shown."""

    week: str | None
    figures: dict[str, Figure]
    state: str = "shown"
    as_of: str | None = None
    next_at: str | None = None
    earlier: tuple[WeekFigures, ...] = ()


def keep_page(log: Log, page: dict[str, Any], summary: dict[str, Any] | None) -> Page:
    """Keep what the server said about the pod. Raises RemoteProtocolError, and keeps nothing, where it is no page."""
    read = _page(page)
    log.set_settings([(PAGE, msgspec.json.encode(page)), (SUMMARY, msgspec.json.encode(summary))])
    return read


def kept_page(log: Log) -> Page | None:
    """What the server said last; None in no pod, or before the first answer."""
    raw = log.setting(PAGE)
    return None if raw is None else _page(msgspec.json.decode(raw))


def kept_totals(log: Log) -> Totals | None:
    """The pod's week in totals, as the server said it last; None before it was asked."""
    raw = log.setting(SUMMARY)
    if raw is None or raw == _NOTHING:
        return None
    try:
        return msgspec.json.decode(raw, type=Totals)
    except msgspec.ValidationError as error:
        raise RemoteProtocolError(f"the totals of the pod are not totals: {error}") from None


def zone_of(log: Log) -> ZoneInfo | None:
    """The zone in which the cohort cuts its weeks; None while it is not known: then it is the zone of this machine."""
    page = kept_page(log)
    try:
        return ZoneInfo(page.cohort.zone) if page else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def sessions(log: Log) -> list[Session]:
    """The sessions of the member's pod as the server said last, cancelled ones too, in the order of their start."""
    page = kept_page(log)
    return sorted(page.sessions, key=lambda session: (session.start, session.id)) if page else []


def answers_in(page: Page | None) -> dict[str, tuple[Answered, ...]]:
    """The answers to each request, by its id."""
    return {request.id: request.answers for request in (page.requests if page else ())}


def _page(said: dict[str, Any]) -> Page:
    try:
        return msgspec.convert(said, Page)
    except msgspec.ValidationError as error:
        raise RemoteProtocolError(f"the page of the pod is not one: {error}") from None
