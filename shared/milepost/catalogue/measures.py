"""Measures: a metric is defined once and recorded often. Family evidence.

A value is a fact only where the metric is neither in money nor the member's own: `value` holds it then, `private_value`
otherwise. Exactly one of the two is given; which of them is right is known where the metric is (`milepost.checks`).
"""

from milepost.catalogue import samples
from milepost.catalogue.declare import NAME, NOTE, SOURCE, UNIT, EventType, OneOf, entity, may, needs, refs
from milepost.catalogue.kinds import Bool, Choice, Decimal, Int

WINDOW_DAYS_MAX = 3660

TYPES = (
    EventType(
        "metric.defined",
        "evidence",
        "Something counted or measured, its unit and which way is better.",
        facts=(
            entity("metric"),
            needs("kind", Choice("level", "change", "count", "duration"), "what a value says"),
            needs("unit", UNIT, "what a value is counted in"),
            needs("better", Choice("up", "down"), "which way is an improvement"),
            needs("own", Bool(), "its values stay on the member's devices"),
            refs(),
        ),
        private=(
            needs("name", NAME, "what it is called"),
            may("baseline", Decimal(), "where it began"),
            may("target", Decimal(), "where it should go"),
        ),
        usage='mp metric define "bounce rate" --unit percent --better down',
        single=("kind", "unit", "better", "own", "name", "baseline", "target"),
        creates=("metric",),
        example={
            "metric": samples.METRIC,
            "kind": "change",
            "unit": "percent",
            "better": "up",
            "own": False,
            "name": "monthly active users",
        },
    ),
    EventType(
        "metric.recorded",
        "evidence",
        "One reading of a metric. Every reading is kept.",
        facts=(
            entity("metric"),
            may("value", Decimal(), "the reading; absent when the metric is in money or the member's own"),
            needs("basis", Choice("absolute", "relative", "points", "unknown"), "what the value is relative to"),
            may("window_days", Int(1, WINDOW_DAYS_MAX), "over how many days"),
            needs("source", SOURCE, "where it comes from"),
            refs(),
        ),
        private=(
            may("private_value", Decimal(), "the reading of a metric in money, or of the member's own"),
            may("method", NOTE, "how it was measured"),
        ),
        usage='mp metric "monthly active users" +12% --relative --of redesign',
        across=(OneOf("one_value", "value", "private_value"),),
        example={
            "metric": samples.METRIC,
            "value": "12",
            "basis": "relative",
            "window_days": 90,
            "source": "internal",
            "ref": [samples.MILESTONE],
            "method": "before and after the redesign",
        },
    ),
)
