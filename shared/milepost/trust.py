"""Whose events count: enrolments that reach the identity, and what a revocation leaves standing (log.md).

A stream carries its own trust. Nothing here depends on the order of arrival: enrolments, revocations and the lines of
the log go in as sets, and the standing devices come out. Pure; both ends use it.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from milepost.errors import BadSignature
from milepost.ids import base64url, from_base64url
from milepost.keys import Enrolment, name_of, verify

ENROLLED = "device.enrolled"
BY_IDENTITY = "identity"


class Line(NamedTuple):
    """One unbranched run of a device's log: a fork and a new epoch each begin another.

    `parent` is (line, seq) of the event that the first event continues, None for a device's very first.
    """

    n: int
    device: bytes
    epoch: int
    first_seq: int
    parent: tuple[int, int] | None


class Revocation(NamedTuple):
    """A `device.revoked` event: who said it, from which place, and what the revoker held of the device.

    `tips` are the named leaves as (line, seq); leaves that this replica does not hold yet are left out.
    """

    by: bytes
    device: bytes
    tips: tuple[tuple[int, int], ...]


class Naming(NamedTuple):
    """An event that names a device (a wrap to it, a renaming): it can vouch for what a revoked device enrolled."""

    author: bytes
    line: int
    seq: int
    named: bytes


class Standing(NamedTuple):
    """The devices whose events count, and how far those of revoked ones do (line -> last seq that counts)."""

    devices: Mapping[bytes, Enrolment]
    cuts: Mapping[bytes, Mapping[int, int]]

    def counts(self, device: bytes, line: int, seq: int) -> bool:
        """Whether the event at (line, seq) of `device` belongs into views."""
        if device not in self.devices:
            return False
        cut = self.cuts.get(device)
        return cut is None or seq <= cut.get(line, 0)

    def is_revoked(self, device: bytes) -> bool:
        return device in self.cuts


def reach(lines: Mapping[int, Line], tips: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Line -> last seq that any of `tips` reaches through `prev`."""
    reached: dict[int, int] = {}
    for tip in tips:
        at: tuple[int, int] | None = tip
        while at is not None:
            n, seq = at
            if n not in lines or reached.get(n, 0) >= seq:
                break
            reached[n] = seq
            at = lines[n].parent
    return reached


def standing(
    user: bytes,
    enrolments: Iterable[Enrolment],
    revocations: Iterable[Revocation] = (),
    lines: Mapping[int, Line] | None = None,
    namings: Iterable[Naming] = (),
) -> Standing:
    """The devices of `user` that reach the identity, with the cuts of revoked ones.

    Revocations by devices that are themselves revoked count too: two that revoke each other are both out. An enrolment
    signed by a revoked device counts when an event that counts names the device.
    """
    lines = lines or {}
    rooted = _rooted(enrolment for enrolment in enrolments if _is_sound(user, enrolment))
    names = {enrolment.device for enrolment in rooted}
    tips: dict[bytes, list[tuple[int, int]]] = {}
    for revocation in revocations:
        if revocation.by in names:
            tips.setdefault(revocation.device, []).extend(revocation.tips)
    cuts = {device: reach(lines, tips[device]) for device in tips}
    return Standing(_vouched(rooted, cuts, list(namings)), cuts)


def _rooted(candidates: Iterable[Enrolment]) -> list[Enrolment]:
    """The enrolments whose signatures reach the identity; a device may have several."""
    # Sorted, the identity's own first: which enrolment stands must not hang on the order of arrival.
    waiting = sorted(set(candidates), key=lambda each: (each.by or b"", each.device, each.signed, each.signature))
    signing: dict[bytes, bytes] = {}
    rooted: list[Enrolment] = []
    grew = True
    while grew:
        grew = False
        for each in list(waiting):
            signer = each.identity if each.by is None else signing.get(each.by)
            if signer is None:
                continue
            waiting.remove(each)
            if verify(signer, each.signature, each.signed):
                signing[each.device] = each.signing
                rooted.append(each)
                grew = True
    return rooted


def _vouched(
    rooted: list[Enrolment], cuts: Mapping[bytes, Mapping[int, int]], namings: list[Naming]
) -> dict[bytes, Enrolment]:
    """The devices that stand: let in by the identity, by one that stands, or, where that one is revoked, named besides
    by an event that counts.

    Grown from nothing, so that devices which a revoked one let in cannot vouch for each other.
    """
    devices: dict[bytes, Enrolment] = {}
    grew = True
    while grew:
        grew = False
        so_far = Standing(devices, cuts)
        for each in rooted:
            if each.device not in devices and _stands(each, so_far, namings):
                devices[each.device] = each
                grew = True
    return devices


def _stands(enrolment: Enrolment, so_far: Standing, namings: list[Naming]) -> bool:
    if enrolment.by is None:
        return True
    if enrolment.by not in so_far.devices:
        return False
    return not so_far.is_revoked(enrolment.by) or any(
        naming.named == enrolment.device
        and naming.author != enrolment.device
        and so_far.counts(naming.author, naming.line, naming.seq)
        for naming in namings
    )


def _is_sound(user: bytes, enrolment: Enrolment) -> bool:
    return enrolment.user == user and name_of(enrolment.signing) == enrolment.device


def facts_of(enrolment: Enrolment) -> dict[str, str]:
    """The facts of a `device.enrolled` event."""
    return {
        "device": base64url(enrolment.device),
        "signing": base64url(enrolment.signing),
        "agreement": base64url(enrolment.agreement),
        "identity": base64url(enrolment.identity),
        "recovery": base64url(enrolment.recovery),
        "by": BY_IDENTITY if enrolment.by is None else base64url(enrolment.by),
        "signature": base64url(enrolment.signature),
    }


def enrolment_of(facts: Mapping[str, object]) -> Enrolment:
    """The enrolment in the facts of a `device.enrolled` event. Raises BadSignature when they are not of that shape."""
    by = facts.get("by")
    enrolment = Enrolment(
        _bytes(facts, "device", 16),
        _bytes(facts, "signing", 32),
        _bytes(facts, "agreement", 32),
        _bytes(facts, "identity", 32),
        _bytes(facts, "recovery", 32),
        None if by == BY_IDENTITY else _bytes(facts, "by", 16),
        _bytes(facts, "signature", 64),
    )
    enrolment.check_names()
    return enrolment


def _bytes(facts: Mapping[str, object], field: str, size: int) -> bytes:
    value = facts.get(field)
    try:
        raw = from_base64url(value) if isinstance(value, str) else b""
    except ValueError as error:
        raise BadSignature(f"enrolment: {error}", field=field) from None
    if len(raw) != size:
        raise BadSignature(f"enrolment: {field} is not {size} bytes of base64url", field=field)
    return raw
