"""Entries noted on top of the views: enough to find names and judge the next entry, without folding.

Each note changes one view the way its fold would, in the fields that checks and lists read; the property test in
tests/cli holds the two together. Standard library only.
"""

from collections.abc import Callable, Mapping

from milepost.light import Any

View = dict[str, Any]
Values = Mapping[str, Any]
Load = Callable[[str, str], View | None]

LABELS = {
    "goal": "text",
    "skill": "label",
    "contact": "name",
    "metric": "name",
    "milestone": "title",
    "objective": "statement",
    "role": "title",
    "value": "name",
    "position": "title",
}
"""The kinds that have names, and the field that holds it."""

IGNORED = frozenset(
    {
        "skill.enjoyed",
        "role.scored",
        "role.chosen",
        "touchpoint.logged",
        "time.spent",
        "feedback.received",
        "win.celebrated",
        "review.held",
        "reflection.written",
        "metric.recorded",
        "outcome.recorded",
        "pay.changed",
        "words.said",
        "device.enrolled",
        "device.renamed",
        "key.issued",
    }
)
"""Types that change nothing that names and checks read."""

# Kinds that a member has one of: their entries name no id.
_ONLY = {"focus": "now"}


class Noted:
    """Views as the noted entries leave them; `load` gives a thing's view as it was before."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self.views: dict[tuple[str, str], View] = {}
        self.names: dict[tuple[str, str], str] = {}

    def note(self, type_: str, values: Values, on: str) -> bool:
        """Take one entry in; False if it can only be folded."""
        step = _STEPS.get(type_)
        if step is None:
            return type_ in IGNORED
        kind = type_.partition(".")[0]
        key = (kind, _ONLY.get(kind) or str(values[kind]))
        if key not in self.views:
            self.views[key] = dict(self._load(*key) or {"id": key[1]})
        step(self.views[key], values, on)
        label = values.get(LABELS.get(kind, ""))
        if isinstance(label, str):
            self.names[key] = label
        return True


def _goal_set(view: View, values: Values, on: str) -> None:
    kept = ("result", "replaced_by", "periods")
    fresh = {
        "id": values["goal"],
        "set_on": min(on, view.get("set_on", on)),
        "due_on": values.get("due"),
        "estimate_minutes": values.get("estimate_minutes"),
        "learning": values["learning"],
        "visible": values["visible"],
        "repeat": values.get("repeat"),
        "ref": values.get("ref", []),
    }
    fresh.update({name: view[name] for name in kept if name in view})
    view.clear()
    view.update(fresh)


def _goal_closed(view: View, values: Values, _on: str) -> None:
    period = values.get("period")
    if period is None:
        view["result"] = values["result"]
        return
    others = [one for one in view.get("periods", ()) if one["first_day"] != period]
    view["periods"] = [*others, {"first_day": period, "result": values["result"]}]


def _planned(view: View, values: Values, _on: str) -> None:
    view.update(
        id=values["milestone"],
        kind=values["kind"],
        start=values["start"],
        due_on=values["due"],
        has_measure=values["has_measure"],
        outputs=values.get("outputs", []),
    )
    view.setdefault("status", "planned")


def _status(status: str) -> Callable[[View, Values, str], None]:
    def step(view: View, values: Values, on: str) -> None:
        view["status"] = status
        view["measure_met"] = values.get("measure_met")
        view["blocked_on"] = on if status == "blocked" else None

    return step


def _rescheduled(view: View, values: Values, _on: str) -> None:
    view["due_on"] = values["due"]


def _named(_view: View, _values: Values, _on: str) -> None:
    """A label only, which `Noted` keeps for every kind."""


def _skill_rated(view: View, values: Values, on: str) -> None:
    # By day, as the fold has them: an older day noted late changes the trend, not what is current.
    view["ratings"] = sorted([*view.get("ratings", ()), {"on": on, "rating": values["rating"]}], key=_day)


def _day(reading: Values) -> str:
    return str(reading["on"])


def _metric_defined(view: View, values: Values, _on: str) -> None:
    view.update(kind=values["kind"], unit=values["unit"], own=values["own"], target=values.get("target"))


def _objective_set(view: View, values: Values, _on: str) -> None:
    view.update(
        id=values["objective"],
        horizon=values["horizon"],
        start=values["start"],
        end=values["end"],
        status=values["status"],
        skill=values.get("skill"),
    )


def _focus_set(view: View, values: Values, on: str) -> None:
    change = {"on": on, "mode": values["mode"], "why": values.get("why")}
    view["changes"] = [*view.get("changes", ()), change]


def _briefed(view: View, values: Values, _on: str) -> None:
    for field in ("kind", "title", "competencies", "paths", "indicators", "brief"):
        view[field] = values.get(field, [] if field == "competencies" else None)


def _help_asked(view: View, values: Values, _on: str) -> None:
    view.update(id=values["help"], to=values["to"], kind=values["kind"], ref=values.get("ref", []))


def _help_closed(view: View, values: Values, _on: str) -> None:
    view["result"] = values["result"]


def _value_named(view: View, values: Values, _on: str) -> None:
    view.update(name=values["name"], rank=values.get("rank"))


_STEPS: dict[str, Callable[[View, Values, str], None]] = {
    "goal.set": _goal_set,
    "goal.closed": _goal_closed,
    "milestone.planned": _planned,
    "milestone.started": _status("started"),
    "milestone.resumed": _status("started"),
    "milestone.blocked": _status("blocked"),
    "milestone.completed": _status("completed"),
    "milestone.stopped": _status("stopped"),
    "milestone.rescheduled": _rescheduled,
    "skill.named": _named,
    "skill.targeted": _named,
    "skill.rated": _skill_rated,
    "contact.added": _named,
    "metric.defined": _metric_defined,
    "objective.set": _objective_set,
    "focus.set": _focus_set,
    "role.briefed": _briefed,
    "value.named": _value_named,
    "position.recorded": _named,
    "help.asked": _help_asked,
    "help.closed": _help_closed,
}
