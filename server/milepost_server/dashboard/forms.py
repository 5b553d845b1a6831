"""Forms: each is an act (`milepost_server.acts`), by the same function as the command line and the interface."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from milepost.errors import MilepostError, NotFound, UsageError
from milepost_server.acts import ACTS, Actor, perform
from milepost_server.acts.invites import InviteInfo
from milepost_server.dashboard.frame import Said, Typed
from milepost_server.dashboard.showing import Wanted, reader_for
from milepost_server.dashboard.visitor import Visitor
from milepost_server.reads.reader import sight_of, unseen
from milepost_server.site import Site
from milepost_server.store import Connection, cohorts

#: What is said once an act is done; these and no others are on forms.
DONE: Mapping[str, str] = {
    "codes/list": "The code is published.",
    "cohorts/close": "The cohort is closed.",
    "invites/issue": "The invite is made.",
    "invites/resend": "The invite has a new code; the old one does not work any more.",
    "invites/revoke": "The invite lets nobody in any more.",
    "leads/appoint": "They lead from today on.",
    "leads/remove": "They do not lead it any more.",
    "members/move": "The place is offered; they take it with their next sync.",
    "members/place": "The place is offered; they take it with their next sync.",
    "members/remove": "They are not in that pod any more.",
    "pods/close": "The pod is closed.",
    "pods/form": "The pod is formed.",
    "requests/answer": "The answer is on its way.",
    "sessions/cancel": "The session is cancelled.",
    "sessions/hold": "The session was held.",
    "sessions/schedule": "The session is planned.",
}
# Acts on the cohort of the page, which the form need not name; the others of these where it names no pod.
_OF_COHORT = frozenset(("codes/list", "pods/form"))
_OF_COHORT_OR_POD = frozenset(("leads/appoint", "leads/remove"))
#: What cannot be undone: the form has a box to tick, which browsers ask for, and so does this.
FOR_GOOD = frozenset(("cohorts/close", "members/remove", "pods/close"))
SURE = "sure"
# The field that a refusal is about where the act does not say: the one that is typed into, or the box.
_FIELDS: Mapping[str, str] = {
    "codes/list": "code",
    "cohorts/close": SURE,
    "invites/issue": "pod",
    "leads/appoint": "member",
    "members/move": "member",
    "members/place": "member",
    "members/remove": "member",
    "pods/close": SURE,
    "pods/form": "name",
    "requests/answer": "text",
    "sessions/schedule": "day",
}


async def act(site: Site, visitor: Visitor, wanted: Wanted, form: Mapping[str, str]) -> Said:
    """Do what a form asks for. What is said of it: done, or refused with a sentence and what was typed.

    Raises NotFound for what is not there, or not theirs to do; a field that names nobody is refused like any other.
    """

    def job(connection: Connection) -> Any:
        reader = reader_for(connection, visitor, site.world.now_ms())
        cohort = sight_of(connection, reader, wanted.cohort).cohort
        return perform(connection, site.desk, Actor(reader), form["act"], _asked(form, cohort))

    if form.get("act") not in DONE:
        raise unseen()
    try:
        _require_sure(form)
        answer = await site.write(job)
    except MilepostError as error:
        if isinstance(error, NotFound) and error.field is None:
            raise
        sentence = str(error)
        return Said(refused=sentence[:1].upper() + sentence[1:] + ".", typed=Typed(form), field=_field(error, form))
    code = answer.code if isinstance(answer, InviteInfo) else ""
    return Said(done=DONE[form["act"]], code=code)


def _require_sure(form: Mapping[str, str]) -> None:
    """Raises UsageError where the box beside something that cannot be undone is not ticked."""
    if form["act"] in FOR_GOOD and not form.get(SURE):
        raise UsageError("this cannot be undone", field=SURE, remedy="tick the box if it is meant")


def _field(error: MilepostError, form: Mapping[str, str]) -> str:
    """The field that a refusal stands beside."""
    said = error.field or ""
    return said if said in form or said == SURE else _FIELDS.get(form["act"], "")


def _asked(form: Mapping[str, str], cohort: cohorts.Cohort) -> Any:
    """A form as the act's own request. Raises UsageError for what does not fit."""
    # What is written here is names and sentences: a line break in a sentence is a space.
    fields = {name: " ".join(value.split()) for name, value in form.items() if name != "act" and value.strip()}
    if form["act"] in _OF_COHORT or (form["act"] in _OF_COHORT_OR_POD and "pod" not in fields):
        fields["cohort"] = cohort.cohort
    if "day" in fields:
        fields["start"] = _instant(fields.pop("day"), fields.pop("time", ""), cohort.zone)
    try:
        return msgspec.convert(fields, ACTS[form["act"]].asked, strict=False)
    except msgspec.ValidationError as error:
        raise UsageError(f"the form does not fit: {error}", remedy="fill it in again") from None


def _instant(day: str, time: str, zone: str) -> str:
    """The instant of a day and a time there."""
    try:
        local = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise UsageError(f"{day} {time} is not a day and a time", remedy="pick both") from None
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
