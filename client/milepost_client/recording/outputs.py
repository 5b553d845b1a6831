"""The named outputs of a milestone: ids are facts, their labels private; only entries hold both."""

from collections.abc import Sequence

from milepost.errors import UsageError
from milepost_client.recording.commands import Desk
from milepost_client.recording.entries import matching
from milepost_client.recording.seen import Seen
from milepost_client.store.log import Log

_PLANS_MAX = 100


def named_outputs(log: Log, seen: Seen, milestone: str) -> list[tuple[str, str]]:
    """Each output's id and label, as the newest plan that stands names them."""
    plans = matching(log, seen, since=None, type_="milestone.planned", about=milestone, limit=_PLANS_MAX)
    standing = [plan for plan in plans if not plan.is_struck and plan.values.get("milestone") == milestone]
    if not standing:
        return []
    values = max(standing, key=lambda plan: plan.stored.at).values
    ids, labels = values.get("outputs"), values.get("output_labels")
    ids = ids if isinstance(ids, list) else []
    labels = labels if isinstance(labels, list) else []
    return [(str(id_), str(labels[place]) if place < len(labels) else "") for place, id_ in enumerate(ids)]


def find_output(desk: Desk, milestones: Sequence[str], typed: str, field: str) -> str:
    """The id of the output that `typed` names among those of these milestones: its label, its number, or its id.

    Raises UsageError without a milestone, and with the labels there are for any other name.
    """
    if not milestones:
        raise UsageError(
            f"--{field} {typed!r} belongs to a milestone", field=field, remedy="name it too: --of redesign"
        )
    known = [named for milestone in milestones for named in named_outputs(desk.log, desk.seen, milestone)]
    wanted = typed.casefold()
    for number, (id_, label) in enumerate(known, 1):
        if wanted in (label.casefold(), id_, str(number)):
            return id_
    labels = ", ".join(label for _, label in known) or "none"
    raise UsageError(f"{typed!r} is no output of that milestone", field=field, remedy=f"it names: {labels}")
