"""Figures of read models: building them anew."""

import json
from collections.abc import Iterator, Sequence

from milepost_client.device.world import SYSTEM
from milepost_client.store.drafts import Draft
from milepost_client.store.log import Log
from milepost_client.views.views import Views
from tests.benchmarks.measure import Figure, Goal, Sample, seconds_of
from tests.benchmarks.workshop import Workshop

REBUILD = Figure(
    "rebuild",
    "rebuild of all read models of a device",
    "in-memory fold with decode",
    "events/s",
    Goal(0.15, is_ceiling=False),
)


def rebuild(shop: Workshop) -> Iterator[Sample]:
    home, drafts = shop.imported(0).home, shop.drafts()
    with Log.open(home, SYSTEM) as log, Views.open(home, log) as views:
        for _ in range(shop.rounds):
            floor = seconds_of(lambda: _fold(drafts))
            yield Sample(shop.events / seconds_of(views.rebuild), shop.events / floor)


def _fold(drafts: Sequence[Draft]) -> dict[str, dict[str, object]]:
    """The least that any fold does: decode each event, and keep the last write of each field of each entity."""
    entities: dict[str, dict[str, object]] = {}
    for draft in drafts:
        facts = json.loads(draft.facts or b"{}")
        name, *fields = facts.items()
        entities.setdefault(f"{name[0]}:{name[1]}", {}).update(fields)
    return entities
