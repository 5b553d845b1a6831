"""Pictures as SVG: well formed whatever the names, every mark inside the frame, every sign told from the others."""

from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost_client.render import svg_skills, svg_steps, svg_timeline, svg_weeks
from milepost_client.render.markup import Markup
from milepost_client.render.svg import WIDTH

# What XML has no place for, a terminal would not show either: names hold no control characters.
NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=120)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
MONDAY = date(2026, 1, 5)
STATUS = st.sampled_from(("planned", "started", "blocked", "completed", "stopped"))
RATINGS = st.integers(1, 5)


def marks(picture: Markup) -> list[ElementTree.Element]:
    """The elements of a picture, which is of our width, names itself and keeps every mark inside its frame."""
    root = ElementTree.fromstring(picture)  # noqa: S314 -- drawn by us a moment ago
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert (left, top, width) == (0, 0, WIDTH)
    assert [child.tag for child in root][:2] == ["title", "desc"]
    found = list(root.iter())
    for mark in found:
        across = [float(mark.attrib[name]) for name in ("x", "x1", "x2", "cx") if name in mark.attrib]
        down = [float(mark.attrib[name]) for name in ("y", "y1", "y2", "cy") if name in mark.attrib]
        if mark.tag == "rect":
            across.append(across[0] + float(mark.attrib["width"]))
            down.append(down[0] + float(mark.attrib["height"]))
        assert all(-1 <= place <= width + 3 for place in across), mark.attrib
        assert all(0 <= place <= height + 3 for place in down), mark.attrib
    return found


def drawn(found: list[ElementTree.Element], class_: str) -> list[ElementTree.Element]:
    """The marks of a class."""
    return [mark for mark in found if class_ in mark.attrib.get("class", "").split()]


@given(
    spans=st.lists(st.tuples(NAMES, DAYS, st.integers(0, 4000), STATUS, st.booleans()), min_size=1, max_size=20),
    today=DAYS,
)
def test_any_milestones_are_drawn_each_with_its_bar_inside_the_frame(spans, today):
    bars = [
        svg_timeline.Bar(name, first, first + timedelta(days=days), status, is_inside)
        for name, first, days, status, is_inside in spans
    ]
    found = marks(svg_timeline.timeline(bars, today))
    assert len(drawn(found, "bar")) == len(bars)
    months = [mark for mark in drawn(found, "small") if mark.attrib["y"] == "14"]
    names = [(float(mark.attrib["x"]), len(mark.text or "")) for mark in months]
    assert all(x + 7 * length <= after for (x, length), (after, _) in pairwise(names))
    is_within = min(bar.first for bar in bars) <= today <= max(bar.last for bar in bars)
    assert len(drawn(found, "today")) == is_within


def test_milestones_that_share_days_share_places():
    bars = [
        svg_timeline.Bar("one", MONDAY, MONDAY + timedelta(days=20), "completed"),
        svg_timeline.Bar("two", MONDAY + timedelta(days=10), MONDAY + timedelta(days=30), "completed"),
    ]
    one, two = drawn(marks(svg_timeline.timeline(bars, MONDAY)), "bar")
    end = float(one.attrib["x"]) + float(one.attrib["width"])
    assert float(one.attrib["x"]) < float(two.attrib["x"]) < end


@given(
    skills=st.lists(st.tuples(NAMES, st.none() | RATINGS, RATINGS, st.none() | RATINGS, NAMES), min_size=1, max_size=30)
)
def test_any_skills_are_drawn_and_a_before_only_where_there_was_one(skills):
    gaps = [svg_skills.Gap(*skill) for skill in skills]
    found = marks(svg_skills.gaps(gaps))
    assert len(drawn(found, "after")) == len(gaps)
    assert len(drawn(found, "before")) == len(drawn(found, "way")) == sum(gap.before is not None for gap in gaps)
    assert len(drawn(found, "target")) == sum(gap.target is not None for gap in gaps)


@given(places=st.lists(st.tuples(NAMES, RATINGS, RATINGS, st.booleans()), max_size=40))
def test_any_map_has_five_by_five_cells_and_says_every_skill_in_words(places):
    found = marks(svg_skills.placed([svg_skills.Place(*place) for place in places]))
    assert len(drawn(found, "cell")) == 25
    described = next(mark.text or "" for mark in found if mark.tag == "desc")
    assert described.count("strength") >= len(places)


def test_more_skills_than_a_cell_holds_are_counted():
    crowd = [svg_skills.Place(f"skill {number}", 4, 4, avoided=False) for number in range(6)]
    texts = [mark.text for mark in marks(svg_skills.placed(crowd)) if mark.tag == "text"]
    assert "and 4 more" in texts


WEEKS = st.lists(
    st.sampled_from(("logged", "unlogged", "pause")).flatmap(
        lambda state: st.tuples(st.just(state), st.integers(0, 2000) if state == "logged" else st.none(), st.booleans())
    ),
    min_size=1,
    max_size=104,
)


@given(weeks=WEEKS)
def test_any_weeks_show_a_zero_a_gap_and_a_pause_apart(weeks):
    columns = [
        svg_weeks.Column(f"W{number}", MONDAY + timedelta(weeks=number), state, has_review)
        for number, (state, _, has_review) in enumerate(weeks)
    ]
    values = [value for _, value, _ in weeks]
    found = marks(svg_weeks.weeks(columns, [svg_weeks.Row("Minutes", "all", values)]))
    states = [state for state, _, _ in weeks]
    assert len(drawn(found, "value")) == sum(bool(value) for value in values)
    assert len(drawn(found, "zero")) == values.count(0)
    assert len(drawn(found, "unlogged")) == states.count("unlogged")
    assert len(drawn(found, "pause")) == states.count("pause")
    assert len(drawn(found, "review")) == sum(has_review for *_, has_review in weeks)


@given(found=st.lists(st.tuples(NAMES, st.integers(0, 10**6), NAMES, st.booleans()), min_size=1, max_size=20))
def test_a_longer_bar_is_a_larger_number(found):
    steps = [svg_steps.Step(*step) for step in found]
    bars = [mark for mark in marks(svg_steps.steps("People", steps)) if mark.tag == "rect"]
    by_number = sorted(zip([step.number for step in steps], bars, strict=True), key=lambda pair: pair[0])
    widths = [float(bar.attrib["width"]) for _, bar in by_number]
    assert widths == sorted(widths)


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '" onload="alert(1)', "&lt;", "]]>"])
def test_a_name_is_a_text_and_nothing_else(typed):
    found = marks(svg_timeline.timeline([svg_timeline.Bar(typed, MONDAY, MONDAY, "planned")], MONDAY))
    assert typed[:20] in "".join(mark.text or "" for mark in found)
    assert {mark.tag for mark in found} <= {"svg", "title", "desc", "text", "rect", "line"}
    assert not [name for mark in found for name in mark.attrib if name.startswith("on")]
