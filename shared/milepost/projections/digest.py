"""The view digest: what a device and the server compare, and whether they may.

SHA-256 over every digested entity and the SHA-256 of its canonical view, sorted. The label says what was folded, by
which code, up to where: two digests are compared only when their labels agree (log.md, Two digests).
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from milepost.projections.kinds import OWN_KINDS
from milepost.projections.label import Label
from milepost.projections.rows import kind_of

VIEW_LABEL = b"milepost/view/1\0"


class ViewDigest(NamedTuple):
    """A labelled digest."""

    label: Label
    digest: bytes


def view_digest(label: Label, entities: Iterable[tuple[str, bytes]]) -> ViewDigest:
    """The digest over (entity, digest of its view). Own kinds are left out; order does not matter."""
    digest = sha256(VIEW_LABEL)
    for part in (label.projection, str(label.version), label.catalogue, str(label.position)):
        digest.update(len(part).to_bytes(4, "big") + part.encode())
    for entity, of_view in sorted(entities):
        if kind_of(entity) not in OWN_KINDS:
            digest.update(len(entity).to_bytes(4, "big") + entity.encode() + of_view)
    return ViewDigest(label, digest.digest())


def why_not_comparable(own: Label, other: Label, unsent: int) -> str | None:
    """The reason why two digests say nothing about each other, or None when they do."""
    if unsent:
        return f"{unsent} entries are not sent yet"
    for field, mine, theirs in zip(Label._fields, own, other, strict=True):
        if mine != theirs:
            return f"{field} {mine} here, {theirs} there"
    return None
