"""What leads and the operator do: one table, one door.

`ACTS` says for each path what comes in, what goes out and whose authority it needs; `perform` finds the place, checks
the authority, writes the cohort's events and the row of the audit log, all in the caller's transaction. Three doors
lead here: the operator's command line, a lead's bearer token, the dashboard's forms.
"""

from collections.abc import Mapping
from typing import Any

from milepost_server.acts import cohorts, invites, leads, members, pods, requests, sessions
from milepost_server.acts.act import Act, Actor, Scene
from milepost_server.acts.desk import Desk
from milepost_server.acts.finding import Finder, not_led
from milepost_server.cohort import audit
from milepost_server.store import Connection

__all__ = ["ACTS", "Act", "Actor", "perform"]

ACTS: Mapping[str, Act] = {
    **cohorts.ACTS,
    **pods.ACTS,
    **leads.ACTS,
    **invites.ACTS,
    **members.ACTS,
    **sessions.ACTS,
    **requests.ACTS,
}


def perform(connection: Connection, desk: Desk, actor: Actor, path: str, asked: Any) -> Any:
    """Do what is asked, and return the act's answer. Runs inside a write job.

    Raises NotFound for what is not there and for what the actor has no authority over, in the same words; CheckRefused
    and UsageError, naming value and remedy, for what does not fit.
    """
    act = ACTS.get(path)
    if act is None:
        raise not_led()
    place = act.place(Finder(connection, actor.reader), asked)
    if not any(actor.holds(authority, place) for authority in act.by):
        raise not_led()
    done = act.run(Scene(connection, desk, actor, place), asked)
    pod = place.pod.pod if place.pod else ""
    audit.write(connection, place.cohort.stream, desk.world.now_ms(), actor.name, path, pod, done.about)
    return done.answer
