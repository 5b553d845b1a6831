"""Pod totals on the server: added up each morning, closed by whatever would make two of them subtract to somebody."""

from milepost.disclosure import VALUE
from milepost_server.reads.figures import FigureInfo
from tests.support.programme import Programme, week_name

TUESDAY, WEDNESDAY, THURSDAY = 1, 2, 3


def test_a_pod_that_formed_this_week_is_added_up_next_week():
    programme = Programme()
    mara, sam, dana = programme.pod_of(3, "pod_total")
    for person in (mara, sam, dana):
        person.sets_goals(2)
    programme.at(0, THURSDAY)
    assert programme.totals(mara.pod, mara).state == "closed"

    programme.at(1, hour=12)
    for person in (mara, sam, dana):
        person.sets_goals(3)
    programme.at(1, TUESDAY)

    found = programme.totals(mara.pod, mara)
    assert (found.state, found.week) == ("shown", week_name(1))
    assert found.figures["goals_set"] == FigureInfo(VALUE, 9)
    assert found.as_of == "2026-01-13T11:00:00Z"
    assert found.next_at == "2026-01-14T05:00:00Z"
