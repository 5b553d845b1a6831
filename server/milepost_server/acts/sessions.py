"""Acts on a pod's sessions: scheduling, cancelling, saying that one was held."""

from datetime import UTC, datetime, timedelta

import msgspec

from milepost.errors import CheckRefused, UsageError
from milepost_server.acts.act import COHORT_LEAD, OPERATOR, POD_LEAD, Act, Done, Scene
from milepost_server.acts.finding import Finder, Place
from milepost_server.reads.sessions import CANCELLED, HELD, SCHEDULED, SessionInfo
from milepost_server.store.cohorts import Session

MINUTES_DEFAULT = 60
# Clocks differ, and a session is put down on the evening after it: a day either way is no mistake.
SLACK = timedelta(days=1)


class ScheduleSession(msgspec.Struct, frozen=True):
    """Plan a session of a pod. `start` is an instant, as in 2026-01-16T16:00:00Z."""

    pod: str
    start: str
    minutes: int = MINUTES_DEFAULT


class CancelSession(msgspec.Struct, frozen=True):
    """Say that a planned session does not take place."""

    session: str


class HoldSession(msgspec.Struct, frozen=True):
    """Say that a session was held: one that was planned, or else one of a pod that was not, with its start."""

    session: str | None = None
    pod: str | None = None
    start: str | None = None
    minutes: int | None = None


def schedule(scene: Scene, asked: ScheduleSession) -> Done:
    """A session that is planned."""
    scene.require_open()
    start = _instant(asked.start)
    if start < _now(scene) - SLACK:
        raise CheckRefused(
            f"{asked.start} is in the past", code="start", remedy="say that it was held instead: mp pod hold"
        )
    return _said(scene, scene.desk.cohorts.new_id(), start, asked.minutes, SCHEDULED)


def cancel(scene: Scene, asked: CancelSession) -> Done:
    """A session that does not take place."""
    _, session = _finder(scene).session(asked.session)
    if session.state == HELD:
        raise CheckRefused(
            f"the session of {session.start} was held", code="session", remedy="only planned ones are cancelled"
        )
    if session.state == SCHEDULED:
        scene.append(("session.cancelled", {"session": session.session, "pod": session.pod}))
    return Done(_info(scene, session._replace(state=CANCELLED)))


def hold(scene: Scene, asked: HoldSession) -> Done:
    """A session that took place."""
    if asked.session is None:
        scene.require_open()
        start = _past(scene, _instant(asked.start or ""))
        return _said(scene, scene.desk.cohorts.new_id(), start, asked.minutes or MINUTES_DEFAULT, HELD)
    _, session = _finder(scene).session(asked.session)
    if session.state == CANCELLED:
        raise CheckRefused(
            f"the session of {session.start} was cancelled",
            code="session",
            remedy="name the pod and the start of the one that was held",
        )
    start = _past(scene, _instant(asked.start or session.start))
    return _said(scene, session.session, start, asked.minutes or session.minutes, HELD)


def _said(scene: Scene, session: str, start: datetime, minutes: int, state: str) -> Done:
    facts = {
        "session": session,
        "pod": scene.pod.pod,
        "start": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "minutes": minutes,
    }
    scene.append((f"session.{state}", facts))
    said = Session(scene.cohort.stream, session, scene.pod.pod, str(facts["start"]), minutes, state)
    return Done(_info(scene, said))


def _info(scene: Scene, session: Session) -> SessionInfo:
    return SessionInfo(session.session, session.pod, scene.pod.name, session.start, session.minutes, session.state)


def _past(scene: Scene, start: datetime) -> datetime:
    if start > _now(scene) + SLACK:
        raise CheckRefused(
            f"a session of {start:%Y-%m-%d} is still to come", code="start", remedy="say that it was held afterwards"
        )
    return start


def _now(scene: Scene) -> datetime:
    return datetime.fromtimestamp(scene.desk.world.now_ms() / 1000, UTC)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise UsageError(f"start {text!r} is not an instant", field="start", remedy="try: 2026-01-16T16:00:00Z")
    return found.astimezone(UTC)


def _finder(scene: Scene) -> Finder:
    return Finder(scene.connection, scene.actor.reader)


def _of_session(finder: Finder, asked: CancelSession) -> Place:
    return finder.session(asked.session)[0]


def _held(finder: Finder, asked: HoldSession) -> Place:
    if asked.session is not None:
        return finder.session(asked.session)[0]
    if asked.pod is None:
        raise UsageError("the session has no name", field="session", remedy="name it, or its pod and start")
    return finder.pod(asked.pod)


_BY = frozenset((OPERATOR, COHORT_LEAD, POD_LEAD))
ACTS = {
    "sessions/schedule": Act(ScheduleSession, SessionInfo, _BY, lambda finder, asked: finder.pod(asked.pod), schedule),
    "sessions/cancel": Act(CancelSession, SessionInfo, _BY, _of_session, cancel),
    "sessions/hold": Act(HoldSession, SessionInfo, _BY, _held, hold),
}
