"""Evidence: demand with its sample, the portfolio, impacts on readings, outcomes, and what stays on one's devices."""

import pytest

from milepost_client.device.home import Home
from milepost_client.store.log import Log


def test_a_share_is_shown_with_its_sample(mp):
    assert mp("evidence", "demand", "CSPO", "19/50").code == 0
    (term,) = mp("evidence", "demand", "list", "--json").data["terms"]
    assert (term["name"], term["percent"], term["says"]) == ("CSPO", 38, "38 % of 50 postings (19)")
    assert "38 % of 50 postings (19)" in mp("evidence", "demand", "list").out


def test_a_term_sampled_again_keeps_both_samples_and_shows_the_last(mp):
    mp("evidence", "demand", "CSPO", "19/50", "--on", "2026-01-05")
    mp("evidence", "demand", "cspo", "30/60")
    (term,) = mp("evidence", "demand", "list", "--json").data["terms"]
    assert [one["matches"] for one in term["samples"]] == [19, 30]
    assert term["percent"] == 50
    mp("undo")
    (term,) = mp("evidence", "demand", "list", "--json").data["terms"]
    assert term["percent"] == 38


@pytest.mark.parametrize(("sample", "code"), [("51/50", 5), ("1/0", 5), ("19", 2), ("x/50", 2)])
def test_a_sample_that_cannot_be_is_refused(mp, sample, code):
    assert mp("evidence", "demand", "CSPO", sample).code == code
    assert mp("evidence", "demand", "list", "--json").data["terms"] == []


def test_an_artifact_delivers_the_output_it_names(mp):
    mp("milestone", "start", "sprint", "Sprint", "--for", "10w", "--output", "dashboard", "--output", "case study")
    said = mp(
        "evidence", "artifact", "Retention dashboard", "--kind", "dashboard", "--of", "sprint", "--output", "dash"
    )
    assert said.code == 2
    assert "dashboard, case study" in said.err
    line = ("Retention dashboard", "--kind", "dashboard", "--of", "sprint", "--output", "dashboard", "--public")
    assert mp("evidence", "artifact", *line, "--link", "https://example.org/d").code == 0
    (milestone,) = mp("milestone", "list", "--json").data["milestones"]
    assert (milestone["outputs_done"], milestone["outputs_named"]) == (1, 2)
    (artifact,) = mp("evidence", "artifact", "list", "--json").data["artifacts"]
    assert (artifact["kind"], artifact["public"], artifact["link"]) == ("dashboard", True, "https://example.org/d")
    mp("undo")
    assert mp("milestone", "list", "--json").data["milestones"][0]["outputs_done"] == 0


def test_a_milestone_is_meant_where_a_credential_has_its_name(mp):
    mp("milestone", "start", "credential", "CSPO", "--for", "13w", "--hours", "8", "--measure", "certified")
    mp("evidence", "credential", "CSPO", "--issuer", "Scrum Alliance", "--of", "cspo")
    (credential,) = mp("evidence", "credential", "list", "--json").data["credentials"]
    assert (credential["name"], credential["issuer"]) == ("CSPO", "Scrum Alliance")
    assert mp("show", "CSPO", "--json").data["kind"] == "milestone"
    assert mp("show", credential["id"], "--json").data["kind"] == "credential"
    assert mp("spend", "8h", "CSPO").code == 0


def test_the_card_of_a_credential_shows_hours_planned_beside_hours_spent_and_what_came_of_it(mp):
    mp("evidence", "demand", "CSPO", "19/50", "--on", "2025-11-20")
    plan = ("--start", "2025-11-24", "--for", "13w", "--hours", "8", "--measure", "certified")
    mp("milestone", "start", "credential", "CSPO", *plan, "--on", "2025-11-24")
    mp("spend", "8h", "CSPO", "--on", "2025-11-29")
    mp("spend", "8h", "CSPO", "--on", "2025-12-06")
    said = mp("evidence", "credential", "CSPO", "--of", "CSPO", "--on", "2026-02-18", "--json").data["subject"]
    mp("evidence", "outcome", "interview_request", "--count", "3", "--of", "CSPO", "--on", "2026-03-02")
    card = mp("show", said["id"], "--json").data["derived"]
    assert (card["hours_planned"], card["minutes_spent"]) == (104, 960)
    assert card["demand"] == "38 % of 50 postings (19)"
    assert [(one["kind"], one["count"], one["days_after"]) for one in card["outcomes"]] == [
        ("interview_request", 3, 12)
    ]
    shown = mp("show", said["id"]).out
    assert "16 h of 104 h planned (15 %)" in shown
    assert "3 interview requests on 2026-03-02, 12 days later" in shown
    milestone = mp("show", "CSPO", "--json").data["derived"]
    assert (milestone["hours_planned"], milestone["minutes_spent"]) == (104, 960)
    assert "planned, not spent" in mp("show", "CSPO").out


@pytest.mark.parametrize("kind", ["artifact", "credential", "impact", "narrative", "offering", "term"])
def test_every_kind_of_evidence_has_a_card_and_what_holds_one_entry_can_be_changed(mp, kind):
    mp("metric", "users", "+12%", "--relative")
    lines = {
        "artifact": ("artifact", "Old", "--link", "https://example.org"),
        "credential": ("credential", "Old", "--link", "https://example.org"),
        "impact": ("impact", "Old", "--action", "a", "--context", "c", "--reading", "users"),
        "narrative": ("narrative", "Old", "--link", "https://example.org"),
        "offering": ("offering", "Old", "45", "EUR", "--why", "a guess"),
        "term": ("demand", "Old", "19/50"),
    }
    thing = mp("evidence", *lines[kind], "--json").data["subject"]
    assert mp("show", "Old", "--json").data["kind"] == kind
    assert mp("show", thing["id"]).code == 0
    if kind == "term":
        return
    label = {"artifact": "title", "narrative": "title", "impact": "result"}.get(kind, "name")
    assert mp("edit", "Old", f"--{label}", "New").code == 0
    assert mp("show", "New", "--json").data["id"] == thing["id"]
    assert mp("inbox", "--json").data["conflicts"] == []


def test_three_impacts_rest_on_three_readings_and_the_stretch_card_adds_none(mp):
    mp("milestone", "start", "stretch", "Redesign", "--for", "13w", "--measure", "engagement up")
    for name, value, more in (
        ("monthly active users", "+12%", ("--of", "redesign")),
        ("bounce rate", "-8%", ("--better", "down")),
        ("onboarding", "-15m", ("--better", "down")),
    ):
        mp("metric", name, value, *more)
        mp(
            *("evidence", "impact", "--action", "Led a redesign", "--context", "an old feature", "--of", "redesign"),
            *("--result", f"{name} {value}", "--reading", name),
        )
    found = mp("evidence", "impact", "list", "--json").data
    assert (len(found["impacts"]), found["readings"]) == (3, 3)
    assert found["impacts"][0]["bullet"].startswith("Led a redesign, an old feature: ")
    assert [trace["is_improvement"] for one in found["impacts"] for trace in one["traces"]] == [True, True, True]
    assert "basis not stated" in mp("evidence", "impact", "list").out
    engagement = found["impacts"][0]["traces"][0]["reading"]["event"]
    assert engagement in [one["id"] for one in mp("show", "redesign", "--json").data["history"]]
    mp("evidence", "impact", "engagement up 12 %", "--action", "a", "--context", "c", "--reading", engagement)
    assert mp("evidence", "impact", "list", "--json").data["readings"] == 3


def test_an_impact_without_all_three_parts_is_refused(mp):
    refused = mp("evidence", "impact", "--action", "Led a redesign", "--result", "more users", "--json")
    assert refused.code == 5
    assert (refused.json["error"]["code"], refused.json["error"]["field"]) == ("impact_incomplete", "context")


def test_an_impact_says_when_its_reading_was_taken_back(mp):
    reading = mp("metric", "users", "+12%", "--json").data["entries"][-1]["id"]
    mp("evidence", "impact", "--action", "a", "--context", "c", "--result", "r", "--reading", reading)
    mp("undo", reading)
    (impact,) = mp("evidence", "impact", "list", "--json").data["impacts"]
    assert (impact["traces"], impact["missing"]) == ([], 1)
    assert mp("evidence", "impact", "--action", "a", "--context", "c", "x", "--reading", "users").code == 3
    assert mp("evidence", "impact", "--action", "a", "--context", "c", "x", "--reading", impact["id"]).code == 3


def test_different_outcomes_are_different_counts(mp):
    mp("touch", "Dana R.", "interview", "15m")
    mp("evidence", "outcome", "referral", "--contact", "dana")
    mp("evidence", "outcome", "direct_message", "--count", "2", "--class", "recruiter")
    mp("evidence", "outcome", "invitation", "--details", "product review panel")
    mp("evidence", "outcome", "invitation", "--details", "roundtable")
    found = {one["kind"]: one for one in mp("evidence", "outcome", "list", "--json").data["outcomes"]}
    assert {kind: one["count"] for kind, one in found.items()} == {"direct_message": 2, "invitation": 2, "referral": 1}
    assert [one["details"] for one in found["invitation"]["recorded"]] == ["product review panel", "roundtable"]
    assert found["referral"]["recorded"][0]["names"] == ["Dana R."]


def test_a_price_is_kept_in_whole_minor_units_and_changed_by_pricing_again(mp):
    mp("evidence", "offering", "Portfolio review", "45.50", "eur", "--per", "hour")
    mp("evidence", "offering", "Poster", "900", "JPY")
    mp("evidence", "offering", "portfolio review", "50", "EUR", "--why", "two people paid")
    offerings = {one["name"]: one for one in mp("evidence", "offering", "list", "--json").data["offerings"]}
    assert (offerings["Portfolio review"]["amount"], offerings["Portfolio review"]["price"]) == (5000, "50.00")
    assert (offerings["Poster"]["amount"], offerings["Poster"]["price"]) == (900, "900")
    for wrong in ("45.505", "+45", "45%", "forty"):
        assert mp("evidence", "offering", "Talk", wrong, "EUR").code == 2


def test_uptake_is_three_readings_that_hang_off_the_offering(mp):
    mp("evidence", "offering", "Portfolio review", "45", "EUR")
    for count in ("1", "2", "4"):
        mp("metric", "bookings", count, "--of", "Portfolio review")
    (offering,) = mp("evidence", "offering", "list", "--json").data["offerings"]
    assert offering["readings"] == 3


def test_whom_a_story_reached_is_read_below_it_and_each_count_is_its_own(mp):
    mp("evidence", "narrative", "From marketing to product")
    mp("metric", "article views", "1200", "--of", "From marketing")
    mp("metric", "article comments", "45", "--of", "From marketing")
    mp("metric", "visits of the shop", "7")
    mp("evidence", "outcome", "direct_message", "--count", "2", "--class", "recruiter", "--of", "From marketing")
    mp("evidence", "outcome", "referral", "--count", "3")
    said = mp("evidence", "narrative", "list", "--json").data
    assert [(one["name"], one["readings"][-1]["value"]) for one in said["reach"]] == [
        ("article views", "1200"),
        ("article comments", "45"),
    ]
    assert said["outcomes"] == {"direct_message": 2}
    shown = mp("evidence", "narrative", "list").out
    assert "article views 1200" in shown
    assert "2 direct messages" in shown


def test_nothing_readable_by_a_server_tells_of_prices_and_pay(mp, home, world):
    mp("evidence", "offering", "Portfolio review", "45", "EUR")
    mp("evidence", "pay", "+25%")
    (change,) = mp("evidence", "pay", "list", "--json").data["changes"]
    assert change["percentage"] == "25"
    assert "+25 %" in mp("evidence", "pay", "list").out
    assert mp("evidence", "pay", "15m").code == 2
    with Log.open(Home(str(home)), world, create=False) as log:
        written = [stored.event for stored in log.since(0)][-2:]
    assert [(event.type, event.facts) for event in written] == [("entry.sealed", None)] * 2


def test_after_a_kind_a_lone_list_is_a_verb_and_everything_is_counted_on_one_page(mp):
    mp("evidence", "narrative", "--title", "list")
    (narrative,) = mp("evidence", "narrative", "list", "--json").data["narratives"]
    assert (narrative["name"], narrative["kind"]) == ("list", "article")
    mp("evidence", "artifact", "A", "--public")
    mp("evidence", "outcome", "offer", "--count", "2")
    page = mp("evidence", "list", "--json").data
    assert page["counts"] == {"artifact": 1, "credential": 0, "demand": 0, "impact": 0, "narrative": 1, "offering": 0}
    assert (page["public"], page["outcomes"]) == (1, {"offer": 2})
    assert mp("evidence", "demnd", "list").code == 2


@pytest.mark.parametrize("columns", ["60", "80", "200"])
def test_the_screens_of_evidence_fit(mp, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    mp("evidence", "demand", "Certified Scrum Product Owner", "19/50")
    mp("evidence", "artifact", "A retention dashboard for a small shop", "--link", "https://example.org/a/long/path")
    mp("evidence", "credential", "CSPO", "--issuer", "Scrum Alliance")
    mp("metric", "users of the redesigned feature", "+12%")
    mp("evidence", "narrative", "From marketing to product in six months")
    mp("evidence", "outcome", "invitation", "--details", "a panel about reviews of products, with three others")
    mp("evidence", "offering", "Portfolio review", "45", "EUR", "--why", "what two people said that they would pay")
    mp(
        *("evidence", "impact", "--action", "Led the redesign of a feature that nobody had touched in years"),
        *(
            "--context",
            "a small team without any data",
            "--result",
            "12 % more users every month",
            "--reading",
            "users",
        ),
    )
    for kind in ("demand", "artifact", "credential", "narrative", "outcome", "offering", "pay", "impact"):
        said = mp("evidence", kind, "list")
        assert said.code == 0
        assert max(map(len, said.out.splitlines())) <= int(columns)
        assert mp("evidence", kind, "list", "--plain").code == 0


def test_a_metric_says_how_it_was_measured_and_over_how_long(mp):
    measured = ("--window", "28", "--source", "internal", "--method", "two weeks before and after")
    mp("metric", "bounce rate", "-8%", "--relative", "--better", "down", *measured)
    shown = " ".join(mp("show", "bounce rate").out.split())
    assert "-8 relative, over 28 days, internal measured: two weeks before and after" in shown


def test_a_skill_says_by_way_of_what_its_target_is_to_be_reached(mp):
    mp("rate", "research", "3", "--target", "5", "--by", "6w", "--method", "course", "--resource", "Interviewing users")
    assert "by way of course: Interviewing users" in " ".join(mp("show", "research").out.split())
