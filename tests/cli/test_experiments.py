"""S2b: a career run like a product: a quarter's objective, an experiment, a price, follow-ups, wins that add up."""

from datetime import UTC, datetime

import pytest

NOON_MS = int(datetime(2026, 3, 16, 12, tzinfo=UTC).timestamp() * 1000)
AUDITS = "Free audits for shelters"


@pytest.fixture
def world(world):
    """A Monday two weeks before the quarter ends."""
    return world._replace(now_ms=lambda: NOON_MS)


@pytest.fixture
def quarter(mp):
    """The quarter as it was lived, line by line."""

    def typed(on, *line):
        said = mp(*line, "--on", on, "--json")
        assert said.code == 0, said
        return said

    typed("2026-01-05", "capacity", "mon-fri", "60m", "--from", "2026-01-05")
    typed("2026-01-05", "capacity", "weekend", "0", "--from", "2026-01-05")
    aims = ("--result", "interviews=10", "--result", "case studies=2")
    typed("2026-01-05", "objective", "Be known for growth analytics", "--end", "2026-03-31", *aims)
    for name, rank in (("autonomy", "1"), ("impact", "2")):
        typed("2026-01-06", "value", name, "--rank", rank)
    typed("2026-01-06", "role", "score", "Growth analyst", "autonomy", "4")
    typed("2026-01-06", "role", "score", "Growth analyst", "impact", "5")
    typed("2026-01-08", "note", "--prompt", "employers", "places where numbers decide")
    plan = ("--for", "4w", "--terms", "pro_bono", "--buffer", "2", "--measure", "one shelter uses it")
    tries = ("--hypothesis", "a shelter will use a free audit", "--objective", "be known")
    typed("2026-02-02", "milestone", "start", "experiment", AUDITS, *plan, *tries)
    typed("2026-02-10", "spend", "6h", "free audits")
    typed("2026-02-13", "capacity", "all", "0", "--from", "2026-02-16", "--for", "1w")
    ends = ("--measure", "yes", "--upheld", "yes", "--result", "two asked for more", "--lesson", "ask for one number")
    typed("2026-03-02", "milestone", "complete", "free audits", *ends)
    typed("2026-03-04", "evidence", "outcome", "endorsement", "--of", "free audits", "--details", "in three sentences")
    typed("2026-03-02", "metric", "interviews", "6")
    typed("2026-03-02", "metric", "case studies", "1")
    typed("2026-02-01", "evidence", "offering", "Portfolio review", "45", "EUR", "--per", "hour")
    for on, bookings in (("2026-02-08", "1"), ("2026-02-15", "2"), ("2026-03-01", "4")):
        own = ("--own",) if bookings == "1" else ()
        typed(on, "metric", "bookings", bookings, *own, "--of", "portfolio review")
    for on in ("2026-02-08", "2026-03-08"):
        typed(on, "review", "--worked", "mornings", "--adjust", "fewer tools")
    for on, text in (("2025-12-20", "An old one"), ("2026-02-08", "A stranger booked"), ("2026-03-05", "An answer")):
        typed(on, "win", text)
    return mp


def shown(mp, *line):
    said = mp("quarter", *line, "--json")
    assert said.code == 0, said
    return said.data


def test_a_quarter_has_one_objective_with_two_key_results(quarter):
    page = shown(quarter)
    assert (page["quarter"], page["start"], page["end"]) == ("2026-Q1", "2026-01-01", "2026-03-31")
    (objective,) = page["objectives"]
    assert (objective["name"], objective["status"]) == ("Be known for growth analytics", "open")
    results = {one["name"]: (one["value"], one["target"], one["share"]) for one in objective["key_results"]}
    assert results == {"interviews": ("6", "10", "0.6"), "case studies": ("1", "2", "0.5")}
    assert (objective["milestones_completed"], len(objective["milestones"])) == (1, 1)


def test_an_experiment_says_what_it_tried_and_what_came_of_it(quarter):
    (found,) = shown(quarter)["experiments"]
    assert (found["name"], found["terms"], found["status"]) == (AUDITS, "pro_bono", "completed")
    assert (found["hypothesis"], found["is_upheld"]) == ("a shelter will use a free audit", True)
    assert (found["result"], found["lesson"]) == ("two asked for more", "ask for one number")
    assert found["outcomes"] == {"endorsement": 1}
    card = quarter("show", "free audits", "--json").data
    assert (card["derived"]["days_planned"], card["view"]["hypothesis_upheld"]) == (28, True)
    assert card["derived"]["hypothesis"] == "a shelter will use a free audit"
    said = quarter("show", "free audits").out
    assert "a shelter will use a free audit (upheld)" in said
    assert "ask for one number" in said


def test_an_experiment_that_did_not_hold_is_a_finding_too(mp):
    mp("milestone", "start", "experiment", "Cold mails", "--for", "4w", "--hypothesis", "one in ten answers")
    (open_,) = shown(mp)["experiments"]
    assert (open_["is_upheld"], open_["status"]) == (None, "started")
    assert "started" in mp("quarter").out
    mp("milestone", "complete", "cold mails", "--measure", "yes", "--upheld", "no")
    (found,) = shown(mp)["experiments"]
    assert found["is_upheld"] is False
    assert "not upheld" in mp("quarter").out


def test_a_role_fits_two_values_and_a_reflection_on_employers_is_kept(quarter):
    (role,) = quarter("role", "compare", "--json").data["roles"]
    assert (role["fit"]["total"], role["fit"]["possible"], role["fit"]["is_complete"]) == (9, 10, True)
    (note,) = quarter("note", "list", "--prompt", "employers", "--json").data["notes"]
    assert note["text"] == "places where numbers decide"


def test_a_price_stands_beside_three_readings_of_uptake_that_stay_on_ones_devices(quarter):
    (offering,) = shown(quarter)["offerings"]
    assert offering["price"] == "45.00 EUR per hour"
    (bookings,) = offering["uptake"]
    assert [one["value"] for one in bookings["readings"]] == ["1", "2", "4"]
    assert "bookings 1, 2, 4" in quarter("quarter").out
    assert "bookings 1, 2, 4" in quarter("evidence", "offering", "list").out
    (listed,) = quarter("evidence", "offering", "list", "--json").data["offerings"]
    assert (listed["readings"], listed["uptake"]) == (3, offering["uptake"])
    (metric,) = [one for one in quarter("metric", "list", "--json").data["metrics"] if one["name"] == "bookings"]
    assert [one["value"] for one in metric["readings"]] == [None] * 3, "facts hold no value of one's own"


def test_a_follow_up_falls_due_is_personalised_and_cleared(quarter):
    quarter("touch", "Mika F.", "outreach", "--class", "recruiter", "--on", "2026-03-05")
    (due,) = quarter("contact", "list", "--due", "--json").data["due"]
    assert (due["name"], due["what"], due["due_on"]) == ("Mika F.", "follow_up", "2026-03-12")
    quarter("touch", "mika", "follow_up", "--personalised")
    assert quarter("contact", "list", "--due", "--json").data["due"] == []
    assert quarter("contact", "funnel", "--json").data["personalised"] == 1


def test_wins_add_up_over_all_quarters(quarter):
    wins = shown(quarter)["wins"]
    assert (wins["total"], wins["in_quarter"]) == (3, 2)
    assert [one["text"] for one in wins["wins"]] == ["An answer", "A stranger booked"]
    before = shown(quarter, "--of", "2025-Q4")["wins"]
    assert (before["total"], before["in_quarter"]) == (3, 1)
    quarter("undo")
    assert shown(quarter)["wins"]["total"] == 2


def test_time_is_what_there_was_to_be_beside_what_was_spent_and_a_pause_is_none_of_it(quarter):
    page = shown(quarter)
    assert page["time"] == {
        # Eleven weeks of five hours have begun, one of them was a pause.
        "capacity_minutes": 10 * 300,
        "minutes": 360,
        "weeks": 11,
        "weeks_logged": 6,
        "weeks_paused": 1,
        "weeks_reviewed": 2,
    }
    assert [week["state"] for week in page["weeks"]][6] == "pause"
    assert "2 of 11 weeks, 1 pause" in quarter("quarter").out


@pytest.mark.parametrize(
    ("typed", "is_q"), [("2026-Q1", "2026-Q1"), ("2025-12-31", "2025-Q4"), ("2026-q2", "2026-Q2"), ("today", "2026-Q1")]
)
def test_a_quarter_is_named_or_any_day_in_it(mp, typed, is_q):
    assert shown(mp, "--of", typed)["quarter"] == is_q


@pytest.mark.parametrize("typed", ["2026-Q5", "2026-Q0", "26-Q1", "Q1", "0000-Q1", "soon"])
def test_what_is_no_quarter_is_refused(mp, typed):
    assert mp("quarter", "--of", typed).code == 2


def test_a_quarter_with_nothing_in_it_says_how_to_begin(mp):
    page = mp("quarter")
    assert page.code == 0
    assert 'mp objective "Move to product"' in page.out
    assert shown(mp)["time"]["capacity_minutes"] is None


def test_what_lies_outside_the_quarter_is_not_on_its_page(quarter):
    page = shown(quarter, "--of", "2025-Q3")
    assert (page["objectives"], page["experiments"], page["milestones"]) == ([], [], [])
    quarter("milestone", "plan", "impact", "Numbers", "--start", "2026-04-10", "--for", "4w")
    assert [one["name"] for one in shown(quarter, "--of", "2026-Q2")["milestones"]] == ["Numbers"]
    assert shown(quarter)["milestones"] == []


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_the_page_fits(quarter, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    said = quarter("quarter")
    assert max(map(len, said.out.splitlines())) <= int(columns)
    assert "offering\t" in quarter("quarter", "--plain").out
