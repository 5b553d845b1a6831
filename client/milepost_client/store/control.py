"""Control events as anybody reads them, without asking whether they count: that takes cryptography (`trusted.py`).

Standard library only: the append path imports this.
"""

from collections.abc import Mapping

from milepost_client.store.stored import Stored

ERASED = "entry.erased"

_FAMILIES = ("device.", "key.", "consent.", "pod.")


def is_control(type_: str) -> bool:
    """Whether a type is one of the control events, which the log layer itself reads (log.md)."""
    return type_.startswith(_FAMILIES) or type_ == ERASED


def facts_of(stored: Stored) -> Mapping[str, object]:
    """The facts of a control event; empty where they are absent or no JSON object."""
    # Only here: an append knows the facts it writes.
    import json

    if stored.event.facts is None:
        return {}
    try:
        facts = json.loads(stored.event.facts.text)
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}
