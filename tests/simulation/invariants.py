"""The invariants of the sync protocol, one function each, over a run in progress or at rest.

    I1 what was acknowledged survives      I4 links and heads hold       I7 private text stays with its member
    I2 what was receipted is kept          I5 one truth everywhere       I9 queues are bounded
    I3 everything counts once              I6 queues drain                I12 an erasure holds

I10 (damage is reported) is held by tests/client/test_verify.py, I11 (same seed, same trace) by the runner.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from milepost.chain import head_bytes, set_digest
from milepost.event import ZERO, Event, hash_header
from milepost.ids import from_base32
from milepost.keys import verify
from milepost.projections.days import Day
from milepost.sync.client import PUSHES_IN_FLIGHT_MAX
from milepost_client.store.trusted import trusted
from milepost_server.projection import readmodels
from milepost_server.store import Connection, events, sqlite, streams
from tests.simulation.device import CANARY

if TYPE_CHECKING:
    from tests.simulation.device import Device
    from tests.simulation.system import System

#: Frames that one connection may hold on its way: what a credit window can hold, and the answers to four pushes.
FRAMES_MAX = 600


class Violated(Exception):
    """An invariant does not hold; the message begins with its name."""


def after_step(system: System) -> None:
    """What must hold at every moment, as far as it costs little to look."""
    i2_what_was_receipted_is_on_the_server(system)
    i12_what_was_erased_does_not_come_back(system)
    i9_queues_are_bounded(system)


def of_device(device: Device) -> None:
    """A closer look at one device, at any moment."""
    held = device.hashes()
    _acknowledged(device, held)
    _once(device, held)
    _linked(device, held)
    _signed(device)


def at_rest(system: System) -> None:
    """After faults have stopped and queues have drained."""
    for invariant in AT_REST:
        invariant(system)


def i1_an_append_that_reported_success_survives(system: System) -> None:
    """On its device at any moment, on the server at rest; but what a restored backup took, its member took."""
    for device in system.devices:
        _acknowledged(device, device.hashes())


def i2_what_was_receipted_is_on_the_server(system: System) -> None:
    """Whatever happens to the server but the loss of its data."""
    for member in system.standing:
        user = member[0].log.user
        head, promised = system.server.head(user), system.server.promised.get(user, 0)
        if head < promised:
            raise Violated(f"I2: receipts went out up to position {promised}, the server stands at {head}")


def i2_what_was_receipted_reaches_every_sibling(system: System) -> None:
    """At rest, a wiped server included: a device that holds it has synced."""
    for member in system.standing:
        on_server = {each.event.hash for each in _stored(system, member)}
        expected = {hash_ for device in member for hash_ in device.acknowledged if hash_ not in device.given_up}
        if missing := expected - on_server:
            raise Violated(f"I2: {len(missing)} acknowledged events never reached the server")
        for device in member:
            if lacking := on_server - device.hashes().keys():
                raise Violated(f"I2: {len(lacking)} receipted events never reached {device.name}")


def i3_each_event_counts_once(system: System) -> None:
    """In the rows of every replica, in the positions of the server, and in what the views add up."""
    for member in system.standing:
        stored = _stored(system, member)
        if [each.position for each in stored] != list(range(1, len(stored) + 1)):
            raise Violated("I3: positions have holes")
        if len({each.event.hash for each in stored}) != len(stored):
            raise Violated("I3: the server holds an event twice")
        for device in member:
            held = device.hashes()
            _once(device, held)
            device.views.refresh()
            counted = sum(day.minutes_spent for day in device.views.all(Day))
            spent = _minutes(list(held.values()))
            if counted != spent:
                raise Violated(f"I3: {spent} minutes were spent, the views of {device.name} count {counted}")


def i4_every_prev_is_stored_and_every_foreign_event_stands_under_a_valid_head(system: System) -> None:
    """On every device; the server admits nothing else."""
    for device in system.devices:
        _linked(device, device.hashes())
        _signed(device)


def i5_at_rest_all_replicas_and_the_server_agree(system: System) -> None:
    """The same events, the same set digest, the same order clock of each, the same views."""
    while system.server.project(8):
        pass
    for member in system.standing:
        connection, stream = system.server.connection, _stream(system, member)
        digest = set_digest(streams.leaves(connection, stream.n))
        at = {each.event.hash: each.at for each in _stored(system, member)}
        for device in member:
            _same_set(device, digest)
            _same_clocks(device, at)
            _same_views(device, connection, stream)
            if not system.counts["flip"]:
                _opens(device)
        _no_drift(member[0])


def i6_queues_drain_without_a_new_write(system: System) -> None:
    """Nothing unsent, every cursor at the head. `System.heal` has bounded the rounds it took."""
    for member in system.standing:
        head = _stream(system, member).head
        for device in member:
            if unsent := device.log.unsent_count():
                raise Violated(f"I6: {device.name} still has {unsent} unsent")
            if (position := device.log.cursor().position) != head:
                raise Violated(f"I6: the cursor of {device.name} is {position}, not {head}")


def i7_private_text_is_nowhere_on_the_server(system: System) -> None:
    """Searched for in every byte of its database."""
    if CANARY.encode() in system.server.connection.serialize():
        raise Violated("I7: private text stands in the server's database")


def i12_what_was_erased_does_not_come_back(system: System) -> None:
    """By no device, no crash, no wipe and no backup; and no device was emptied for it."""
    connection = system.server.connection
    for member in system.members:
        user = member[0].log.user
        if not system.server.is_erased(user):
            continue
        stream = streams.find(connection, user)
        if stream is None or stream.state != streams.ERASED or stream.head:
            raise Violated(f"I12: an erased account stands on the server as {stream}")
        for table in ("event", "batch"):
            first, last = stream.key(0), stream.key(streams.POSITION_MAX)
            sql = f"SELECT count(*) FROM {table} WHERE key BETWEEN ? AND ?"  # noqa: S608 -- two names of our own
            if connection.execute(sql, (first, last)).fetchone()[0]:
                raise Violated(f"I12: the {table} table holds something of an erased account")
        if connection.execute("SELECT 1 FROM device WHERE stream = ?", (stream.n,)).fetchone():
            raise Violated("I12: a device of an erased account was let in")


def i12_a_sweep_leaves_nothing_of_it_in_the_file(system: System) -> None:
    """Not a single event id, in any page."""
    erased = [member for member in system.members if member not in system.standing]
    if not erased:
        return
    while system.server.project(8):
        pass
    sqlite.sweep(system.server.connection)
    file = system.server.connection.serialize()
    for device in (device for member in erased for device in member):
        if any(event.id in file for event in device.hashes().values()):
            raise Violated(f"I12: the server's file holds an event of {device.name}, whose account was erased")


def i9_queues_are_bounded(system: System) -> None:
    """Jobs for the writer, and frames on their way."""
    jobs = len(system.server.waiting)
    if jobs > (PUSHES_IN_FLIGHT_MAX + 2) * max(system.wires, 1):
        raise Violated(f"I9: {jobs} jobs wait for the writer")
    for visit in system.server.visits:
        if len(visit.wire.up) > FRAMES_MAX or len(visit.wire.down) > FRAMES_MAX:
            raise Violated(f"I9: {len(visit.wire.up)} frames up, {len(visit.wire.down)} down")


AT_REST = (
    i1_an_append_that_reported_success_survives,
    i2_what_was_receipted_reaches_every_sibling,
    i3_each_event_counts_once,
    i4_every_prev_is_stored_and_every_foreign_event_stands_under_a_valid_head,
    i5_at_rest_all_replicas_and_the_server_agree,
    i6_queues_drain_without_a_new_write,
    i7_private_text_is_nowhere_on_the_server,
    i12_a_sweep_leaves_nothing_of_it_in_the_file,
)


def _stream(system: System, member: list[Device]) -> streams.Stream:
    stream = streams.find(system.server.connection, member[0].log.user)
    if stream is None:
        raise Violated("I2: the member's stream is not on the server")
    return stream


def _stored(system: System, member: list[Device]) -> list[events.Stamped]:
    stream = _stream(system, member)
    return events.events_after(system.server.connection, stream, 0, stream.head + 1)


def _acknowledged(device: Device, held: dict[bytes, Event]) -> None:
    lost = [hash_ for hash_ in device.acknowledged if hash_ not in held and hash_ not in device.given_up]
    if lost:
        raise Violated(f"I1: {len(lost)} acknowledged events are not on device {device.name}")


def _once(device: Device, held: dict[bytes, Event]) -> None:
    if len(held) != device.log.count:
        raise Violated(f"I3: device {device.name} holds {device.log.count} rows for {len(held)} events")


def _linked(device: Device, held: dict[bytes, Event]) -> None:
    for hash_, event in held.items():
        if hash_header(event.header) != hash_:
            raise Violated(f"I4: seq {event.seq} on {device.name} does not have the hash of its header")
        if event.prev != ZERO and event.prev not in held:
            raise Violated(f"I4: seq {event.seq} on {device.name} continues an event that is not stored")


def _signed(device: Device) -> None:
    """Every event but one's own unsent stands under a head that its device signed."""
    log = device.log
    trust = trusted(log)
    numbers = {branch.n: branch for branch in log.reader.branches()}
    covered: dict[int, int] = {}
    for line, last_seq, signature in log.connection.execute("SELECT branch, last_seq, signature FROM batch").fetchall():
        branch = numbers[line]
        row = log.connection.execute("SELECT n FROM event WHERE branch = ? AND seq = ?", (line, last_seq)).fetchone()
        event = log.numbered([row[0]])[0].event
        if not verify(trust.enrolments[branch.device].signing, signature, head_bytes(event)):
            raise Violated(f"I4: the head at seq {last_seq} on {device.name} is not signed")
        covered[line] = max(covered.get(line, 0), last_seq)
    for line, branch in numbers.items():
        tip = log.tip(line)
        if tip is not None and branch.device != log.device and covered.get(line, 0) < tip.seq:
            raise Violated(f"I4: seq {tip.seq} of another device on {device.name} stands under no head")


def _same_set(device: Device, digest: bytes) -> None:
    if set_digest(device.log.leaves()) != digest:
        raise Violated(f"I5: the set digest of {device.name} differs")
    session = device.session
    if session is None or session.digests is None or session.digests.set_agrees is not True:
        raise Violated(f"I5: {device.name} was not told that its digest agrees")


def _same_views(device: Device, connection: Connection, stream: streams.Stream) -> None:
    """What was folded bit by bit, on both ends, through all of it, is one view; nothing in it counts twice (I3)."""
    views = device.views
    views.refresh()
    found = readmodels.digests(connection, stream)
    if not found:
        raise Violated("I5: the server's views are not up to date")
    if views.digest() != found[0]:
        raise Violated(f"I5: the view digest of {device.name} is {views.digest()}, the server's {found[0]}")


def _no_drift(device: Device) -> None:
    """What was folded bit by bit is what one fold of everything gives; the member's other devices agree."""
    if drift := device.views.drift():
        raise Violated(f"I5: {device.name}: {drift[0]}")


def _minutes(events: list[Event]) -> int:
    """Minutes spent, counted the naive way: each event once, unless a retraction that stands takes it back."""
    facts = {event.id: json.loads(event.facts.text) for event in events if event.facts}
    against: dict[bytes, list[bytes]] = {}
    for event in events:
        if event.type == "entry.retracted":
            against.setdefault(from_base32(facts[event.id]["target"], 16), []).append(event.id)

    def stands(event_id: bytes) -> bool:
        return not any(stands(by) for by in against.get(event_id, []))

    return sum(facts[event.id]["minutes"] for event in events if event.type == "time.spent" and stands(event.id))


def _opens(device: Device) -> None:
    """Every text opens everywhere. Not asked after a flipped bit: a head covers the text, not the sealed bytes, so only
    the reader can tell (LOCKED in `verify`), and TLS is what keeps a network from it."""
    if [stored for stored in device.log.since() if stored.event.sealed is not None]:
        raise Violated(f"I5: {device.name} has text it cannot open")


def _same_clocks(device: Device, at: dict[bytes, int]) -> None:
    """The order key is the same everywhere, or views could differ."""
    for stored in device.log.since():
        if stored.at != at[stored.event.hash]:
            raise Violated(
                f"I5: seq {stored.event.seq} is at {stored.at} on {device.name}, "
                f"at {at[stored.event.hash]} on the server"
            )
