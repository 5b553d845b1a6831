"""Views as of a day: the same rows, those of later days left out, corrected as they have been since."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import cast

from milepost.projections.days import Count, Day, summed
from milepost.projections.kinds import KINDS_OF, is_viewed, view_of
from milepost.projections.progress import AnyView
from milepost.projections.rows import Write, key, kind_of, name_of
from milepost.projections.view import View


class AsOf:
    """A `Shelf` of one day (since 1970-01-01), from every entity's rows. Costs the whole history."""

    def __init__(self, entities: Iterable[tuple[str, list[Write]]], day: int) -> None:
        self._views: dict[str, View] = {}
        for entity, writes in entities:
            view = view_of(entity, writes, until=day) if is_viewed(entity) else None
            if view is not None:
                self._views[entity] = view

    def get(self, type: type[AnyView], id: str) -> AnyView | None:
        return cast("AnyView | None", self._views.get(key(KINDS_OF[type][0], id)))

    def all(self, type: type[AnyView], *standings: str) -> list[AnyView]:
        found = [
            (view.due or "", kind_of(entity), name_of(entity), view)
            for entity, view in self._views.items()
            if kind_of(entity) in KINDS_OF[type] and (not standings or view.standing in standings)
        ]
        return [cast("AnyView", view) for *_, view in sorted(found, key=lambda one: one[:3])]

    def counts(self, type: type[View]) -> Mapping[str, int]:
        return Counter(view.standing or "" for view in self.all(type))

    def between(self, type: type[AnyView], first: str, last: str) -> list[AnyView]:
        return [view for view in self.all(type) if first <= (view.due or "") <= last]

    def day_counts(self) -> list[Count]:
        return summed(self.all(Day))
