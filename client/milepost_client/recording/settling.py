"""Settling: the member's word on what the inbox lists, as one entry, which `undo` takes back like any other."""

from collections.abc import Sequence

from milepost.errors import NotFound
from milepost.projections.inbox import Inbox
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.entries import line

ACTS = ("keep", "dismiss", "accept")
_SAYS = {"keep": "kept", "dismiss": "dismissed", "accept": "accepted"}


def settling(desk: Desk, found: Inbox, act: str, name: str) -> Plan:
    """Keep one write of a conflict, accept an entry that was left out, or dismiss whatever the inbox lists.

    Raises NotFound where the inbox does not list the entry so.
    """
    target = line(desk.log.by_prefix(name), desk.seen)
    targets = _targets(found, act, target.id)
    if not targets:
        raise NotFound(
            f"the inbox has nothing to {act} about {target.short}", field="id", remedy="see: mp inbox --json"
        )
    intent = Intent("entry.settled", {"targets": targets, "as": act})
    details = (f"{target.type} {target.says}".strip(),)
    return Plan((intent,), _SAYS[act], target.subject, desk.today, details, "mp inbox")


def _targets(found: Inbox, act: str, target: str) -> list[str]:
    """The entries that are settled, the kept one first."""
    conflicts = [one.events for one in found.conflicts if target in one.events]
    match act:
        case "keep":
            return _together(target, conflicts)
        case "dismiss":
            doubles = [one.events for one in found.likely_doubles if target in one.events]
            alone = [*(one.event for one in found.set_aside), *found.left_out]
            return _together(target, [*conflicts, *doubles, *([event] for event in alone if event == target)])
        case _:
            return [target] if target in found.left_out else []


def _together(target: str, groups: Sequence[Sequence[str]]) -> list[str]:
    """The target, and whatever any of its groups holds beside it."""
    return list(dict.fromkeys((target, *(event for group in groups for event in group)))) if groups else []
