"""S2: Maria, a product marketer, tries growth analytics for ten weeks; half a year later there are two offers.

Typed as she would have, beside a real server: what it holds of her pay is looked up in its database.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import ServerProcess

NOON_MS = int(datetime(2026, 10, 5, 12, tzinfo=UTC).timestamp() * 1000)
SPRINT = "Analytics sprint"
OUTPUTS = ("--output", "dashboard", "--output", "case study", "--output", "referral")
ENGAGEMENT = ("--output", "data model", "--output", "dashboard", "--output", "hand-over")


@pytest.fixture
def world(world):
    """A day on which the two offers have come."""
    return world._replace(now_ms=lambda: NOON_MS)


@pytest.fixture
def server(tmp_path):
    with ServerProcess(tmp_path / "server") as server:
        server.pod()
        yield server


def _typed(mp, *line, on):
    said = mp(*line, "--on", on, "--json")
    assert said.code == 0, said
    return said


@pytest.fixture
def maria(mp):
    """The ten weeks, and what came of them."""
    start = ("milestone", "start")
    _typed(
        mp, *start, "sprint", SPRINT, "--for", "10w", "--buffer", "5", "--measure", "three", *OUTPUTS, on="2026-01-12"
    )
    inside = ("--in", SPRINT, "--buffer", "2", "--measure", "used by a team")
    paid = ("--for", "6w", "--terms", "paid", *ENGAGEMENT)
    _typed(mp, *start, "project", "Retention engagement", *paid, *inside, on="2026-01-12")
    _typed(mp, *start, "cohort", "Micro-mentoring", "--for", "4w", *inside, on="2026-02-23")
    dashboard = ("evidence", "artifact", "Retention dashboard", "--kind", "dashboard", "--of", SPRINT)
    _typed(mp, *dashboard, "--output", "dashboard", on="2026-02-20")
    _typed(mp, "milestone", "complete", "Retention engagement", "--measure", "yes", on="2026-02-23")
    study = ("evidence", "artifact", "How a shop keeps its customers", "--kind", "case_study", "--public")
    _typed(mp, *study, "--of", SPRINT, "--output", "case study", on="2026-03-20")
    _typed(mp, "milestone", "complete", "Micro-mentoring", "--measure", "yes", on="2026-03-23")
    return mp


def milestones(mp) -> dict[str, Any]:
    return {one["name"]: one for one in mp("milestone", "list", "--all", "--json").data["milestones"]}


def test_ten_weeks_hold_six_and_four_and_count_as_one_milestone(maria):
    found = milestones(maria)
    assert {name: one["parent"] for name, one in found.items()} == {
        SPRINT: None,
        "Retention engagement": found[SPRINT]["id"],
        "Micro-mentoring": found[SPRINT]["id"],
    }
    days = {name: maria("show", name, "--json").data["derived"]["days_planned"] for name in found}
    assert days == {SPRINT: 70, "Retention engagement": 42, "Micro-mentoring": 28}
    counts = maria("status", "--json").data["milestone_counts"]
    assert (counts["total"], counts["started"]) == (1, 1)


def test_completing_two_outputs_of_three_says_that_one_is_missing(maria, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    said = _typed(maria, "milestone", "complete", SPRINT, "--measure", "partly", on="2026-03-23")
    (warning,) = said.json["warnings"]
    assert warning["code"] == "outputs_missing"
    assert "2 of 3" in warning["message"]
    found = milestones(maria)[SPRINT]
    assert (found["outputs_done"], found["outputs_named"], found["measure_met"]) == (2, 3, "partly")
    assert "! outputs 2 of 3" in maria("milestone", "list", "--all").out
    shown = maria("show", SPRINT).out
    assert "! 2 of 3" in shown
    assert "✓ dashboard" in shown
    assert "✓ case study" in shown
    assert "· referral" in shown
    assert len(maria("evidence", "artifact", "list", "--json").data["artifacts"]) == 2


def test_a_completion_that_ticks_what_no_artifact_shows_warns_of_nothing(maria):
    complete = ("milestone", "complete", SPRINT, "--measure", "yes", "--tick", "referral")
    assert _typed(maria, *complete, on="2026-03-23").json["warnings"] == []
    assert milestones(maria)[SPRINT]["outputs_done"] == 3


def test_six_months_later_there_are_two_offers(maria):
    _typed(maria, "milestone", "complete", SPRINT, "--measure", "partly", on="2026-03-23")
    _typed(maria, "evidence", "outcome", "offer", "--count", "2", "--of", SPRINT, on="2026-09-23")
    (offer,) = maria("evidence", "outcome", "list", "--json").data["outcomes"]
    assert (offer["kind"], offer["count"]) == ("offer", 2)


def test_her_pod_is_one_of_four_and_sees_each_other(maria, server, tmp_path):
    for name in ("Ana", "Ben", "Chi"):
        joined = maria("join", server.url, server.invite(), "--name", name, MILEPOST_HOME=str(tmp_path / name))
        assert joined.code == 0, joined
    assert maria("join", server.url, server.invite(), "--name", "Maria").code == 0
    page = maria("pod", "--json").data
    assert sorted(member["name"] for member in page["members"]) == ["Ana", "Ben", "Chi", "Maria"]


def test_the_server_cannot_tell_that_pay_was_recorded(maria, server):
    assert maria("join", server.url, server.invite(), "--name", "Maria").code == 0
    _typed(maria, "evidence", "pay", "+25%", on="2026-10-01")
    _typed(maria, "value", "calm", on="2026-10-01")
    assert maria("sync").code == 0
    (change,) = maria("evidence", "pay", "list", "--json").data["changes"]
    assert change["percentage"] == "25"

    server.stop()
    pay, value = _last_held(server.data, 2)
    assert pay == value
    assert pay[:2] == ("entry.sealed", None)
    assert not any(b"pay" in file.read_bytes() for file in server.data.glob("*.db*"))


def _last_held(data: Path, count: int) -> list[tuple[object, ...]]:
    """The newest events a server holds, as far as it can read them: type, facts, day, and the length of the rest."""
    (path,) = data.glob("*.db")
    with closing(sqlite3.connect(path)) as database:
        found = database.execute(
            "SELECT type, facts, day, length(sealed) FROM event ORDER BY key DESC LIMIT ?", (count,)
        ).fetchall()
    return list(reversed(found))
