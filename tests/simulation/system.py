"""The whole system under one seed: members' devices, a server, a network that misbehaves, and the invariants.

`run` carries out a schedule, checking after every step what can be checked then; at the end faults stop, queues drain
in a bounded number of rounds without a new write, and everything is compared with everything.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

from milepost.trust import enrolment_of
from milepost_client.store.control import facts_of
from milepost_server.store import streams
from tests.simulation import invariants
from tests.simulation.device import Clock, Device
from tests.simulation.invariants import Violated
from tests.simulation.network import Wire
from tests.simulation.power import CLIENT_POINTS, SERVER_POINTS, PowerCut, arm_client, arm_server, disarm, grid
from tests.simulation.schedule import FAULTS, Schedule, Step
from tests.simulation.server import Server, Visit
from tests.simulation.signatures import remembered

ROUNDS_MAX = 400
CLOCK_JUMPS_MS = (-3_600_000, 600_000, 86_400_000, -40 * 365 * 86_400_000, 73 * 365 * 86_400_000, 1_000, -1_000)


class Outcome(NamedTuple):
    """What a run came to. `violated` is None when every invariant held; the same seed gives the same `trace`."""

    violated: str | None
    counts: Counter[str]
    events: int
    trace: str


class System:
    """One run in progress."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.clock = Clock()
        self.server = Server(schedule.seed, self.clock)
        self.members = [self._member(number, size) for number, size in enumerate(schedule.devices)]
        self.devices = [device for member in self.members for device in member]
        self.wires = 0
        self.counts: Counter[str] = Counter()
        self._trace = sha256()

    def _member(self, number: int, size: int) -> list[Device]:
        devices = [Device(f"{number}.{place}", self.schedule.seed, self.clock) for place in range(size)]
        devices[0].be_first()
        for device in devices[1:]:
            device.join(devices[0])
        self._admit(devices[0])
        return devices

    def _admit(self, first: Device) -> None:
        self.server.admit(enrolment_of(facts_of(next(first.log.since()))))

    # Steps

    def step(self, step: Step) -> None:
        """Carry out one step, and note what it did."""
        did = getattr(self, f"_do_{step.kind}")(step.a, step.b)
        if did is not False:
            self.counts[step.kind] += 1
        self.clock.now_ms += 1 + step.b % 50
        self._note(step)

    def _note(self, step: Step) -> None:
        state = [(device.log.count, device.crashes) for device in self.devices]
        heads = [self.server.head(member[0].log.user) for member in self.members]
        self._trace.update(repr((str(step), self.clock.now_ms, state, heads, len(self.server.waiting))).encode())

    @property
    def standing(self) -> list[list[Device]]:
        """The members whose account was not erased."""
        return [member for member in self.members if not self.server.is_erased(member[0].log.user)]

    def _device(self, a: int) -> Device:
        return self.devices[a % len(self.devices)]

    def _visit(self, a: int) -> Visit | None:
        self.server.forget_closed()
        return self.server.visits[a % len(self.server.visits)] if self.server.visits else None

    def _do_append(self, a: int, b: int) -> None:
        device = self._device(a)
        try:
            device.append(a // 7, b)
        except PowerCut:
            self.counts["died_inside"] += 1
            device.crash()

    def _do_connect(self, a: int, b: int) -> bool:
        device = self._device(a)
        if device.session is not None and b % 4:
            return False
        self.wires += 1
        wire = Wire(self.wires)
        device.connect(wire, self.server.key.public)
        self.server.accept(wire)
        return True

    def _do_pump(self, a: int, b: int) -> bool:
        """Move a few frames, on connections and in directions that the numbers choose."""
        moved = False
        for turn in range(1 + b % 8):
            moved |= self._move(a + turn * 7 + b // 8)
        return moved

    def _move(self, choice: int) -> bool:
        lanes = self._lanes()
        if not lanes:
            return False
        lane = lanes[choice % len(lanes)]
        if isinstance(lane, Visit):
            self.server.take(lane)
        else:
            self._read(lane)
        return True

    def _lanes(self) -> list[Visit | Device]:
        """Who has a frame to read."""
        self.server.forget_closed()
        up: list[Visit | Device] = [v for v in self.server.visits if v.wire.up and not v.wire.is_stuck]
        down = [d for d in self.devices if d.wire is not None and d.wire.down and not d.wire.is_stuck]
        return up + down

    def _read(self, device: Device) -> None:
        try:
            device.take()
        except PowerCut:
            self.counts["died_inside"] += 1
            device.crash()
            return
        if device.session is not None and (device.session.failed or not device.session.is_open):
            device.hang_up()
        self._hang_up_the_dead()

    def _hang_up_the_dead(self) -> None:
        for device in self.devices:
            wire = device.wire
            if wire is not None and not wire.down and not any(v.wire is wire for v in self.server.visits):
                device.hang_up()

    def _do_commit(self, a: int, b: int) -> bool:
        if not self.server.waiting:
            return False
        try:
            self.server.commit()
        except PowerCut:
            self.counts["server_died_inside"] += 1
            self.server.crash()
            disarm()
        return True

    def _do_project(self, a: int, b: int) -> bool:
        try:
            return self.server.project(1 + b % 3)
        except PowerCut:
            self.counts["projector_died_inside"] += 1
            self.server.crash()
            disarm()
            return True

    def _do_wait(self, a: int, b: int) -> None:
        self.clock.now_ms += 1000 * (1 + b % 7200)

    def _do_look(self, a: int, b: int) -> None:
        """A member asks for a view; the run looks at the log meanwhile."""
        device = self._device(a)
        device.views.refresh()
        invariants.of_device(device)

    # Faults

    def _do_reset(self, a: int, b: int) -> bool:
        visit = self._visit(a)
        if visit is None:
            return False
        visit.wire.cut()
        self.server.forget_closed()
        self._hang_up_the_dead()
        return True

    def _on_its_way(self, a: int, b: int, least: int, befall: Callable[[Wire, str], bool]) -> bool:
        """Do something to the frames of a connection that has at least so many on their way."""
        self.server.forget_closed()
        wires = [device.wire for device in self.devices if device.wire is not None and device.wire.is_open]
        busy = [(wire, way) for wire in wires for way in ("up", "down") if len(wire.queue(way)) >= least]
        return bool(busy) and befall(*busy[a % len(busy)])

    def _do_drop(self, a: int, b: int) -> bool:
        return self._on_its_way(a, b, 1, lambda wire, way: wire.drop(way))

    def _do_double(self, a: int, b: int) -> bool:
        return self._on_its_way(a, b, 1, lambda wire, way: wire.double(way))

    def _do_swap(self, a: int, b: int) -> bool:
        return self._on_its_way(a, b, 2, lambda wire, way: wire.swap(way))

    def _do_flip(self, a: int, b: int) -> bool:
        return self._on_its_way(a, b, 1, lambda wire, way: wire.flip(way, b // 2))

    def _do_stall(self, a: int, b: int) -> bool:
        visit = self._visit(a)
        if visit is None:
            return False
        visit.wire.is_stuck = not visit.wire.is_stuck
        return True

    def _do_crash_device(self, a: int, b: int) -> None:
        self._device(a).crash()

    def _do_crash_device_inside(self, a: int, b: int) -> None:
        arm_client(CLIENT_POINTS[b % len(CLIENT_POINTS)])

    def _do_crash_server(self, a: int, b: int) -> None:
        self.server.crash()

    def _do_crash_server_inside(self, a: int, b: int) -> None:
        arm_server(SERVER_POINTS[b % len(SERVER_POINTS)])

    def _do_device_clock(self, a: int, b: int) -> None:
        self._device(a).skew_ms = CLOCK_JUMPS_MS[b % len(CLOCK_JUMPS_MS)] if b % 3 else 0

    def _do_server_clock(self, a: int, b: int) -> None:
        self.server.skew_ms = CLOCK_JUMPS_MS[b % 3] if b % 2 else 0

    def _do_wipe(self, a: int, b: int) -> None:
        disarm()
        self.server.wipe()
        self._invite_the_unknown()

    def _do_back_up_server(self, a: int, b: int) -> None:
        self.server.back_up()

    def _do_restore_server(self, a: int, b: int) -> bool:
        if not self.server.backup:
            self.server.back_up()
            return False
        disarm()
        self.server.restore()
        self._invite_the_unknown()
        return True

    def _do_erase_account(self, a: int, b: int) -> bool:
        try:
            return self.server.erase(self.members[a % len(self.members)][0].log.user)
        except PowerCut:
            # Whether it is erased now is what the ledger says; nothing was confirmed.
            self.counts["eraser_died_inside"] += 1
            self.server.crash()
            disarm()
            return True

    def _invite_the_unknown(self) -> None:
        """Who has a receipt is readmitted by it. Whoever has none joins again with an invite."""
        for member in self.standing:
            is_known = streams.find(self.server.connection, member[0].log.user) is not None
            if not is_known and not any(device.has_receipt() for device in member):
                self._admit(member[0])

    def _do_back_up(self, a: int, b: int) -> None:
        self._device(a).back_up()

    def _do_restore(self, a: int, b: int) -> bool:
        device = self._device(a)
        if device.backup is None:
            device.back_up()
            return False
        device.restore(is_noticed=bool(b % 4))
        return True

    # The end

    def heal(self) -> None:
        """Faults stop. Everything must settle in a bounded number of rounds, without a new write (I6)."""
        disarm()
        self.server.skew_ms = 0
        for visit in self.server.visits:
            visit.wire.cut()
        self.server.forget_closed()
        for device in self.devices:
            device.hang_up()
            device.skew_ms = 0
        self._invite_the_unknown()
        for _ in range(ROUNDS_MAX):
            self.clock.now_ms += 50
            busy = self._drain()
            self.server.commit()
            busy |= self._reconnect()
            if not busy and not self.server.waiting and not self._lanes() and self._is_quiet():
                return
        states = [(d.name, d.log.unsent_count(), d.session and d.session.failed) for d in self.devices]
        raise Violated(f"I6: not settled after {ROUNDS_MAX} rounds: {states}")

    def _drain(self) -> bool:
        moved = False
        while self._move(0):
            moved = True
        return moved

    def _reconnect(self) -> bool:
        """Connect whoever is not; a device that fell behind on this connection begins another."""
        reconnected = False
        for number, device in enumerate(self.devices):
            if device.session is None and not self.server.is_erased(device.log.user):
                reconnected |= self._do_connect(number, 0)
        return reconnected

    def _is_quiet(self) -> bool:
        return all(d.session is not None and d.session.settled for member in self.standing for d in member)


def run(schedule: Schedule, steps: Sequence[Step] | None = None) -> Outcome:
    """Carry out a schedule, or only some of its `steps`."""
    with grid(), remembered():
        system = System(schedule)
        violated = None
        try:
            for step in schedule.steps if steps is None else steps:
                system.step(step)
                invariants.after_step(system)
            system.heal()
            invariants.at_rest(system)
        except Violated as violation:
            violated = str(violation)
        except Exception as error:  # noqa: BLE001 -- whatever the product raises here is a finding with a seed
            violated = f"{type(error).__name__}: {error}"
    counts = system.counts
    for fault in FAULTS:
        counts.setdefault(fault, 0)
    return Outcome(violated, counts, sum(d.log.count for d in system.devices), system._trace.hexdigest())


def total(outcomes: Iterable[Outcome]) -> Counter[str]:
    """All counts of several runs."""
    together: Counter[str] = Counter()
    for outcome in outcomes:
        together.update(outcome.counts)
    return together
