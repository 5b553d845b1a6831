"""The view digest: what a device and the server compare, and whether they may.

A sum, modulo 2^256, of one SHA-256 for every digested entity and its canonical view: free of order, and kept up to date
with each view that changes, so that asking costs the same after a hundred thousand entries. A sum is not safe against
somebody who searches for views that cancel out; it finds drift, and the events themselves are under the set digest. The
label says what was folded, by which code, up to where: only digests of one label are compared (log.md, Two digests).
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from milepost.projections.kinds import OWN_KINDS
from milepost.projections.label import Label
from milepost.projections.rows import kind_of

VIEW_LABEL = b"milepost/view/1\0"
SUM_BYTES = 32
MODULUS = 1 << 8 * SUM_BYTES


class ViewDigest(NamedTuple):
    """A labelled digest."""

    label: Label
    digest: bytes


def term(entity: str, of_view: bytes) -> int:
    """What an entity, with the digest of its view, adds to the sum; own kinds add nothing."""
    if kind_of(entity) in OWN_KINDS:
        return 0
    return int.from_bytes(sha256(len(entity).to_bytes(4, "big") + entity.encode() + of_view).digest(), "big")


def total(entities: Iterable[tuple[str, bytes]]) -> int:
    """The sum over (entity, digest of its view)."""
    return sum(term(entity, of_view) for entity, of_view in entities) % MODULUS


def view_digest(label: Label, sum_: int) -> ViewDigest:
    """The labelled digest of views with that sum."""
    digest = sha256(VIEW_LABEL)
    for part in (label.projection, str(label.version), label.catalogue, str(label.position)):
        digest.update(len(part).to_bytes(4, "big") + part.encode())
    digest.update(sum_.to_bytes(SUM_BYTES, "big"))
    return ViewDigest(label, digest.digest())
