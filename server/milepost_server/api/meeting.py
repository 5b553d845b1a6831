"""Before there is a token: who this server is, an invite, and the meeting place where two devices pair."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from milepost.admission import check_enrolment
from milepost.errors import BadSignature
from milepost.ids import base64url
from milepost.keys import Enrolment
from milepost.sync import VERSIONS
from milepost.trust import enrolment_of
from milepost_server.api.access import limit_joins
from milepost_server.cohort import invites
from milepost_server.cohort.invites import Admitted
from milepost_server.config import SOFTWARE
from milepost_server.refusals import Conflict
from milepost_server.site import Site
from milepost_server.store import Connection, cohorts, streams
from milepost_server.sync import rendezvous
from milepost_server.sync.ingest import Shelf, enrol, erased_sentence

Key = Annotated[str, msgspec.Meta(max_length=128)]


class ServerInfo(msgspec.Struct, frozen=True):
    """Who answers. The key is what clients pin."""

    name: str
    key_id: str
    public: str
    versions: list[int]
    software: str


class EnrolmentFacts(msgspec.Struct, frozen=True):
    """The facts of a device's enrolment, and the account it belongs to."""

    user: Key
    device: Key
    signing: Key
    agreement: Key
    identity: Key
    recovery: Key
    by: Key
    signature: Key


class Join(msgspec.Struct, frozen=True):
    """An invite, and the device that comes in with it."""

    code: Annotated[str, msgspec.Meta(max_length=128)]
    enrolment: EnrolmentFacts


class JoinedCohort(msgspec.Struct, frozen=True):
    """The cohort that was joined."""

    id: str
    name: str
    start: str
    end: str
    zone: str


class JoinedPod(msgspec.Struct, frozen=True):
    """The pod that offers a place, or that is to be led."""

    id: str
    name: str


class SkillCode(msgspec.Struct, frozen=True):
    """A skill the cohort sums by."""

    code: str
    label: str


class Joined(msgspec.Struct, frozen=True):
    """The door is open: sync over the socket is next. `role` is member or lead."""

    user: str
    server: ServerInfo
    cohort: JoinedCohort
    pod: JoinedPod | None
    role: str
    skill_codes: list[SkillCode]


@get("/v1/server", tags=["meeting"])
async def server(site: NamedDependency[Site]) -> ServerInfo:
    """Who this server is."""
    return _server(site)


@post("/v1/join", tags=["meeting"], guards=[limit_joins], status_code=200)
async def join(data: JSONBody[Join], site: NamedDependency[Site]) -> Joined:
    """Redeem an invite and open the member's stream. Again with the same enrolment is the same answer."""
    enrolment = _enrolment(data.enrolment)
    code = invites.read(data.code)
    if code is None or code.key_id != site.key.key_id:
        raise invites.unusable()
    await site.read(lambda connection: _check(connection, enrolment))
    now_ms = site.world.now_ms()
    # Two transactions, for two streams: a crash between them is healed by the same request again.
    admitted = await site.write(lambda connection: invites.redeem(connection, site.cohorts, code, enrolment, now_ms))
    await site.write(lambda connection: _open(connection, enrolment))
    return await site.read(lambda connection: _joined(connection, site, admitted, data.enrolment.user))


@put("/v1/pairing/{meeting:str}/{slot:str}", tags=["pairing"], guards=[limit_joins], status_code=204)
async def leave(
    meeting: FromPath[str], slot: FromPath[str], request: Request[Any, Any, Any], site: NamedDependency[Site]
) -> None:
    """Leave a message for the other device. A slot is written once; the meeting place lasts five minutes."""
    blob, now_ms = await request.body(), site.world.now_ms()
    place = rendezvous.check(meeting, slot)
    await site.write(lambda connection: rendezvous.put(connection, place, blob, now_ms))


@get("/v1/pairing/{meeting:str}/{slot:str}", tags=["pairing"], media_type="application/octet-stream")
async def fetch(meeting: FromPath[str], slot: FromPath[str], site: NamedDependency[Site]) -> Response[bytes]:
    """Fetch what the other device has left; 404 until it has."""
    place, now_ms = rendezvous.check(meeting, slot), site.world.now_ms()
    blob = await site.read(lambda connection: rendezvous.get(connection, place, now_ms))
    return Response(blob, media_type="application/octet-stream")


def _server(site: Site) -> ServerInfo:
    key = site.key
    return ServerInfo(site.settings.name, base64url(key.key_id), base64url(key.public), list(VERSIONS), SOFTWARE)


def _enrolment(facts: EnrolmentFacts) -> Enrolment:
    enrolment = enrolment_of(msgspec.structs.asdict(facts))
    if base64url(enrolment.user) != facts.user:
        raise BadSignature("the enrolment is not of the account it names")
    return enrolment


def _check(connection: Connection, enrolment: Enrolment) -> None:
    """Before the invite is used up: does the enrolment reach the identity?"""
    stream = streams.find(connection, enrolment.user)
    if stream is not None and stream.state == streams.ERASED:
        raise Conflict(erased_sentence(connection, stream), code="erased", remedy="begin anew with: mp erase --local")
    check_enrolment(enrolment.user, enrolment.device, enrolment, Shelf(connection, stream.n if stream else 0))


def _open(connection: Connection, enrolment: Enrolment) -> None:
    stream = streams.open_stream(connection, enrolment.user, streams.MEMBER)
    if streams.device(connection, stream.n, enrolment.device) is None:
        enrol(connection, stream.n, enrolment)


def _joined(connection: Connection, site: Site, admitted: Admitted, user: str) -> Joined:
    cohort, pod, role = admitted
    return Joined(
        user,
        _server(site),
        JoinedCohort(cohort.cohort, cohort.name, cohort.start, cohort.end, cohort.zone),
        JoinedPod(pod.pod, pod.name) if pod else None,
        role,
        [SkillCode(code, label) for code, label in cohorts.skill_codes(connection, cohort.stream)],
    )


HANDLERS: list[Any] = [server, join, leave, fetch]
