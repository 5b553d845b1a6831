"""On the first day there is nothing to look at: each view says so in a sentence, with the line that fills it."""

import re
import shlex

import pytest

from milepost_client.render.columns import width

FILLED_BY = (
    "",
    "status",
    "status --trend all",
    "log",
    "goal list",
    "goal list --all",
    "done list",
    "milestone list",
    "milestone list --all",
    "timeline",
    "quarter",
    "objective list",
    "rate list",
    "skill list",
    "skill list --gaps",
    "skill map",
    "role list",
    "role compare",
    "value list",
    "focus list",
    "position list",
    "contact list",
    "contact funnel",
    "touch list",
    "spend list",
    "feedback list",
    "evidence list",
    "evidence demand list",
    "evidence artifact list",
    "evidence credential list",
    "evidence impact list",
    "evidence narrative list",
    "evidence offering list",
    "evidence outcome list",
    "evidence pay list",
    "metric list",
    "capacity list",
    "win list",
    "note list",
)
COMMAND = re.compile(r"(?:: |^ *)(mp .*)$", re.MULTILINE)


@pytest.mark.parametrize("view", FILLED_BY)
def test_an_empty_view_names_a_line_that_works_and_fills_it(mp, monkeypatch, view):
    monkeypatch.setenv("COLUMNS", "60")
    # Given a home in which nothing is recorded
    empty = mp(*view.split())
    assert empty.code == 0
    assert all(width(line) <= 60 for line in empty.out.splitlines())
    # When the line that it names is typed as it stands there
    [command] = COMMAND.findall(empty.out)[:1]
    _, *words = shlex.split(command)
    typed = mp(*words)
    assert typed.code == 0, typed.err
    # Then the view shows something else
    if "--help" not in words:
        assert mp(*view.split()).out != empty.out


@pytest.mark.parametrize("view", ["status --due", "contact list --due", "inbox", "review list"])
def test_where_nothing_waits_a_view_says_so(mp, view):
    shown = mp(*view.split())
    assert shown.code == 0
    assert len(shown.out.splitlines()) == 1
