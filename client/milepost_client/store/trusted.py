"""Trust as this log tells it: which devices stand, which events count, and which user keys were issued to whom.

Reads the control events and hands them to `milepost.trust`, which decides; nothing here depends on the order of
arrival.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from milepost.chain import Leaf
from milepost.clock import Order
from milepost.errors import BadSignature
from milepost.event import INTEGER_MAX
from milepost.ids import from_base64url
from milepost.keys import AgreementKey, Enrolment, wrap_info
from milepost.sealing import UserKey
from milepost.trust import ENROLLED, Line, Naming, Revocation, Standing, enrolment_of, standing
from milepost_client.store.account import KEY_ISSUED, RECOVERY_NAME
from milepost_client.store.control import facts_of
from milepost_client.store.log import Log
from milepost_client.store.stored import Stored

LINEAGE_SETTING = "lineage"
"""JSON list of facts: the enrolments from the identity down to the device that enrolled this one."""
REVOKED = "device.revoked"
RENAMED = "device.renamed"


class Issue(NamedTuple):
    """One `key.issued` event: a user key by name, and its wraps to devices and (None) to recovery."""

    kid: bytes
    wraps: Mapping[bytes | None, bytes]
    author: bytes
    order: Order


class Trusted(NamedTuple):
    """What the control events of a log say. `enrolments` has every sound one, revoked devices included.

    `signing_keys` has the key of every device whose log is here, though its sponsor's may not have come yet: a device
    is named after its key, so heads can be checked before it is known whether they count.
    """

    user: bytes
    enrolments: Mapping[bytes, Enrolment]
    standing: Standing
    issues: tuple[Issue, ...]
    signing_keys: Mapping[bytes, bytes]

    def counts(self, stored: Stored) -> bool:
        """Whether an event belongs into views: its device stands, and no revocation cuts it off."""
        return self.standing.counts(stored.event.device, stored.line, stored.event.seq)

    def user_keys(self, device: bytes | None, key: AgreementKey) -> dict[bytes, bytes]:
        """The user keys (kid -> key) that were wrapped to a device, or to recovery (None), opened with its key."""
        keys: dict[bytes, bytes] = {}
        for issue in self.issues:
            wrapped = issue.wraps.get(device)
            if wrapped is None or issue.kid in keys:
                continue
            opened = key.unwrap(wrapped, wrap_info(self.user, issue.kid))
            # A wrap of another key under this name would seal text that no other device could open.
            if opened is not None and UserKey.of(opened).kid == issue.kid:
                keys[issue.kid] = opened
        return keys

    def sealing_key(self, keys: Mapping[bytes, bytes]) -> UserKey | None:
        """The key to seal new text under: the newest issue, by order, of which no wrap went to a revoked device.

        A kid is as new as its first issue; later ones only add wraps. None: a new key must be issued first.
        """
        first: dict[bytes, Order] = {}
        tainted: set[bytes] = set()
        for issue in self.issues:
            first[issue.kid] = min(first.get(issue.kid, issue.order), issue.order)
            if any(to is not None and self.standing.is_revoked(to) for to in issue.wraps):
                tainted.add(issue.kid)
        fit = [kid for kid in first if kid in keys and kid not in tainted]
        return UserKey.of(keys[max(fit, key=lambda kid: first[kid])]) if fit else None

    def lineage(self, device: bytes) -> list[Enrolment]:
        """The enrolments from the identity down to `device`."""
        found: list[Enrolment] = []
        by: bytes | None = device
        while by is not None and by in self.enrolments and self.enrolments[by] not in found:
            found.append(self.enrolments[by])
            by = found[-1].by
        return found[::-1]


def trusted(log: Log) -> Trusted:
    """Read the trust of a log from its control events."""
    events = log.control()
    lines = {line.n: line for line in _lines(log)}
    enrolments = [*_enrolments(events), *_lineage(log)]
    revocations = [revocation for stored in events for revocation in _revocation(log, stored)]
    namings = [naming for stored in events for naming in _namings(stored)]
    stands = standing(log.user, enrolments, revocations, lines, namings)
    rooted = standing(log.user, enrolments)
    issues = [issue for stored in events for issue in _issue(stored)]
    # What an account's outsider wrote issues no keys; what a revoked device wrote before its cut does.
    counting = {(each.event.device, each.order) for each in events if stands.counts(*_place(each))}
    return Trusted(
        log.user,
        rooted.devices,
        stands,
        tuple(issue for issue in issues if (issue.author, issue.order) in counting),
        {each.device: each.signing for each in enrolments},
    )


def set_aside(log: Log) -> list[Stored]:
    """The events of devices that were revoked or never enrolled, as far as they do not count: for the inbox."""
    trust = trusted(log)
    devices = {branch.device for branch in log.reader.branches()}
    if not any(trust.standing.is_revoked(device) or device not in trust.standing.devices for device in devices):
        return []
    return [stored for stored in log.since() if not trust.counts(stored)]


def _lines(log: Log) -> Iterator[Line]:
    branches = log.reader.branches()
    parents = log.places([branch.parent_n for branch in branches if branch.parent_n is not None])
    for branch in branches:
        parent = parents.get(branch.parent_n) if branch.parent_n is not None else None
        yield Line(branch.n, branch.device, branch.epoch, branch.first_seq, parent)


def _enrolments(events: Iterable[Stored]) -> Iterator[Enrolment]:
    for stored in events:
        if stored.event.type != ENROLLED:
            continue
        try:
            enrolment = enrolment_of(facts_of(stored))
        except BadSignature:
            # Not of the frozen shape: it enrols nobody, and the views list it.
            continue
        if enrolment.device == stored.event.device:
            yield enrolment


def _lineage(log: Log) -> list[Enrolment]:
    """The enrolments that pairing brought: they root this device before its first sync has brought the events."""
    text = log.setting(LINEAGE_SETTING)
    return [enrolment_of(facts) for facts in json.loads(text)] if text else []


def _revocation(log: Log, stored: Stored) -> Iterator[Revocation]:
    facts = facts_of(stored)
    device = _bytes(facts.get("device"), 16)
    leaves = facts.get("leaves")
    if stored.event.type != REVOKED or device is None or not isinstance(leaves, list):
        return
    found = (log.find(leaf) for leaf in _leaves(device, leaves))
    yield Revocation(stored.event.device, device, tuple(tip for tip in found if tip is not None))


def _leaves(device: bytes, listed: list[object]) -> Iterator[Leaf]:
    for each in listed:
        if not isinstance(each, dict):
            continue
        epoch, seq, hash_ = each.get("epoch"), each.get("seq"), _bytes(each.get("hash"), 32)
        if isinstance(epoch, int) and isinstance(seq, int) and 0 <= seq <= INTEGER_MAX and hash_ is not None:
            yield Leaf(device, epoch, seq, hash_)


def _namings(stored: Stored) -> Iterator[Naming]:
    author, line, seq = _place(stored)
    for issue in _issue(stored):
        yield from (Naming(author, line, seq, device) for device in issue.wraps if device is not None)
    if stored.event.type == RENAMED:
        named = _bytes(facts_of(stored).get("device"), 16)
        if named is not None:
            yield Naming(author, line, seq, named)


def _issue(stored: Stored) -> Iterator[Issue]:
    if stored.event.type != KEY_ISSUED:
        return
    facts = facts_of(stored)
    kid = _bytes(facts.get("kid"), 16)
    listed = facts.get("wraps")
    if kid is None or not isinstance(listed, list):
        return
    wraps: dict[bytes | None, bytes] = {}
    for each in listed:
        if not isinstance(each, dict):
            continue
        to, wrapped = each.get("to"), _bytes(each.get("wrap"))
        device = None if to == RECOVERY_NAME else _bytes(to, 16)
        if wrapped is not None and (device is not None or to == RECOVERY_NAME):
            wraps[device] = wrapped
    yield Issue(kid, wraps, stored.event.device, stored.order)


def _place(stored: Stored) -> tuple[bytes, int, int]:
    return stored.event.device, stored.line, stored.event.seq


def _bytes(value: object, size: int | None = None) -> bytes | None:
    try:
        raw = from_base64url(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return raw if raw is not None and size in (None, len(raw)) else None
