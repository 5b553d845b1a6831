"""Control events as anybody reads them, without asking whether they count: that takes cryptography (`trusted.py`)."""

import json
from collections.abc import Mapping

from milepost_client.store.log import Stored


def facts_of(stored: Stored) -> Mapping[str, object]:
    """The facts of a control event; empty where they are absent or no JSON object."""
    if stored.event.facts is None:
        return {}
    try:
        facts = json.loads(stored.event.facts.text)
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}
