"""People over HTTP: who I am here, my pod, a pod and its members for whoever may see them, what was noted about me."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from milepost_server.api import looks
from milepost_server.api.cohorts import After, Limit, read_as
from milepost_server.reads.audit import MyAudit, my_audit
from milepost_server.reads.me import MePage, MyPodPage, me_page, my_pod_page
from milepost_server.reads.member import MemberPage, member_page
from milepost_server.reads.paging import LIMIT_DEFAULT
from milepost_server.reads.pod import PodPage, pod_page
from milepost_server.site import Site
from milepost_server.sync.tokens import Bearer


@get("/v1/me", tags=["member"])
async def me(bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> MePage:
    """Who I am here: my pod, the places I am offered, what I lead."""
    now_ms = site.world.now_ms()
    return await site.read(lambda connection: me_page(connection, bearer.stream, now_ms))


@get("/v1/me/audit", tags=["member"])
async def audit(
    bearer: NamedDependency[Bearer], site: NamedDependency[Site], after: After = None, limit: Limit = LIMIT_DEFAULT
) -> MyAudit:
    """What was done about me, and who was shown me by name, newest first."""
    user = bearer.stream.stream_id
    return await site.read(lambda connection: my_audit(connection, user, after=after, limit=limit))


@get("/v1/pod", tags=["member"])
async def my_pod(bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> MyPodPage:
    """The pod I am in, or that offers me a place: who is there, who reads, sessions, wins, requests."""
    now_ms = site.world.now_ms()
    return await site.read(lambda connection: my_pod_page(connection, bearer.stream, now_ms))


@get("/v1/pods/{pod:str}", tags=["pod"])
async def pod(pod: FromPath[str], bearer: NamedDependency[Bearer], site: NamedDependency[Site]) -> PodPage:
    """A pod, for its members, its leads and its cohort's leads. For anybody else there is none."""
    reader, page = await read_as(
        site, bearer, lambda connection, reader, now_ms: pod_page(connection, reader, pod, now_ms)
    )
    await looks.note(site, reader, page, site.world.now_ms())
    return page


@get("/v1/pods/{pod:str}/members/{member:str}", tags=["pod"])
async def member(
    pod: FromPath[str], member: FromPath[str], bearer: NamedDependency[Bearer], site: NamedDependency[Site]
) -> MemberPage:
    """What a member of a pod shares by name with me. Where that is nothing, there is no such page."""
    reader, page = await read_as(
        site, bearer, lambda connection, reader, now_ms: member_page(connection, reader, pod, member, now_ms)
    )
    await looks.note(site, reader, page, site.world.now_ms())
    return page


HANDLERS: list[Any] = [me, audit, my_pod, pod, member]
