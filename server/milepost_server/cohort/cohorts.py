"""Cohort streams: the server is their one device, under an identity of its own for each cohort.

The identity is derived from the server key and a random root kept with the cohort, so a copy of the database alone can
forge nothing. Members do not sync these streams; they are backed up, or lost.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from milepost import catalogue, clock
from milepost.chain import head_bytes
from milepost.errors import CheckRefused, NotFound
from milepost.event import NONCE_BYTES, SALT_BYTES, ZERO, Event, Part, make
from milepost.ids import ENTITY_BYTES, base32
from milepost.keys import RECOVERY_SECRET_BYTES, SEED_BYTES, DeviceKeys, Enrolment, Identity, enrol
from milepost.trust import ENROLLED, facts_of
from milepost_server.store import Connection, cohort_events, streams
from milepost_server.store import cohorts as rows
from milepost_server.store.keyfile import COHORT_ROOT_BYTES, ServerKey
from milepost_server.sync import ingest
from milepost_server.world import World

OPERATOR = "operator"
SERVER = "server"
EPOCH_BYTES = 4
CAPACITY_DEFAULT = 5


class _Author(NamedTuple):
    """The server, as the device of one cohort's stream."""

    identity: Identity
    keys: DeviceKeys

    @property
    def enrolment(self) -> Enrolment:
        identity = self.identity
        return enrol(self.keys, identity.signing.public, identity.recovery.public, None, identity.signing)


class Cohorts:
    """Writes cohort events. Each method runs inside a write job and touches one stream."""

    def __init__(self, key: ServerKey, world: World) -> None:
        self._key = key
        self._world = world

    def open(self, connection: Connection, name: str, start: str, end: str, zone: str) -> rows.Cohort:
        """A new cohort. Raises CheckRefused when a field is not as the catalogue wants it."""
        root = self._world.random(COHORT_ROOT_BYTES)
        cohort_id = self.new_id()
        facts = {"cohort": cohort_id, "name": name, "start": start, "end": end, "zone": zone, "actor": OPERATOR}
        text = _facts_text("cohort.opened", facts)
        author = self._author(root)
        stream = streams.open_stream(connection, author.identity.user, streams.COHORT)
        ingest.enrol(connection, stream.n, author.enrolment)
        enrolled = _facts_text(ENROLLED, facts_of(author.enrolment))
        self._write(connection, stream, author, [(ENROLLED, enrolled), ("cohort.opened", text)])
        cohort_events.apply(connection, stream.n, root, "cohort.opened", facts, self._world.now_ms())
        return found_cohort(connection, cohort_id)

    def append(self, connection: Connection, cohort: rows.Cohort, *drafts: tuple[str, Mapping[str, object]]) -> None:
        """Append events, given as (type, facts), to a cohort's stream, and apply them."""
        texts = [(type_, _facts_text(type_, facts)) for type_, facts in drafts]
        self._write(connection, streams.get(connection, cohort.stream), self._author(cohort.root), texts)
        for type_, facts in drafts:
            cohort_events.apply(connection, cohort.stream, cohort.root, type_, facts, self._world.now_ms())

    def new_id(self) -> str:
        """A fresh entity id."""
        return base32(self._world.random(ENTITY_BYTES))

    def today(self) -> str:
        """The day, in UTC."""
        return datetime.fromtimestamp(self._world.now_ms() / 1000, UTC).date().isoformat()

    def _author(self, root: bytes) -> _Author:
        secret = self._key.cohort_secret(root, RECOVERY_SECRET_BYTES + 2 * SEED_BYTES)
        seeds = secret[RECOVERY_SECRET_BYTES:]
        return _Author(
            Identity.from_secret(secret[:RECOVERY_SECRET_BYTES]),
            DeviceKeys.from_seeds(seeds[:SEED_BYTES], seeds[SEED_BYTES:]),
        )

    def _write(
        self, connection: Connection, stream: streams.Stream, author: _Author, texts: Sequence[tuple[str, bytes]]
    ) -> None:
        shelf = ingest.Shelf(connection, stream.n)
        now_ms = self._world.now_ms()
        events: list[Event] = []
        tip = _tip(connection, stream, author)
        epoch = tip.epoch if tip else int.from_bytes(self._world.random(EPOCH_BYTES), "big") or 1
        seq, prev, at = (tip.last_seq, tip.last_hash, tip.last_at) if tip else (0, ZERO, 0)
        for type_, text in texts:
            at, seq = clock.tick(now_ms, at, at), seq + 1
            event = make(
                user=stream.stream_id,
                device=author.keys.device,
                epoch=epoch,
                seq=seq,
                hlc=at,
                nonce=self._world.random(NONCE_BYTES),
                on=date.fromisoformat(self.today()).toordinal() - _UNIX_EPOCH,
                offset=0,
                type=type_,
                version=1,
                prev=prev,
                facts=Part(self._world.random(SALT_BYTES), text),
                private=None,
            )
            events.append(event)
            prev = event.hash
        signature = author.keys.signing.sign(head_bytes(events[-1]))
        received_at = max(now_ms, stream.last_received_at + 1)
        ingest.append(connection, stream, shelf, events, signature, received_at)


_UNIX_EPOCH = date(1970, 1, 1).toordinal()


def found_cohort(connection: Connection, name: str) -> rows.Cohort:
    """The cohort called `name`, by id or by its own name. Raises NotFound, also where two have the name."""
    fitting = [each for each in rows.cohorts(connection) if name in (each.cohort, each.name)]
    if len(fitting) != 1:
        how_many = "several cohorts are" if fitting else "no cohort is"
        raise NotFound(f"{how_many} called {name!r}", remedy="see: milepost-server cohort list")
    return fitting[0]


def found_pod(connection: Connection, name: str) -> rows.Pod:
    """The pod called `name`, by id or by its own name. Raises NotFound, also where two have the name."""
    every = [pod for cohort in rows.cohorts(connection) for pod in rows.pods(connection, cohort.stream)]
    fitting = [pod for pod in every if name in (pod.pod, pod.name)]
    if len(fitting) != 1:
        how_many = "several pods are" if fitting else "no pod is"
        raise NotFound(f"{how_many} called {name!r}", remedy="see: milepost-server pod list")
    return fitting[0]


def _tip(connection: Connection, stream: streams.Stream, author: _Author) -> streams.Tip | None:
    device = streams.device(connection, stream.n, author.keys.device)
    assert device is not None, "enrolled when the cohort was opened"  # noqa: S101
    return streams.newest_tip(connection, device.n)


def _facts_text(type_: str, facts: Mapping[str, object]) -> bytes:
    """The facts as they are stored. Raises CheckRefused with the first thing that is wrong with them."""
    broken = catalogue.violations(type_, 1, facts, None)
    if broken:
        first = broken[0]
        raise CheckRefused(first.message, code=first.code, field=first.field, remedy=first.remedy)
    text = catalogue.encode(type_, facts).facts
    assert text is not None, "cohort types have facts"  # noqa: S101
    return text
