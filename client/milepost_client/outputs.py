"""The named outputs of a milestone: ids are facts, their labels private; only entries hold both."""

from milepost_client.entries import matching
from milepost_client.log import Log
from milepost_client.seen import Seen

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
