"""The marketer's six months (acceptance.md, S1), number by number.

Typed through the command line on two devices that are offline, synced through a real server, read back with `--json`
on either device: what one wrote, the other shows.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from milepost_client.demo import story
from tests.support.cli import Device
from tests.support.processes import ServerProcess
from tests.support.typed_pairing import pair

REFUSED = 5


class Half(NamedTuple):
    """The year that was typed: both devices in step, and by how many weeks the calendar of 2026 was moved."""

    laptop: Device
    phone: Device
    weeks: int

    def day(self, of_2026: str) -> str:
        """A day of the story, as it was typed."""
        return (date.fromisoformat(f"2026-{of_2026}") + timedelta(weeks=self.weeks)).isoformat()


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Half]:
    folder = tmp_path_factory.mktemp("marketer")
    # Exact days wherever the clock allows: nothing may be dated after tomorrow.
    weeks = min(0, story.weeks_until(date.today()))
    with ServerProcess(folder / "server") as server:
        yield _lived(folder, server, weeks)


def _lived(folder: Path, server: ServerProcess, weeks: int) -> Half:
    laptop, phone = Device(folder / "laptop"), Device(folder / "phone")
    for plan in story.PLANS:
        laptop.mp(*story.typed(plan, weeks))
    server.pod()
    laptop.mp("join", server.url, server.invite(), "--name", "Mara")
    pair(laptop, phone, server.url)
    server.stop()
    # Devices that are offline do not wait for each other.
    with ThreadPoolExecutor(2) as pool:
        for typed in [
            pool.submit(_type, one, name, weeks) for name, one in ((story.LAPTOP, laptop), (story.PHONE, phone))
        ]:
            typed.result()
    server.start()
    for device in (laptop, phone, laptop):
        device.mp("sync")
    return Half(laptop, phone, weeks)


def _type(device: Device, name: str, weeks: int) -> None:
    for line in story.STORY:
        if line.device == name:
            device.mp(*story.typed(line.text, weeks))


@pytest.fixture(scope="module", params=[story.LAPTOP, story.PHONE])
def device(request: pytest.FixtureRequest, half: Half) -> Device:
    """Each of the two."""
    return half.laptop if request.param == story.LAPTOP else half.phone


@pytest.fixture(scope="module")
def milestones(device: Device) -> dict[str, Any]:
    found = device.data("milestone", "list", "--all")["milestones"]
    return {one["name"]: one for one in found}


@pytest.fixture(scope="module")
def outcomes(device: Device) -> dict[str, Any]:
    return {one["kind"]: one for one in device.data("evidence", "outcome", "list")["outcomes"]}


def test_nine_of_nine_milestones_are_completed_and_the_small_projects_count_under_their_portfolio(device, milestones):
    counts = device.data("status")["milestone_counts"]
    assert (counts["completed"], counts["total"]) == (9, 9)
    portfolio = milestones["Three small projects"]
    assert len(portfolio["children"]) == 3
    assert (portfolio["outputs_done"], portfolio["outputs_named"]) == (3, 3)
    (objective,) = device.data("objective", "list")["objectives"]
    assert (objective["milestones_completed"], len(objective["children"])) == (9, 3)


def test_milestones_overlap_on_the_days_of_the_calendar(half, device, milestones):
    for planned in story.MILESTONES:
        found = milestones[planned.title]
        assert (found["start"], found["due_on"]) == (half.day(planned.start), half.day(planned.due))
        assert found["closed_on"] <= found["due_on"], "each was delivered by its due day"
    assert device.data("timeline")["milestones_at_once"] == 4


@pytest.mark.parametrize(
    ("title", "length"),
    [
        ("CSPO", "longer than the usual 2-8 weeks"),
        ("Redesign of sign-up", "longer than the usual 2-8 weeks"),
        ("A mentor, monthly", "longer than the usual 2-8 weeks"),
        ("Feature blueprint", "shorter than the usual 2-8 weeks"),
        ("Data-driven roadmap", "shorter than the usual 2-8 weeks"),
        ("Sprint simulation", "shorter than the usual 2-8 weeks"),
        ("Skills audit", "within the usual 2-8 weeks"),
    ],
)
def test_a_card_compares_with_the_usual_length_as_information(half, title, length):
    assert half.phone.data("show", title)["derived"]["usual_length"] == length


def test_three_answers_in_two_weeks_are_read_in_words_on_both_devices(half, device):
    notes = device.data("note", "list")["notes"]
    assert {one["prompt"] for one in notes} == {"problems", "industries", "tasks"}
    assert all(half.day("01-05") <= one["on"] <= half.day("01-19") for one in notes)


def test_three_roles_are_compared_and_what_was_not_scored_stays_a_gap(device):
    compared = device.data("role", "compare")
    assert [one["name"] for one in compared["roles"]] == ["Product Lead", "Product Manager", "Product Owner"]
    assert {one["factor"] for one in compared["factors"]} == set(story.FACTORS)
    assert {(one["total"]["total"], one["total"]["is_complete"]) for one in compared["roles"]} == {(None, False)}
    (role,) = [one for one in device.data("role", "list")["roles"] if one["is_chosen"]]
    assert (role["name"], role["has_brief"]) == ("Product Manager", True)
    assert (role["competencies_rated"], role["competencies_listed"]) == (3, 3)


def test_sprint_planning_went_from_two_to_four_three_weeks_later_than_planned(half, device):
    skills = {one["name"]: one for one in device.data("rate", "list")["skills"]}
    planning = skills["agile sprint planning"]
    assert [(one["rating"], one["on"]) for one in planning["ratings"]] == [
        (2, half.day("01-19")),
        (4, half.day("03-02")),
    ]
    assert (planning["target"]["by"], planning["target"]["met_on"]) == (half.day("02-09"), half.day("03-02"))
    assert [one["rating"] for one in skills["market analysis"]["ratings"]] == [5]
    assert [one["rating"] for one in skills["data-driven roadmapping"]["ratings"]] == [3]
    assert device.data("show", "agile sprint planning")["derived"]["target_days_late"] == 21
    assert "3 weeks later than planned" in device.mp("show", "agile sprint planning").out
    roadmapping = device.data("show", "data-driven roadmapping")
    assert (roadmapping["derived"]["change"], roadmapping["view"]["target"]["target"]) == (None, 5)
    assert "no change recorded" in device.mp("show", "data-driven roadmapping").out


def test_the_credential_is_asked_for_in_a_share_of_a_sample_and_its_hours_are_planned_not_spent(half, device):
    (term,) = device.data("evidence", "demand", "list")["terms"]
    assert (term["name"], term["percent"], term["says"]) == ("CSPO", 38, "38 % of 50 postings (19)")
    milestone = device.data("show", "CSPO")
    assert (milestone["view"]["hours_per_week"], milestone["derived"]["hours_planned"]) == (8, 104)
    assert milestone["derived"]["minutes_spent"] == 6 * 8 * 60
    (credential,) = device.data("evidence", "credential", "list")["credentials"]
    card = device.data("show", credential["id"])["derived"]
    assert card["demand"] == "38 % of 50 postings (19)"
    (requests,) = card["outcomes"]
    assert (requests["kind"], requests["count"]) == ("interview_request", 3)
    assert requests["days_after"] == 11 <= 14


def test_three_small_projects_left_three_artifacts(device, milestones):
    artifacts = {one["kind"]: one for one in device.data("evidence", "artifact", "list")["artifacts"]}
    assert set(artifacts) == {"blueprint", "roadmap", "simulation"}
    assert "Wireframe" in artifacts["blueprint"]["name"]
    assert "Three quarters" in artifacts["roadmap"]["name"]
    assert "three peers" in artifacts["simulation"]["name"]
    assert {one["output"] for one in artifacts.values()} == set(milestones["Three small projects"]["outputs"])
    assert all(milestones[name]["closed_on"] <= milestones[name]["due_on"] for name in ("Sprint simulation",))


def test_people_are_relationships_each_once_and_not_a_share_of_the_twenty(half, device):
    six_weeks = device.data("contact", "funnel", "--as-of", half.day("04-13"))
    assert six_weeks["targeted"] == 20
    assert {name: six_weeks["by_class"][name] for name in ("target_role", "recruiter", "engineer")} == {
        "target_role": 8,
        "recruiter": 2,
        "engineer": 3,
    }
    # 8, 2 and 3 are thirteen; of the twenty on the list, eight were met.
    assert six_weeks["relationships"] - six_weeks["by_class"]["mentor"] == 13
    assert six_weeks["targeted_met"] == 8
    now = device.data("contact", "funnel")
    assert now["by_class"] == {**six_weeks["by_class"], "hiring_manager": 1}


def test_every_interview_was_thanked_for(device):
    funnel = device.data("contact", "funnel")
    assert (funnel["interviews"], funnel["thanked"], funnel["thanked_percent"]) == (8, 8, 100)
    card = device.data("contact", "show", "Dana R.")
    (interview,) = [one for one in card["view"]["touches"] if one["kind"] == "interview"]
    assert (interview["minutes"], interview["questions"]) == (15, 3)
    (outreach,) = [one for one in card["view"]["touches"] if one["kind"] == "outreach"]
    assert outreach["personalised"]
    assert device.data("status")["people"]["unthanked"] == 0


def test_what_came_of_people_is_counted_kind_by_kind(device, outcomes):
    counts = {kind: one["count"] for kind, one in outcomes.items()}
    assert counts == {
        "referral": 2,
        "invitation": 2,
        "introduction": 1,
        "interview_request": 3,
        "direct_message": 2,
    }
    (referral,) = outcomes["referral"]["recorded"]
    assert referral["names"] == ["Dana R.", "Elif K."]
    panel, table = outcomes["invitation"]["recorded"]
    assert (panel["details"], panel["names"]) == ("a product review panel", ["Goran P."])
    assert (table["details"], table["names"]) == ("a round table of product leads", ["Rosa N."])
    # Messages from recruiters who were never met are no relationship.
    (messages,) = outcomes["direct_message"]["recorded"]
    assert (messages["class"], messages["contacts"]) == ("recruiter", [])
    assert device.data("contact", "funnel")["by_class"]["recruiter"] == 2


def test_the_mentor_was_seen_monthly_with_an_agenda_on_the_stretch_assignment(half, device, milestones):
    mentor = device.data("contact", "show", "Rosa N.")
    sessions = mentor["derived"]["sessions"]
    assert sessions["held"] == [half.day(day) for day in ("04-06", "05-04", "06-01")]
    assert (sessions["with_agenda"], sessions["minutes"]) == (3, 90)
    assert {one["kind"] for one in mentor["derived"]["outcomes"]} == {"introduction", "invitation"}
    history = device.data("show", "Redesign of sign-up", "--history")["history"]
    agendas = [one["values"]["agenda"] for one in history if one["type"] == "touchpoint.logged"]
    assert len(set(agendas)) == 3
    skills = {one["name"]: one for one in device.data("rate", "list")["skills"]}
    first, last = skills["presenting a roadmap"]["ratings"]
    assert (first["rating"], last["rating"], last["basis"]) == (2, 4, "mentor")
    assert date.fromisoformat(last["on"]) - date.fromisoformat(first["on"]) <= timedelta(days=92)


def test_three_impacts_rest_on_three_readings_and_all_are_improvements(device, milestones):
    found = device.data("evidence", "impact", "list")
    assert (len(found["impacts"]), found["readings"]) == (3, 3)
    traces = [trace for one in found["impacts"] for trace in one["traces"]]
    read = {one["name"]: (one["reading"]["value"], one["unit"], one["reading"]["basis"]) for one in traces}
    assert read == {
        "monthly active users": ("12", "percent", "relative"),
        "bounce rate": ("-8", "percent", "unknown"),
        "time to sign up": ("-15", "minutes", "absolute"),
    }
    assert all(one["is_improvement"] for one in traces)
    # The engagement on the card of the stretch assignment is the reading that the first impact rests on.
    card = device.data("show", "Redesign of sign-up", "--history")
    readings = [one["id"] for one in card["history"] if one["type"] == "metric.recorded"]
    assert sorted(readings) == sorted(one["reading"]["event"] for one in traces)


def test_the_story_was_told_in_an_article_and_clips_and_is_counted(device):
    narratives = device.data("evidence", "narrative", "list")["narratives"]
    assert sorted(one["kind"] for one in narratives) == ["article", "video"]
    metrics = {one["name"]: one for one in device.data("metric", "list")["metrics"]}
    assert metrics["article views"]["readings"][-1]["value"] == "1200"
    assert metrics["article comments"]["readings"][-1]["value"] == "45"


def test_a_resume_for_others_shows_the_credential_the_projects_the_article_and_three_results(device, tmp_path):
    file = tmp_path / "resume.json"
    device.mp("export", "jsonresume", str(file), "--name", "Mara")
    resume = json.loads(file.read_text(encoding="utf-8"))
    assert [one["name"] for one in resume["certificates"]] == ["CSPO"]
    small = [one.title for one in story.MILESTONES if one.kind == "micro_project"]
    assert {one["name"] for one in resume["projects"]} >= set(small)
    assert len(resume["publications"]) == 2
    assert [len(one.get("highlights", ())) for one in resume["projects"] if one["name"] not in small] == [3]


def test_a_report_to_hand_on_says_the_same_on_either_device(half, tmp_path):
    pages = []
    for number, device in enumerate((half.laptop, half.phone)):
        device.mp("export", "report", str(tmp_path / f"{number}.html"))
        pages.append((tmp_path / f"{number}.html").read_text(encoding="utf-8"))
    assert pages[0] == pages[1]
    assert "9 of 9" in pages[0]


def test_status_as_of_an_earlier_day_shows_what_had_happened_by_then(half, device):
    before = device.data("status", "--as-of", half.day("03-01"))
    assert before["milestone_counts"]["completed"] == 1
    assert before["people"]["relationships"] == 0


def test_a_week_of_no_capacity_is_a_pause_and_reviews_stand_in_their_weeks(half, device):
    weeks = 1 + (date.today() - date.fromisoformat(half.day("01-05"))).days // 7
    trend = device.data("status", "--trend", "minutes", "--weeks", str(weeks + 1))
    states = {one["first_day"]: one["state"] for one in trend["weeks"]}
    assert states[half.day("05-18")] == "pause"
    assert sum(one["has_review"] for one in trend["weeks"]) == 3


def test_both_devices_show_one_digest_and_verify_finds_nothing(half):
    laptop, phone = (device.data("status", "-v") for device in (half.laptop, half.phone))
    assert laptop["digests"] == phone["digests"]
    for device in (half.laptop, half.phone):
        assert device.data("verify", "--deep", "--server")["clean"]


def test_closing_a_completed_milestone_otherwise_is_refused(half):
    said = half.laptop.type("milestone", "complete", "CSPO", "--measure", "no")
    assert said.code == REFUSED
    assert "already" in said.err or "closed" in said.err
