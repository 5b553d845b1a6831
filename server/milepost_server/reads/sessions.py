"""A pod's sessions, as pages and calendars carry them."""

from collections.abc import Sequence

import msgspec

from milepost_server.cohort import weeks
from milepost_server.store.cohorts import Session

SCHEDULED = "scheduled"
HELD = "held"
CANCELLED = "cancelled"


class SessionInfo(msgspec.Struct, frozen=True):
    """A session of a pod. `start` is UTC; `state` is scheduled, held or cancelled."""

    id: str
    pod: str
    pod_name: str
    start: str
    minutes: int
    state: str


def session_info(session: Session, pod_name: str) -> SessionInfo:
    """A session, as it is sent."""
    return SessionInfo(session.session, session.pod, pod_name, session.start, session.minutes, session.state)


def last_held(sessions: Sequence[Session]) -> Session | None:
    """The newest session that took place. `sessions` are by their start."""
    return next((session for session in reversed(sessions) if session.state == HELD), None)


def next_planned(sessions: Sequence[Session], now_ms: int) -> Session | None:
    """The first session that is planned and has not begun."""
    now = weeks.instant(now_ms)
    return next((session for session in sessions if session.state == SCHEDULED and session.start >= now), None)
