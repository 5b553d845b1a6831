"""Acts and pages over a programme in memory: what leads and the operator do there, and what each is shown."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from milepost.ids import base64url
from milepost_server.acts import ACTS, Actor, perform
from milepost_server.reads.reader import Reader, reader_of
from milepost_server.store import Connection, streams
from tests.support.programme import Person, Programme

T = TypeVar("T")
Page = Callable[[Connection, Reader, int], T]


def act(programme: Programme, path: str, by: Person | None = None, **asked: object) -> Any:
    """What an act comes to; by the operator, unless somebody is named."""
    request = msgspec.convert(asked, ACTS[path].asked)
    now_ms = programme.store.now_ms

    def job(connection: Connection) -> Any:
        actor = Actor(reader(connection, by, now_ms)) if by else Actor()
        return perform(connection, programme.server_desk, actor, path, request)

    return programme.store.run(job)


def shown(programme: Programme, to: Person, page: Page[T]) -> T:
    """A page, as somebody sees it now."""
    connection, now_ms = programme.store.connection, programme.store.now_ms
    return page(connection, reader(connection, to, now_ms), now_ms)


def reader(connection: Connection, person: Person, now_ms: int) -> Reader:
    """Somebody as a reader."""
    stream = streams.find(connection, person.user)
    assert stream is not None
    return reader_of(connection, stream, now_ms)


def key(person: Person) -> str:
    """A member's key, as requests have it."""
    return base64url(person.user)


def newcomer(programme: Programme, seed: int) -> Person:
    """Somebody with an account and no place."""
    return Person(programme, seed)


def lead_of(programme: Programme, scope: str, id: str, seed: int) -> Person:
    """Somebody in no pod who leads one, or the cohort."""
    person = newcomer(programme, seed)
    programme.lead(person, scope, id)
    return person


def joined(programme: Programme, pod: str, name: str, seed: int) -> Person:
    """Somebody who took a place in a pod, under a name."""
    person = newcomer(programme, seed)
    programme.place(person, pod)
    person.pod = pod
    person.write("pod.joined", {"pod": pod, "cohort": programme.cohort.cohort, "name": name})
    return person
