"""The audit log: every act, every look at somebody by name, chained so that a change shows."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost_server.cohort import audit
from milepost_server.config import load
from milepost_server.operating.checkup import verify
from milepost_server.reads.audit import ChainInfo, audit_page, my_audit
from milepost_server.store import Connection, streams
from tests.support.acting import act, joined, key, lead_of, shown
from tests.support.cast import COHORT_LEAD, MEMBER, NEIGHBOUR, POD_LEAD, Cast
from tests.support.programme import Programme
from tests.support.servers import serving
from tests.support.stores import MemoryStore

ROWS = 5


def log(store: MemoryStore) -> streams.Stream:
    """A cohort's log with some rows."""
    stream = store.run(lambda connection: streams.open_stream(connection, b"c" * 16, streams.COHORT))

    def fill(connection: Connection) -> None:
        for number in range(ROWS):
            audit.write(connection, stream.n, number, "operator", "pods/form", "", [bytes([number]) * 16])

    store.run(fill)
    return stream


def broken(store: MemoryStore, stream: streams.Stream) -> list[int]:
    return list(audit.broken(store.connection, stream))


def test_an_untouched_log_verifies():
    store = MemoryStore()
    assert broken(store, log(store)) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(1, ROWS), st.sampled_from(["at = at + 1", "actor = 'me'", "act = 'x'", "pod = 'p'", "about = ''"]))
def test_any_row_that_is_changed_shows(n: int, change: str):
    store = MemoryStore()
    stream = log(store)
    store.connection.execute(f"UPDATE audit SET {change} WHERE n = ?", (n,))  # noqa: S608 -- drawn from the list above
    assert broken(store, stream) == [n]


@settings(max_examples=20, deadline=None)
@given(st.integers(1, ROWS - 1))
def test_any_row_that_is_taken_out_shows_at_the_next(n: int):
    store = MemoryStore()
    stream = log(store)
    store.connection.execute("DELETE FROM audit WHERE n = ?", (n,))
    assert broken(store, stream) == [n + 1]


def test_the_log_is_read_newest_first_page_by_page_by_who_leads_the_cohort():
    programme = Programme()
    cleo = lead_of(programme, "cohort", programme.cohort.cohort, 1)
    for number in range(5):
        act(programme, "pods/form", cleo, name=f"Pod {number}", cohort="Spring")
    cohort = programme.cohort.cohort
    first = shown(programme, cleo, lambda c, r, _: audit_page(c, r, cohort, limit=3))
    second = shown(programme, cleo, lambda c, r, _: audit_page(c, r, cohort, after=first.next, limit=3))
    assert [row.n for row in (*first.items, *second.items)] == [5, 4, 3, 2, 1]
    assert {(row.by, row.act) for row in first.items} == {("a lead", "pods/form")}
    assert second.next is None


def test_the_log_is_read_by_act_and_by_whom_a_row_is_by_or_about():
    programme = Programme()
    cleo = lead_of(programme, "cohort", programme.cohort.cohort, 1)
    pod, cohort = programme.pod("Harbour"), programme.cohort.cohort
    joined(programme, pod, "Mara", 2)
    joined(programme, pod, "Marek", 3)
    act(programme, "pods/form", cleo, name="Quay", cohort="Spring")
    for who in ("Mara", "Marek"):
        act(programme, "members/remove", pod="Harbour", member=who)

    def found(**part: Any) -> list[int]:
        return [row.n for row in shown(programme, cleo, lambda c, r, _: audit_page(c, r, cohort, **part)).items]

    assert found() == [3, 2, 1]
    assert found(act="members/remove") == [3, 2]
    assert found(person=key(cleo)) == [1]
    assert found(person="operator") == [3, 2]
    assert found(person="nobody at all") == found(act="no such act") == []


def test_a_page_of_the_log_says_which_of_its_rows_were_changed_and_where_the_log_ends():
    programme = Programme()
    cleo = lead_of(programme, "cohort", programme.cohort.cohort, 1)
    cohort, connection = programme.cohort.cohort, programme.store.connection
    for number in range(5):
        act(programme, "pods/form", cleo, name=f"Pod {number}", cohort="Spring")

    def chain(**part: Any) -> ChainInfo:
        return shown(programme, cleo, lambda c, r, _: audit_page(c, r, cohort, **part)).chain

    whole = chain()
    assert (whole.rows, whole.broken, len(whole.hash)) == (5, [], 64)
    connection.execute("UPDATE audit SET at = at + 1 WHERE n = 2")
    assert [chain().broken, chain(limit=3).broken, chain(after="4", limit=2).broken] == [[2], [], [2]]
    assert chain(act="pods/form").broken == [2]
    connection.execute("DELETE FROM audit WHERE n = 4")
    assert chain().broken == [5, 2]
    connection.execute("DELETE FROM audit WHERE n = 5")
    assert chain().hash != whole.hash


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 19, "9" * 5000, "\u0663"])
def test_a_place_in_the_log_that_no_page_gave_begins_anew(after: str):
    programme = Programme()
    cleo = lead_of(programme, "cohort", programme.cohort.cohort, 1)
    act(programme, "pods/form", cleo, name="Harbour", cohort="Spring")
    cohort = programme.cohort.cohort
    assert [row.n for row in shown(programme, cleo, lambda c, r, _: audit_page(c, r, cohort, after=after)).items] == [1]


def test_a_member_sees_the_rows_about_themselves_and_of_others_in_them_nothing():
    programme = Programme()
    programme.pod("Lantern")
    mara = joined(programme, programme.pod("Harbour"), "Mara", 1)
    ben = joined(programme, programme.pod("Quay"), "Ben", 2)
    act(programme, "members/move", pod="Lantern", member="Mara")
    connection = programme.store.connection
    [row] = my_audit(connection, mara.user).items
    assert (row.by, row.act, row.pod_name, row.about) == ("the operator", "members/move", "Lantern", [])
    assert my_audit(connection, ben.user).items == []


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(1, 3), st.booleans()), max_size=9), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_a_member_reads_every_row_about_themselves_once_however_it_is_cut_into_pages(rows, limit):
    store, mara = MemoryStore(), b"m" * 16

    def fill(connection: Connection) -> None:
        logs = [streams.open_stream(connection, bytes([n]) * 16, streams.COHORT).n for n in range(2)]
        # Of two cohorts, some at the same instant, some about others.
        for log_, at, is_about in rows:
            who = mara if is_about else b"o" * 16
            audit.write(connection, logs[log_], at, "operator", "members/move", "", [who])

    store.run(fill)
    found, after = [], None
    while True:
        page = my_audit(store.connection, mara, after=after, limit=limit)
        found += [row.at for row in page.items]
        if page.next is None:
            break
        after = page.next
    assert len(found) == sum(is_about for *_, is_about in rows)
    assert found == sorted(found, reverse=True)


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """A real server with everybody on it."""
    with serving(tmp_path_factory.mktemp("audit"), {"MILEPOST_SERVER_JOINS_PER_MINUTE": "1000"}) as server:
        yield Cast(server)


def looks(cast: Cast) -> list[tuple[str, str | None]]:
    """Who was shown Mara, where."""
    rows = cast.get(MEMBER, "/v1/me/audit")["items"]
    return [(row["by"], row["pod_name"]) for row in rows if row["act"] == audit.READ]


def test_who_was_shown_somebody_by_name_is_noted_once_and_told_to_them(cast: Cast):
    harbour = cast.pods["Harbour"]
    assert looks(cast) == []
    for _ in range(2):
        cast.get(POD_LEAD, f"/v1/pods/{harbour}/members/{cast.key(MEMBER)}")
    assert looks(cast) == [("Dana", "Harbour")]
    cast.get(COHORT_LEAD, f"/v1/pods/{harbour}")
    assert looks(cast)[0] == ("Cleo", "Harbour")


def test_members_of_a_pod_are_not_noted_as_looking_at_each_other(cast: Cast):
    cast.consent(NEIGHBOUR, "Lantern", "pod", "progress")
    cast.get(NEIGHBOUR, f"/v1/pods/{cast.pods['Lantern']}")
    rows = cast.get(NEIGHBOUR, "/v1/me/audit")["items"]
    assert [row for row in rows if row["act"] == audit.READ] == []


def test_verify_finds_a_row_that_was_changed(tmp_path: Path):
    with serving(tmp_path) as server:
        server.invite()
    assert list(verify(load(data=str(tmp_path)))) == []
    database = sqlite3.connect(tmp_path / "milepost.db")
    database.execute("UPDATE audit SET actor = 'somebody else' WHERE n = 2")
    database.commit()
    database.close()
    [finding] = verify(load(data=str(tmp_path)))
    assert (finding.code, finding.position) == ("AUDIT", 2)
