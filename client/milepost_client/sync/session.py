"""The synchronous executor of the client's sync machine: frames in, frames out, the log in between.

`milepost.sync.client` decides, `milepost_client.store.replica` moves rows; this carries one to the other. No socket,
thread, clock or file: `milepost_client.sync.sync` owns those, and the simulation drives sessions directly.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple, assert_never

from milepost.chain import Batch, Leaf, Receipt, head_bytes
from milepost.clock import FIVE_MINUTES_MS
from milepost.errors import DataError
from milepost.event import Event
from milepost.ids import base64url
from milepost.keys import USER_KEY_BYTES, DeviceKeys, Wrap, name_of, wrap, wrap_info
from milepost.sealing import UserKey, seal
from milepost.sync import client as machine
from milepost.sync.effects import (
    Adopt,
    Behind,
    Caught,
    Close,
    Declined,
    Effect,
    Entered,
    Failed,
    Ingest,
    Load,
    LookUp,
    MarkReceived,
    Read,
    Readmit,
    Send,
    Settled,
    Store,
    Subscribe,
    Tell,
)
from milepost.sync.messages import ViewDigest
from milepost.trust import facts_of
from milepost_client.store.account import RECOVERY_NAME, compact, issued
from milepost_client.store.log import Log
from milepost_client.store.replica import Delivery, Outgoing, Receipted, Replica
from milepost_client.store.trusted import Trusted

# What one transaction stores at most. Another process may wait for it: log.md wants less than 50 ms.
COMMIT_EVENTS_MAX = 1000

CLOSE_OUR_DATA = 1011


class Peer(NamedTuple):
    """The server this device joined: the host it dials, and the key it pinned."""

    name: str
    key: bytes


class Notice(NamedTuple):
    """Something to say to the member: a stable code and a sentence."""

    code: str
    sentence: str


class Digests(NamedTuple):
    """What CaughtUp said, beside what is here: `set_agrees` is None where the two are not comparable."""

    position: int
    set_agrees: bool | None
    views: tuple[ViewDigest, ...]


class Session:
    """One connection's worth of sync, over an open log.

    Feed it frames and carry out what it returns (`Send`, `Close`, in order). `pushed` and `pulled` count events;
    `settled` turns true when a round is done, `failed` when the conversation is over.
    """

    def __init__(self, log: Log, keys: DeviceKeys, peer: Peer, *, software: str = "", wrap: Wrap = wrap) -> None:
        self.log = log
        self.peer = peer
        self.pushed = 0
        self.pulled = 0
        self.failed: Failed | None = None
        self.token = ""
        self.clock_off_ms = 0
        self.digests: Digests | None = None
        self.notices: list[Notice] = []
        self._keys = keys
        self._wrap = wrap
        self._replica = Replica(log, self._user_keys, keys.signing.sign)
        self._machine = machine.ClientSync(self._stand(software), keys.signing.sign, self._replica.holds_leaf)
        self._news: list[tuple[Delivery | Receipted, Store | None]] = []
        self._news_events = 0
        self._offered: dict[int, int] = {}
        self._heads: dict[bytes, bytes] = {}
        self._round_done = False
        self._position = log.cursor().position
        self._lacks_key = False

    @property
    def is_live(self) -> bool:
        """Whether everything that was there at the connection has been pulled."""
        return self._machine.is_live

    @property
    def is_open(self) -> bool:
        return self._machine.is_open

    @property
    def settled(self) -> bool:
        """Whether a round is done: all is exchanged, and the server's digest is of what is stored here."""
        return self._round_done and self.digests is not None and self.digests.position >= self._position

    def feed(self, *frames: bytes) -> list[Send | Close]:
        """Take frames off the wire. What they bring is durable when this returns."""
        answers: list[Send | Close] = []
        for frame in frames:
            answers += self._run(self._machine.feed(frame))
        return answers + self._flush()

    def appended(self) -> list[Send | Close]:
        """New local events are in the log: push them."""
        # Another process may have appended a key or an enrolment.
        self._replica.forget_trust()
        return self._run(self._machine.appended()) + self._flush()

    def begin_round(self) -> None:
        """Count from zero again: what was reported is reported once."""
        self._round_done = False
        self.pushed = self.pulled = 0
        self.notices = []

    def wake(self) -> list[Send | Close]:
        """Ask for another round: `settled` turns true again when everything known now is exchanged."""
        self._round_done = False
        return self._run(self._machine.wake()) + self._flush()

    def _run(self, effects: Sequence[Effect]) -> list[Send | Close]:
        answers: list[Send | Close] = []
        waiting = deque(effects)
        while waiting:
            effect = waiting.popleft()
            if isinstance(effect, Send | Close):
                answers.append(effect)
                continue
            if not isinstance(effect, Store | MarkReceived):
                # What follows must see what came before it.
                answers += self._flush()
            waiting.extendleft(reversed(self._carry_out(effect)))
            if self._news_events >= COMMIT_EVENTS_MAX:
                answers += self._flush()
        return answers

    def _carry_out(self, effect: Effect) -> Sequence[Effect]:
        match effect:
            case Store(batch, receipt, _):
                self._add(Delivery(batch, receipt), effect, receipt)
            case MarkReceived(receipt):
                head = self._heads.pop(receipt.last_hash, None)
                self._add(Receipted(receipt, head), None, receipt)
                # Without a head of ours the receipt repeats what an earlier push was told.
                self.pushed += receipt.last_seq - receipt.first_seq + 1 if head else 0
            case Load(_, count, own_only):
                return self._load(count, own_only)
            case Adopt(incarnation):
                self._position = 0
                self._replica.adopt(incarnation, name_of(self.peer.key))
            case Entered(token, _, server_time):
                self.token = token
                self._look_at_clock(server_time)
            case Caught(position, digest, views):
                self.digests = Digests(position, self._agrees(position, digest), views)
            case Settled():
                self._round_done = True
            case Behind(leaf):
                self._fall_behind(leaf)
            case Declined(code, sentence) | Tell(code, sentence):
                self.notices.append(Notice(code, sentence))
            case Failed():
                self.failed = effect
            case Send() | Close() | LookUp() | Readmit() | Subscribe() | Ingest() | Read():
                raise TypeError(f"{type(effect).__name__} is not for a client's session to carry out")
            case _:
                assert_never(effect)
        return ()

    # In

    def _add(self, news: Delivery | Receipted, effect: Store | None, receipt: Receipt) -> None:
        self._news.append((news, effect))
        self._news_events += receipt.last_seq - receipt.first_seq + 1

    def _flush(self) -> list[Send | Close]:
        """Commit what has come, then tell the machine."""
        news, self._news, self._news_events = self._news, [], 0
        if not news:
            return []
        try:
            self.pulled += self._replica.commit([each for each, _ in news])
        except DataError as error:
            # Nothing of it was stored; the cursor stands where it stood, and the next connection asks again.
            self.failed = Failed(error.code, f"what the server delivered does not verify: {error}", 0, False)
            return [Close(CLOSE_OUR_DATA, error.code)]
        answers: list[Send | Close] = []
        for _, effect in news:
            if effect is not None:
                self._position = effect.receipt.last_position
                answers += self._run(self._machine.stored(effect))
        if self._lacks_key and self._replica.keys:
            # What could not be sealed can be now, and nothing else would ask for it again.
            self._lacks_key = False
            answers += self._run(self._machine.appended())
        return answers

    def _agrees(self, position: int, digest: bytes) -> bool:
        return self._replica.set_digest_at(position) == digest

    def _fall_behind(self, leaf: Leaf) -> None:
        sentence = (
            f"the server knows seq {leaf.seq} of this device's epoch, which is not here: a copy or a restored backup"
        )
        self.log.want_epoch(sentence)
        self.notices.append(Notice("FORK", f"{sentence}; new entries go into an epoch of their own"))

    def _look_at_clock(self, server_time: int) -> None:
        self.clock_off_ms = self.log.world.now_ms() - server_time
        if abs(self.clock_off_ms) > FIVE_MINUTES_MS:
            minutes = abs(self.clock_off_ms) // 60_000
            way = "ahead of" if self.clock_off_ms > 0 else "behind"
            sentence = f"the clock of this device is {minutes} minutes {way} the server's"
            self.notices.append(Notice("CLOCK", f"{sentence}; set it, entries are kept as they are"))

    # Out

    def _load(self, count: int, own_only: bool) -> Sequence[Effect]:
        """Offer what the server lacks, sealed under a key that no revoked device has."""
        effects: list[Effect] = []
        key = self._sealing_key()
        if key is None:
            return self._machine.offered(more=False)
        # The offered lines are copied: they change while the batches are read.
        lacking = self._replica.pushes(own_only=own_only, after=dict(self._offered))
        for outgoing in islice(lacking, count):
            batch = self._signed(outgoing, key)
            self._offered[outgoing.line] = batch.last.seq
            self._heads[batch.last.hash] = batch.signature
            effects += self._machine.offer(batch, outgoing.old)
        more = self._replica.lacks(own_only=own_only, after=self._offered)
        return effects + list(self._machine.offered(more=more))

    def _signed(self, outgoing: Outgoing, key: UserKey) -> Batch:
        events = tuple(sealed(event, key) for event in outgoing.batch.events)
        signature = outgoing.batch.signature or self._keys.signing.sign(head_bytes(events[-1]))
        return Batch(events, signature)

    def _sealing_key(self) -> UserKey | None:
        trust = self._replica.trust
        key = trust.sealing_key(self._replica.keys)
        if key is not None:
            return key
        if trust.standing.is_revoked(self.log.device):
            self.notices.append(Notice("REVOKED", "this device was revoked; what it writes now stays here"))
            return None
        if not self._replica.keys and not self._may_issue_first(trust):
            # Its enrolment came without a key it can open. Sending without the texts would lose them to the others.
            if self._machine.is_live:
                remedy = "sync the device that paired this one, or pair it again"
                self.notices.append(Notice("LOCKED", f"no key of the account opens here yet; {remedy}"))
            self._lacks_key = True
            return None
        return self._issue_key(trust)

    def _may_issue_first(self, trust: Trusted) -> bool:
        """Only the device that began the account may: whoever was let in by another gets the key from there."""
        own = trust.enrolments.get(self.log.device)
        return not trust.issues and own is not None and own.by is None

    def _issue_key(self, trust: Trusted) -> UserKey:
        """A new user key for every device that stands, and recovery: a revoked device knows the old one."""
        key = UserKey.of(self.log.world.random(USER_KEY_BYTES))
        info = wrap_info(trust.user, key.kid)
        wraps: dict[str, bytes] = {}
        for device, enrolment in sorted(trust.standing.devices.items()):
            if not trust.standing.is_revoked(device):
                wraps[base64url(device)] = self._wrap(key.key, enrolment.agreement, info)
                wraps[RECOVERY_NAME] = self._wrap(key.key, enrolment.recovery, info)
        self.log.append([issued(self.log.world, key.kid, wraps)])
        self._replica.forget_trust()
        self.notices.append(Notice("KEY", "a new key was issued, because a device that had the old one was revoked"))
        return key

    def _user_keys(self, trust: Trusted) -> Mapping[bytes, bytes]:
        return trust.user_keys(self._keys.device, self._keys.agreement)

    def _stand(self, software: str) -> machine.Replica:
        log, replica = self.log, self._replica
        cursor = log.cursor()
        return machine.Replica(
            user=log.user,
            device=log.device,
            epoch=log.epoch,
            mark=log.mark,
            software=software,
            leaves=tuple(log.leaves()),
            incarnation=cursor.incarnation,
            position=cursor.position,
            enrolments=tuple(compact(facts_of(each)) for each in replica.trust.lineage(log.device)),
            newest_receipt=replica.newest_receipt(),
            name=self.peer.name,
            server_key=self.peer.key,
        )


class Glance(Session):
    """A session that only proves itself and takes the token: nothing is pushed, pulled or stored.

    `settled` turns true once it was let in; `incarnation` is the one of the server's data.
    """

    incarnation: bytes | None = None

    @property
    def settled(self) -> bool:
        return bool(self.token)

    def _carry_out(self, effect: Effect) -> Sequence[Effect]:
        match effect:
            case Adopt(incarnation):
                self.incarnation = incarnation
            case Entered(token):
                # Where it is another one, Adopt follows.
                self.incarnation = self.log.cursor().incarnation
                self.token = token
            case Failed():
                self.failed = effect
            case _:
                pass
        return ()


def sealed(event: Event, key: UserKey) -> Event:
    """The event as it leaves this device: its text under a key of the account."""
    if event.private is None:
        return event
    return event._replace(private=None, sealed=seal(key, event.hash, event.private))
