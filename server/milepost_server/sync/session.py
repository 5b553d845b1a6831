"""A session: one connection's protocol, carried out against the store. Synchronous, and knows no socket.

The machine in `milepost.sync.server` says what should happen; a Session turns it into steps for its shell:

    Frame   put it on the wire              End    close the socket, after what was sent
    Task    run a job against the store, then hand its result to `done`, which gives the next steps
    Grew    the stream has grown: wake the member's other sessions
    Entered the device has proved itself: count it among the member's sockets

`socket.py` is such a shell over asyncio; the simulation is another, without threads.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from milepost.admission import check_enrolment
from milepost.chain import Batch, Receipt, set_digest
from milepost.errors import BadSignature, LimitExceeded, MilepostError
from milepost.ids import base64url
from milepost.keys import Enrolment, verify
from milepost.sync import effects, frames
from milepost.sync import messages as m
from milepost.sync.server import Account, Delivery, Place, ServerSync
from milepost.trust import enrolment_of, reach, standing
from milepost_server.store import Connection, Job, control, events, streams
from milepost_server.store.keyfile import ServerKey
from milepost_server.sync import tokens
from milepost_server.sync.ingest import Accepted, Ingest, Push, Refusal, Shelf, enrol, erased_sentence
from milepost_server.world import World

CLOSE_INTERNAL = 1011
CLOSE_RESTART = 1012
CLOSE_POLICY = 1008
CLOSE_BUSY = 1013
CLOSE_REPLACED = 4001

NONCE_BYTES = 32

#: What up-to-date view digests a stream has, from the read models.
Digests: TypeAlias = Callable[[Connection, streams.Stream], Sequence[m.ViewDigest]]


class Meeting(NamedTuple):
    """What every session of one server shares."""

    key: ServerKey
    ingest: Ingest
    world: World
    place: Place
    digests: Digests


class Frame(NamedTuple):
    """Put this on the wire."""

    data: bytes


class End(NamedTuple):
    """Close the socket with this code and reason."""

    code: int
    reason: str


class Task(NamedTuple):
    """Run `job` in a write group, or in a snapshot when `reads`; hand the result to `Session.done`."""

    job: Job[Any]
    then: Callable[[Any], "list[Step]"]
    reads: bool


class Entered(NamedTuple):
    """The device is who it says; `mark` names its installation."""

    user: bytes
    device: bytes
    epoch: int
    mark: bytes


class Grew(NamedTuple):
    """The member's stream stands at `head`; `control` tells that a control event is among what is new."""

    user: bytes
    head: int
    control: bool


Step: TypeAlias = Frame | End | Task | Entered | Grew


class _Found(NamedTuple):
    """A LookUp's answer: the account for the machine, and what the session keeps of it."""

    account: Account | None
    stream: int
    device: int
    is_copy: bool
    held: dict[int, int]


_NOT_FOUND = _Found(None, 0, 0, False, {})


class _Gone(NamedTuple):
    """Why a conversation that was under way has nobody to be with any more."""

    code: str
    sentence: str


class Session:
    """One connection."""

    def __init__(self, meeting: Meeting) -> None:
        self._meeting = meeting
        world = meeting.world
        self._machine = ServerSync(meeting.place, world.random(NONCE_BYTES), world.now_ms())
        self._token = base64url(world.random(tokens.TOKEN_BYTES))
        self._stream = 0
        self._device = 0
        # Line -> last seq the client is known to hold: such batches travel as their receipt alone.
        self._held: dict[int, int] = {}

    @property
    def is_welcomed(self) -> bool:
        return self._machine.is_welcomed

    def open(self) -> list[Step]:
        """The first steps of a connection."""
        return self._steps(self._machine.open())

    def feed(self, frame: bytes) -> list[Step]:
        """Take one frame off the wire."""
        return self._steps(self._machine.feed(frame))

    def done(self, task: Task, result: Any) -> list[Step]:
        """A task has been carried out; for one that writes: its commit is on disk."""
        return task.then(result)

    def failed(self, task: Task, error: BaseException) -> list[Step]:
        """A task has raised: the fault is ours, and the client tries again later."""
        return self.end("INTERNAL", "the server failed on this; it has been noted", CLOSE_INTERNAL, 30)

    def wake(self, grew: Grew) -> list[Step]:
        """Somebody else's push has made the stream grow."""
        if grew.control:
            return [Task(self._look_whether_gone, lambda gone: self._awake(grew.head, gone), reads=True)]
        return self._steps(self._machine.wake(grew.head))

    def notice(self, code: str, sentence: str) -> list[Step]:
        """Tell the client something."""
        return self._steps(self._machine.notice(code, sentence))

    def end(self, code: str, sentence: str, close: int, retry_after: int = 0) -> list[Step]:
        """End the conversation with a reason."""
        return self._steps(self._machine.end(code, sentence, close, retry_after))

    def farewell(self, retry_after: int) -> list[Step]:
        """The server is stopping: come back after `retry_after` seconds."""
        bye = frames.encode(m.Bye("RESTART", "the server is restarting", retry_after))
        return [Frame(bye), End(CLOSE_RESTART, "RESTART")]

    def _steps(self, asked: Sequence[effects.Effect]) -> list[Step]:
        steps: list[Step] = []
        for effect in asked:
            match effect:
                case effects.Send(frame):
                    steps.append(Frame(frame))
                case effects.Close(code, reason):
                    steps.append(End(code, reason))
                case effects.LookUp(hello):
                    steps.append(self._looking(hello))
                case effects.Readmit(hello, enrolments, receipt):
                    steps.append(self._readmission(hello, enrolments, receipt))
                case effects.Subscribe(hello):
                    steps.append(Entered(hello.user, hello.device, hello.epoch, hello.mark))
                case effects.Ingest():
                    steps.append(self._push(effect))
                case effects.Read(after, count):
                    steps.append(self._delivery(after, count))
                case _:
                    raise AssertionError(f"{type(effect).__name__} is for a client")
        return steps

    # Meeting a device

    def _looking(self, hello: m.Hello) -> Task:
        return Task(lambda c: self._look_up(c, hello), self._looked_up, reads=True)

    def _look_up(self, connection: Connection, hello: m.Hello) -> _Found:
        stream = streams.find(connection, hello.user)
        if stream is None or stream.kind != streams.MEMBER or stream.state != streams.OPEN:
            return _NOT_FOUND
        device = streams.device(connection, stream.n, hello.device)
        if device is None:
            return _NOT_FOUND
        standing = control.standing_of(connection, stream)
        account = Account(
            signing_key=device.signing,
            is_revoked=bool(device.revoked) or hello.device not in standing.devices,
            incarnation=self._meeting.ingest.incarnation,
            leaves=tuple(streams.leaves(connection, stream.n)),
            position=stream.head,
            control_position=stream.last_control,
            token=self._token,
            token_seconds=tokens.TOKEN_SECONDS,
        )
        is_copy = device.epoch == hello.epoch and device.mark is not None and device.mark != hello.mark
        return _Found(account, stream.n, device.n, is_copy, _held(connection, stream.n, hello))

    def _looked_up(self, found: _Found) -> list[Step]:
        asked = self._machine.looked_up(found.account)
        hello = self._machine.hello
        if hello is None:
            return self._steps(asked)
        self._stream, self._device, self._held = found.stream, found.device, found.held
        # The token must work from the moment the client has it, so it is on disk before the Welcome goes out.
        return [Task(lambda c: self._enter(c, hello), lambda head: self._entered(asked, found, head), reads=False)]

    def _enter(self, connection: Connection, hello: m.Hello) -> int | _Gone:
        """Note the visit; the stream's head as of now, unless the account was erased since the look-up."""
        stream = streams.get(connection, self._stream)
        if stream.state == streams.ERASED:
            return _gone(connection, stream)
        now_ms = self._meeting.world.now_ms()
        tokens.issue(connection, self._stream, hello.device, self._token, now_ms)
        streams.saw(connection, self._device, now_ms, hello.mark, hello.epoch)
        return stream.head

    def _entered(self, asked: Sequence[effects.Effect], found: _Found, head: int | _Gone) -> list[Step]:
        if isinstance(head, _Gone):
            return self._leave(head)
        # What came in between the look-up and now was announced to others before this session could hear it.
        steps = self._steps(asked) + self._steps(self._machine.wake(head))
        if found.is_copy:
            steps += self.notice(
                "COPY", "another installation has written under this device's epoch; this one begins a new one"
            )
        return steps

    def _readmission(self, hello: m.Hello, enrolments: tuple[bytes, ...], receipt: Receipt | None) -> Task:
        def job(connection: Connection) -> _Found:
            stream = streams.find(connection, hello.user)
            if stream is not None and stream.state == streams.ERASED:
                return self._found_erased(hello, enrolments, erased_sentence(connection, stream))
            self._readmit(connection, hello, enrolments, receipt)
            return self._look_up(connection, hello)

        return Task(job, self._looked_up, reads=False)

    def _found_erased(self, hello: m.Hello, enrolments: Sequence[bytes], sentence: str) -> _Found:
        """What a device of an erased account is told, once it has proved that it is one: nothing of it is here."""
        shown = [enrolment for enrolment in map(_read_enrolment, enrolments) if enrolment is not None]
        own = standing(hello.user, shown).devices.get(hello.device)
        if own is None:
            return _NOT_FOUND
        incarnation = self._meeting.ingest.incarnation
        return _NOT_FOUND._replace(account=Account(own.signing, False, incarnation, (), 0, 0, "", 0, sentence))

    def _readmit(
        self, connection: Connection, hello: m.Hello, enrolments: tuple[bytes, ...], receipt: Receipt | None
    ) -> None:
        """Enrol the devices that are shown, as far as each reaches the identity through those before it.

        A stream that is not here is opened only for a member of before: a receipt under this server's key says so.
        """
        stream = streams.find(connection, hello.user)
        if stream is None:
            if receipt is None or not self._is_ours(receipt, hello.user):
                return
            stream = streams.open_stream(connection, hello.user, streams.MEMBER)
        for text in enrolments:
            enrolment = _read_enrolment(text)
            shelf = Shelf(connection, stream.n)
            if enrolment is None or shelf.device(enrolment.device) is not None:
                continue
            try:
                check_enrolment(hello.user, enrolment.device, enrolment, shelf)
                enrol(connection, stream.n, enrolment)
            except (BadSignature, LimitExceeded):
                return

    def _is_ours(self, receipt: Receipt, user: bytes) -> bool:
        key = self._meeting.key
        return (
            receipt.user == user
            and receipt.key_id == key.key_id
            and verify(key.public, receipt.signature, receipt.signed)
        )

    # Taking and giving batches

    def _push(self, asked: effects.Ingest) -> Task:
        push, user = Push(asked.batch, asked.receipt), asked.batch.first.user
        ingest, now_ms = self._meeting.ingest, self._meeting.world.now_ms

        def job(connection: Connection) -> Accepted | Refusal:
            return ingest.push(connection, user, push, now_ms())

        return Task(job, lambda result: self._pushed(asked, result), reads=False)

    def _pushed(self, asked: effects.Ingest, result: Accepted | Refusal) -> list[Step]:
        if isinstance(result, Refusal):
            return self._steps(self._machine.refused(asked, result.code, result.sentence, result.known))
        for span in result.lines:
            self._held[span.line] = max(self._held.get(span.line, 0), span.last)
        steps = self._steps(self._machine.ingested([self._signed(each) for each in result.receipts], asked.answers))
        if result.is_fork:
            steps += self.notice("FORK", "another event stood at this place already; both are kept")
        if result.grew:
            steps.append(Grew(asked.batch.first.user, result.head, result.has_control))
            steps += self._steps(self._machine.wake(result.head))
        return steps

    def _delivery(self, after: int, count: int) -> Task:
        ingest = self._meeting.ingest

        def job(connection: Connection) -> _Reading:
            stream = streams.get(connection, self._stream)
            found = events.headings_after(connection, stream, after, count, ingest.incarnation, ingest.key_id)
            deliveries = [Delivery(each.receipt, self._lacking(connection, stream, each)) for each in found]
            if found and found[-1].receipt.last_position < stream.head:
                return _Reading(deliveries, stream.head, b"", ())
            digest = set_digest(streams.leaves(connection, stream.n), events.all_erased(connection, stream.n))
            return _Reading(deliveries, stream.head, digest, self._meeting.digests(connection, stream))

        return Task(job, self._read, reads=True)

    def _read(self, reading: "_Reading") -> list[Step]:
        deliveries = [each._replace(receipt=self._signed(each.receipt)) for each in reading.deliveries]
        return self._steps(self._machine.read(deliveries, reading.head, reading.set_digest, reading.views))

    def _lacking(self, connection: Connection, stream: streams.Stream, heading: events.Heading) -> Batch | None:
        """The batch, unless the client holds it: then its receipt goes alone, and its events need not be read."""
        is_held = heading.receipt.last_seq <= self._held.get(heading.line, 0)
        return None if is_held else events.batch_of(connection, stream, heading)

    def _signed(self, receipt: Receipt) -> Receipt:
        # Ed25519 gives the same signature for the same receipt each time, so none is stored.
        return receipt._replace(signature=self._meeting.key.signing.sign(receipt.signed))

    def _look_whether_gone(self, connection: Connection) -> _Gone | None:
        hello = self._machine.hello
        stream = streams.get(connection, self._stream)
        if stream.state == streams.ERASED:
            return _gone(connection, stream)
        device = streams.device(connection, stream.n, hello.device) if hello else None
        return _Gone("REVOKED", "this device was revoked") if device is None or device.revoked else None

    def _awake(self, head: int, gone: _Gone | None) -> list[Step]:
        return self._leave(gone) if gone else self._steps(self._machine.wake(head))

    def _leave(self, gone: _Gone) -> list[Step]:
        return self.end(gone.code, gone.sentence, CLOSE_POLICY)


class _Reading(NamedTuple):
    deliveries: list[Delivery]
    head: int
    set_digest: bytes
    views: Sequence[m.ViewDigest]


def _gone(connection: Connection, stream: streams.Stream) -> _Gone:
    return _Gone("ERASED", erased_sentence(connection, stream))


def _held(connection: Connection, stream: int, hello: m.Hello) -> dict[int, int]:
    """Line -> last seq, as far as the leaves in the Hello reach."""
    tips: list[tuple[int, int]] = []
    for leaf in hello.leaves:
        device = streams.device(connection, stream, leaf.device)
        line = events.line_at(connection, device.n, leaf.epoch, leaf.seq, leaf.hash) if device else None
        if line is not None:
            tips.append((line, leaf.seq))
    return reach(streams.lines(connection, stream), tips)


def _read_enrolment(text: bytes) -> Enrolment | None:
    try:
        facts = json.loads(text)
        return enrolment_of(facts) if isinstance(facts, dict) else None
    except (ValueError, RecursionError, MilepostError):
        return None
