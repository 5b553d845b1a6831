"""Copying entries into another account's log: what a paired device recorded before it was paired.

Each becomes a new event with `from`, the id it had, so that a repeat counts once; where an entry names another that was
copied (a retraction its target), the copy names the copy. Control events stay behind: they spoke about the old account.
"""

import json
from collections.abc import Iterable, Mapping

from milepost.catalogue import SEALED_TYPE
from milepost.event import Event, Part
from milepost.ids import base32
from milepost_client.store.account import compact
from milepost_client.store.control import is_control
from milepost_client.store.drafts import Draft
from milepost_client.store.log import Log
from milepost_client.store.stored import Stored

FROM = "from"


def copy_entries(entries: Iterable[Stored], new: Log) -> int:
    """Append a copy of each entry, in their order, to `new`, all or none; returns how many."""
    copies: dict[str, str] = {}
    with new.transaction():
        for stored in entries:
            draft = _copy(stored.event, copies)
            if draft is not None:
                (event,) = new.write([draft])
                copies[base32(stored.event.id)] = base32(event.id)
    return len(copies)


def _copy(event: Event, copies: Mapping[str, str]) -> Draft | None:
    facts, private = _read(event.facts, copies), _read(event.private, copies)
    if is_control(event.type) or facts is private is None:
        return None
    name = base32(event.id)
    if facts is not None:
        facts[FROM] = name
    elif private is not None:
        # A sealed type keeps its fields one level down, beside its true name.
        inner = private.get("private") if event.type == SEALED_TYPE else None
        (inner if isinstance(inner, dict) else private)[FROM] = name
    return Draft(
        event.type,
        event.version,
        event.on,
        event.offset,
        None if facts is None else compact(facts),
        None if private is None else compact(private),
    )


def _read(part: Part | None, copies: Mapping[str, str]) -> dict[str, object] | None:
    """The object in a part, with the ids of copied entries in place of the old; None where there is none."""
    if part is None:
        return None
    try:
        value = json.loads(part.text)
    except (ValueError, RecursionError):
        return None
    renamed = _renamed(value, copies)
    return renamed if isinstance(renamed, dict) else None


def _renamed(value: object, copies: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return copies.get(value, value)
    if isinstance(value, list):
        return [_renamed(item, copies) for item in value]
    if isinstance(value, dict):
        return {key: _renamed(item, copies) for key, item in value.items()}
    return value
