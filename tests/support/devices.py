"""A member's devices in memory: real keys, real events, real batches, and no client.

Whoever tests the server or the protocol drives these; randomness comes from a seed, so a failure repeats itself.
"""

import json
import random
from collections.abc import Iterable, Mapping, Sequence

from milepost import clock
from milepost.chain import Batch, Leaf, head_bytes
from milepost.event import ZERO, Event, Part, make
from milepost.ids import base64url
from milepost.keys import DeviceKeys, Enrolment, Identity, SigningKey, enrol
from milepost.trust import ENROLLED, facts_of

START_MS = 1_767_225_600_000
"""2026-01-01, when every made-up history begins."""


class Member:
    """An account: an identity, and the devices enrolled under it."""

    def __init__(self, seed: int = 0) -> None:
        self.random = random.Random(seed)
        self.identity = Identity.from_secret(self.random.randbytes(16))
        self.user = self.identity.user

    def device(self, by: "Device | None" = None) -> "Device":
        """A new device, enrolled by the identity or by another device; its first event is made."""
        keys = DeviceKeys.from_seeds(self.random.randbytes(32), self.random.randbytes(32))
        signer: SigningKey = by.keys.signing if by else self.identity.signing
        identity, recovery = self.identity.signing.public, self.identity.recovery.public
        return Device(self, keys, enrol(keys, identity, recovery, by.id if by else None, signer))


class Device:
    """One device and its log. `events` is everything it wrote, oldest first."""

    def __init__(self, member: Member, keys: DeviceKeys, enrolment: Enrolment) -> None:
        self.member = member
        self.keys = keys
        self.id = keys.device
        self.enrolment = enrolment
        self.epoch = member.random.randrange(1, 1 << 32)
        self.now_ms = START_MS
        self.events: list[Event] = []
        self.write(ENROLLED, facts_of(enrolment))

    def write(
        self,
        type: str,
        facts: Mapping[str, object] | None,
        *,
        after: Event | None = None,
        sealed: bytes | None = None,
        private: Part | None = None,
    ) -> Event:
        """Append an event; `after` continues another event of this log than the last: a fork."""
        before = after or (self.events[-1] if self.events else None)
        same_epoch = before is not None and before.epoch == self.epoch
        self.now_ms += 1000
        event = make(
            user=self.member.user,
            device=self.id,
            epoch=self.epoch,
            seq=before.seq + 1 if before and same_epoch else 1,
            hlc=clock.tick(self.now_ms, before.hlc if before else 0, 0),
            nonce=self.member.random.randbytes(10),
            on=self.now_ms // 86_400_000,
            offset=60,
            type=type,
            version=1,
            prev=before.hash if before else ZERO,
            facts=None if facts is None else Part(self.member.random.randbytes(16), compact(facts)),
            private=private,
        )
        event = event._replace(private=None, sealed=sealed)
        self.events.append(event)
        return event

    def write_many(self, count: int) -> list[Event]:
        """`count` ordinary entries."""
        return [self.write("time.spent", {"minutes": number % 1440 + 1}) for number in range(count)]

    def begin_epoch(self) -> None:
        """Go on as a copy does: under a new epoch, whose first event continues the last."""
        self.epoch = self.member.random.randrange(1, 1 << 32)

    def batch(self, events: Sequence[Event] | None = None) -> Batch:
        """`events` (all, when not given) under this device's head."""
        events = tuple(self.events if events is None else events)
        return Batch(events, self.keys.signing.sign(head_bytes(events[-1])))

    def batches(self, size: int) -> Iterable[Batch]:
        """The whole log in batches of `size`."""
        return [self.batch(self.events[at : at + size]) for at in range(0, len(self.events), size)]

    @property
    def leaf(self) -> Leaf:
        last = self.events[-1]
        return Leaf(last.device, last.epoch, last.seq, last.hash)

    @property
    def enrolment_facts(self) -> dict[str, str]:
        return {**facts_of(self.enrolment), "user": base64url(self.member.user)}


def compact(facts: Mapping[str, object]) -> bytes:
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
