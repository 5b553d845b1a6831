"""The invariants of the sync protocol, as the simulation checks them.

    I1 an append that reported success survives         I4 every `prev` is stored, every event under a valid head
    I2 what was receipted is on the server              I5 at rest, all set digests and view digests agree
    I3 each event counts once                           I9 queues are bounded

I6 (queues drain) is `System.heal`, I7 (private text) is `at_rest`, I10 belongs to tests/client, I11 to the runner.
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
from milepost_client.trusted import trusted
from milepost_server import readmodels
from milepost_server.store import Connection, events, streams
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
    for member in system.members:
        user = member[0].log.user
        head, promised = system.server.head(user), system.server.promised.get(user, 0)
        if head < promised:
            raise Violated(f"I2: receipts went out up to position {promised}, the server stands at {head}")
    jobs = len(system.server.waiting)
    if jobs > (PUSHES_IN_FLIGHT_MAX + 2) * max(system.wires, 1):
        raise Violated(f"I9: {jobs} jobs wait for the writer")
    for visit in system.server.visits:
        if len(visit.wire.up) > FRAMES_MAX or len(visit.wire.down) > FRAMES_MAX:
            raise Violated(f"I9: {len(visit.wire.up)} frames up, {len(visit.wire.down)} down")


def of_device(device: Device) -> None:
    """One device's log: nothing acknowledged is lost, and every link holds."""
    held = device.hashes()
    lost = [hash_ for hash_ in device.acknowledged if hash_ not in held and hash_ not in device.given_up]
    if lost:
        raise Violated(f"I1: {len(lost)} acknowledged events are not on device {device.name}")
    places = [(event.device, event.epoch, event.seq, hash_) for hash_, event in held.items()]
    if len(places) != device.log.count:
        raise Violated(f"I3: device {device.name} holds {device.log.count} rows for {len(places)} events")
    for hash_, event in held.items():
        if hash_header(event.header) != hash_:
            raise Violated(f"I4: seq {event.seq} on {device.name} does not have the hash of its header")
        if event.prev != ZERO and event.prev not in held:
            raise Violated(f"I4: seq {event.seq} on {device.name} continues an event that is not stored")
    _heads(device)


def _heads(device: Device) -> None:
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


def at_rest(system: System) -> None:
    """After faults have stopped and queues have drained: one truth everywhere."""
    while system.server.project(8):
        pass
    _no_text_on_the_server(system)
    for member in system.members:
        connection, user = system.server.connection, member[0].log.user
        stream = streams.find(connection, user)
        if stream is None:
            raise Violated("I2: the member's stream is not on the server")
        stored = events.events_after(connection, stream, 0, 1_000_000)
        on_server = {each.event.hash: each for each in stored}
        if len(stored) != stream.head or len(on_server) != stream.head:
            raise Violated(f"I3: {len(stored)} rows, {len(on_server)} events, head {stream.head}")
        if [each.position for each in stored] != list(range(1, stream.head + 1)):
            raise Violated("I3: positions have holes")
        leaves = streams.leaves(connection, stream.n)
        digest = set_digest(leaves)
        expected = {hash_ for device in member for hash_ in device.acknowledged if hash_ not in device.given_up}
        missing = expected - on_server.keys()
        if missing:
            raise Violated(f"I1/I2: {len(missing)} acknowledged events never reached the server")
        for device in member:
            _same(device, set(on_server), digest, stream.head)
            _same_views(device, system.server.connection, stream)
            if not system.counts["flip"]:
                _opens(device)
            _same_clocks(device, {hash_: each.at for hash_, each in on_server.items()})


def _same(device: Device, on_server: set[bytes], digest: bytes, head: int) -> None:
    of_device(device)
    held = set(device.hashes())
    if held != on_server:
        raise Violated(
            f"I5: device {device.name} holds {len(held - on_server)} events that the server lacks, "
            f"and lacks {len(on_server - held)}"
        )
    if set_digest(device.log.leaves()) != digest:
        raise Violated(f"I5: the set digest of {device.name} differs")
    if device.log.unsent_count():
        raise Violated(f"I6: {device.name} still has {device.log.unsent_count()} unsent")
    cursor = device.log.cursor()
    if cursor.position != head:
        raise Violated(f"I6: the cursor of {device.name} is {cursor.position}, not {head}")
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
    if drift := views.drift():
        raise Violated(f"I5: {device.name}: {drift[0]}")
    counted = sum(day.minutes_spent for day in views.all(Day))
    spent = _minutes(list(device.hashes().values()))
    if counted != spent:
        raise Violated(f"I3: {spent} minutes were spent, the views of {device.name} count {counted}")


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


def _no_text_on_the_server(system: System) -> None:
    if CANARY.encode() in system.server.connection.serialize():
        raise Violated("I7: private text stands in the server's database")
