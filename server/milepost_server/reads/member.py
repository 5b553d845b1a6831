"""A member, as far as they share by name with who reads."""

import msgspec

from milepost import wording
from milepost.disclosure.named import Card
from milepost.ids import base64url, from_base64url
from milepost_server.cohort import roster
from milepost_server.reads.cards import card_of
from milepost_server.reads.reader import PodSight, Reader, day_in, pod_sight_of, unseen
from milepost_server.reads.words import Said
from milepost_server.store import Connection
from milepost_server.store.members import Placed


class MemberPage(msgspec.Struct, frozen=True):
    """What a member shares with this reader. `scope` says it in the words that the member agreed to."""

    member: str
    name: str
    pod: str
    pod_name: str
    card: Card
    scope: list[str]


def member_page(connection: Connection, reader: Reader, pod_id: str, member: str, now_ms: int) -> MemberPage:
    """The page of a member of a pod. Raises NotFound where nothing of them is shared with this reader."""
    sight = pod_sight_of(connection, reader, pod_id)
    placed = found_member(connection, sight, member)
    said = Said(connection, sight.hears)
    card = card_of(connection, placed, sight.cohort, sight.audiences, said, day_in(sight.cohort, now_ms))
    if card is None:
        raise unseen()
    scope = wording.covered([one.family for one in card.scopes])
    return MemberPage(member, placed.name, sight.pod.pod, sight.pod.name, card, scope)


def found_member(connection: Connection, sight: PodSight, member: str) -> Placed:
    """The member of a pod with this key, in base64url. Raises NotFound."""
    try:
        user = from_base64url(member)
    except ValueError:
        raise unseen() from None
    for placed in roster.members(connection, sight.pod.pod):
        if placed.user == user and base64url(user) == member:
            return placed
    raise unseen()
