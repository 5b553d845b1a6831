"""Every engine of the tables is the same projection: held against plain dictionaries."""

import sqlite3
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milepost.projections.apply import Projection
from milepost.projections.days import Day, summed
from milepost.projections.digest import total
from milepost.projections.fold import Fold, Folded, Stamped
from milepost.projections.tables import Resolved
from milepost_client.views.view_tables import ViewTables
from milepost_client.views.view_tables import bring_up_to_date as create_views
from milepost_server.projection.view_tables import StreamTables, create
from tests.support.histories import histories
from tests.support.memory_tables import projected


def of_a_device() -> ViewTables:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    create_views(connection)
    return ViewTables(connection)


def of_the_server() -> StreamTables:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    create(connection, 1)
    return StreamTables(connection, 1, 3)


@pytest.mark.parametrize("engine", [of_a_device, of_the_server])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), size=st.integers(1, 8))
def test_an_engine_holds_what_plain_dictionaries_hold_and_keeps_its_digest(
    engine: Callable[[], ViewTables | StreamTables], history: list[Stamped], size: int
):
    tables, fold = engine(), Fold(is_own=True)
    projection = Projection(tables)
    seen: dict[bytes, Folded] = {}
    for start in range(0, len(history), size):
        folded = [fold(one) for one in history[start : start + size]]
        seen.update((one.order.hash, one) for one in folded)
        projection.apply(folded)
        while restored := projection.take_restored():
            projection.fold_again([one for one in seen.values() if one.event_id in restored])
        while not projection.resolve(3):
            pass
    plain = projected([history], fold)
    assert dict(tables.digests()) == {one.entity: one.digest for one in plain.views.values()}
    assert tables.total() == total(tables.digests())
    assert sorted(tables.day_counts(), key=str) == sorted(summed(tables.all(Day)), key=str)


@pytest.mark.parametrize("engine", [of_a_device, of_the_server])
def test_storing_views_reads_none_of_the_others(engine: Callable[[], ViewTables | StreamTables]):
    few, many = engine(), engine()
    few.put_views(goals(2))
    many.put_views(goals(1000))

    assert steps_of(many, goals(2)) < 2 * steps_of(few, goals(2))


def goals(count: int) -> list[Resolved]:
    return [Resolved(f"goal:{number}", b"{}", bytes(32), None, None, None) for number in range(count)]


def steps_of(tables: ViewTables | StreamTables, resolved: list[Resolved]) -> int:
    """Instructions of SQLite's machine that storing views takes."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    tables._connection.set_progress_handler(step, 1)
    tables.put_views(resolved)
    return steps
