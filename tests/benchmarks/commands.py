"""Figures of whole processes: the nine daily words and `mp status`, beside an interpreter that does nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from milepost_client.device.home import Home
from tests.benchmarks.measure import Figure, Goal, Sample
from tests.benchmarks.workshop import Workshop

SHORT_HISTORY = 100
# Processes a round; a median, because a start is the first thing that a busy machine disturbs.
STARTS = 15

_FLOOR = "`python -c pass`"
_MP = Path(sys.executable).with_name("mp")
_NOTHING = (sys.executable, "-c", "pass")

DONE_SHORT = Figure("done_short", "`mp done`, whole process, history of 100", _FLOOR, "ms", Goal(3.5, is_ceiling=True))
DONE = Figure("done", "`mp done`, whole process, long history", _FLOOR, "ms", Goal(3.5, is_ceiling=True))
WORDS = Figure("words", "the nine daily words, whole process, long history", _FLOOR, "ms", Goal(3.5, is_ceiling=True))
STATUS = Figure("status", "`mp status`, views up to date, long history", _FLOOR, "ms", Goal(10, is_ceiling=True))

_DAILY = (
    ("goal", "Draft the brief", "--due", "2027-01-01", "--test", "Sam reads it"),
    ("rate", "sprint planning", "3"),
    ("touch", "dana", "interview", "15m"),
    ("spend", "45m"),
    ("metric", "monthly active users", "1200"),
    ("win", "Pilot approved"),
    ("note", "Ask for the numbers first"),
    ("feedback", "mentor", "tighten the ask"),
)


def done_short(shop: Workshop) -> Iterator[Sample]:
    yield from _done(shop, SHORT_HISTORY)


def done(shop: Workshop) -> Iterator[Sample]:
    yield from _done(shop, shop.events)


def words(shop: Workshop) -> Iterator[Sample]:
    """A round is each of the words once; the first round's names are new, so it is left out."""
    home = _prepared(shop, shop.events)
    for line in _DAILY:
        _run(home, line)
    for _ in range(shop.rounds):
        lines = [*_DAILY, ("done", _new_goal(home))]
        yield _in_turns(home, lines)


def status(shop: Workshop) -> Iterator[Sample]:
    home = _prepared(shop, shop.events)
    for _ in range(shop.rounds):
        yield _in_turns(home, [("status",)] * STARTS)


def _done(shop: Workshop, events: int) -> Iterator[Sample]:
    home = _prepared(shop, events)
    for _ in range(shop.rounds):
        goals = [_new_goal(home) for _ in range(STARTS)]
        yield _in_turns(home, [("done", goal) for goal in goals])


def _prepared(shop: Workshop, events: int) -> Home:
    """A home with a history, its views up to date."""
    home = shop.history(events)
    _run(home, ("status",))
    return home


def _new_goal(home: Home) -> str:
    return _run(home, ("goal", "Draft the brief", "--due", "2027-01-01", "--test", "Sam reads it", "--plain")).split(
        "\t"
    )[3]


def _in_turns(home: Home, lines: Sequence[Sequence[str]]) -> Sample:
    """Medians, in ms, of a command and of nothing, one after the other."""
    ours, floor = [], []
    for line in lines:
        floor.append(_milliseconds(home, _NOTHING))
        ours.append(_milliseconds(home, (str(_MP), *line)))
    return Sample(median(ours), median(floor))


def _milliseconds(home: Home, command: Sequence[str]) -> float:
    began = time.perf_counter()
    _process(home, command)
    return (time.perf_counter() - began) * 1000


def _run(home: Home, line: Sequence[str]) -> str:
    return _process(home, (str(_MP), *line))


def _process(home: Home, command: Sequence[str]) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("MILEPOST_", "PYTHON"))}
    done = subprocess.run(
        command, env={**environ, "MILEPOST_HOME": home.path}, check=True, capture_output=True, text=True
    )
    return done.stdout
