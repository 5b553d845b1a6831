"""One file on two devices that have not met since: in the end everything in it is there once, and undo takes it back.

Two real homes and a real server. What must come of it is what one device shows that read both files.
"""

import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from milepost.projections.days import Day
from milepost.projections.direction import Position
from milepost.projections.evidence import Artifact, Credential
from milepost.projections.goals import Goal
from milepost.projections.people import Contact
from milepost.projections.skills import Skill
from milepost_client.device.home import Home
from milepost_client.device.world import SYSTEM
from milepost_client.store.log import Log
from milepost_client.views.views import Views
from tests.support.here import Here
from tests.support.homes import pair
from tests.support.household import standing
from tests.support.processes import ServerProcess

KINDS: Mapping[str, Any] = {
    "skill": Skill,
    "contact": Contact,
    "goal": Goal,
    "credential": Credential,
    "artifact": Artifact,
    "position": Position,
}
# What differs between two homes that show the same.
NAMES = frozenset(("id", "event", "heads", "replaces", "replaced_by"))

Rows = tuple[int, ...]
POD = itertools.count()
# Entries whose type the server may know: of the others not even a count says whether they are copies.
COUNTED = ("skill.rated", "skill.targeted", "contact.added", "goal.set", "goal.closed", "time.spent")


def audit(rows: Rows) -> str:
    # Every third row is without a day, and every fourth without a target.
    lines = [
        f"Skill {n},{n % 5 + 1},{n % 5 + 1 if n % 4 else ''},{'' if n % 3 else '2026-02-0' + str(n % 9 + 1)}"
        for n in rows
    ]
    return "\n".join(("skill,current,target,rated on", *lines))


def people(rows: Rows) -> str:
    return "\n".join(("name,class,employer", *(f"Person {n},{'recruiter' if n % 2 else ''},Acme {n}" for n in rows)))


def tasks(rows: Rows) -> str:
    return json.dumps([_task(n) for n in rows])


def _task(n: int) -> dict[str, Any]:
    entry = f"2026020{n % 9 + 1}T100000Z"
    done = {"status": "completed", "end": "20260301T100000Z"} if n % 3 == 0 else {"status": "pending"}
    notes = {"annotations": [{"entry": entry, "description": f"note {n}"}]} if n % 2 else {}
    due = {"due": "20260306T100000Z"} if n % 4 else {}
    return (
        {"uuid": str(UUID(int=(n + 1) << 90 | n + 1)), "description": f"Task {n}", "entry": entry} | done | notes | due
    )


def intervals(rows: Rows) -> str:
    # Two that are alike are two: here all of them are, but for their order in the file.
    return json.dumps(
        [{"start": "20260302T090000Z", "end": "20260302T093000Z", "tags": [f"tag {n % 3}"]} for n in rows]
    )


def resume(rows: Rows) -> str:
    return json.dumps(
        {
            "work": [{"name": f"Acme {n}", "position": "Manager", "startDate": f"200{n % 9}"} for n in rows],
            "skills": [{"name": f"Skill {n}"} for n in rows],
            "certificates": [{"name": f"Certificate {n}", "date": "2025-04-27"} for n in rows],
            "projects": [{"name": f"Project {n}"} for n in rows if n % 2],
        }
    )


class Format(NamedTuple):
    """A format of files. `has_sealed`: it makes entries of which no view can tell that they are copies."""

    name: str
    file: Callable[[Rows], str]
    has_sealed: bool = False


FORMATS = (
    Format("audit", audit),
    Format("contacts", people),
    Format("taskwarrior", tasks, has_sealed=True),
    Format("timewarrior", intervals),
    Format("jsonresume", resume, has_sealed=True),
)
ROWS = st.lists(st.integers(0, 9), min_size=1, max_size=6, unique=True).map(tuple)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("server")) as server:
        server.ask("cohorts/open", name="Spring", start="2026-01-05", end="2027-01-05", zone="Europe/Berlin")
        yield server


# Not made smaller: an example is small, and each costs a pod and two homes.
@settings(max_examples=6, phases=(Phase.generate,))
@given(
    format=st.sampled_from(FORMATS),
    files=st.tuples(ROWS, ROWS),
    order=st.permutations((0, 1)),
    undone=st.sampled_from(("never", "before they meet", "after", "and restored")),
)
def test_what_two_devices_import_before_they_meet_is_there_once_and_taken_back_at_once(
    server: ServerProcess, format: Format, files: tuple[Rows, Rows], order: Sequence[int], undone: str
) -> None:
    if format.has_sealed and undone == "before they meet":
        undone = "after"
    with TemporaryDirectory() as folder:
        # Given two devices of one account that know all of each other
        devices = household(Path(folder), server)
        # When each imports its file, and perhaps takes that back
        for number in order:
            brought(devices[number], format, files[number])
        if undone == "before they meet":
            devices[1].mp("undo")
        settle(devices)
        if undone in ("after", "and restored"):
            devices[1].mp("undo")
            if undone == "and restored":
                devices[1].mp("undo")
            settle(devices)
        # Then both show what one device shows that read both files
        expected = Here(Path(folder) / "expected")
        if undone in ("never", "and restored"):
            brought(expected, format, files[order[0]])
            brought(expected, format, files[order[1]])
        else:
            brought(expected, format, left(format, *files))
        assert shown(devices[0]) == shown(devices[1]) == shown(expected)
        # And the server agrees, the inbox is empty, and importing again writes nothing
        first, second = standing(devices[0]), standing(devices[1])
        assert first == second
        assert first.own_view == first.server_view
        assert devices[0].data("inbox")["conflicts"] == []
        for device in devices:
            said = brought(device, format, files[0], is_applied=False)
            is_there = undone in ("never", "and restored") or not both(format, *files)
            assert (said["rows"]["new"] == 0) == is_there


def household(folder: Path, server: ServerProcess) -> tuple[Here, Here]:
    laptop, phone = Here(folder / "laptop"), Here(folder / "phone")
    laptop.mp("win", "A reply")
    pod = f"Pod {next(POD)}"
    server.ask("pods/form", name=pod, cohort="Spring")
    laptop.mp("join", server.url, server.invite(pod), "--no-input")
    pair(Home(str(laptop.home)), Home(str(phone.home)))
    settle((laptop, phone))
    return laptop, phone


def settle(devices: Sequence[Here]) -> None:
    for device in (*devices, devices[0]):
        device.mp("sync")


def brought(device: Here, format: Format, rows: Rows, *, is_applied: bool = True) -> Any:
    """What importing these rows says."""
    path = device.home.parent / "file"
    path.write_text(format.file(rows), encoding="utf-8")
    return device.data("import", format.name, str(path), *(["--apply"] if is_applied else []))


def left(format: Format, kept: Rows, taken: Rows) -> Rows:
    """The rows of a file that another does not have."""
    return tuple(kept[n] for n in range(len(kept)) if n not in both(format, kept, taken))


def both(format: Format, kept: Rows, taken: Rows) -> set[int]:
    """Which of the rows of a file another has too."""
    waiting = Counter(same(format, n) for n in taken)
    found = set()
    for number, n in enumerate(kept):
        if waiting[same(format, n)]:
            waiting[same(format, n)] -= 1
            found.add(number)
    return found


def same(format: Format, n: int) -> int:
    return n % 3 if format.name == "timewarrior" else n


def shown(device: Here) -> list[str]:
    """What a device shows, but for the names that it gives to things and entries."""
    home = Home(str(device.home))
    with Log.open(home, SYSTEM, create=True) as log, Views.open(home, log) as views:
        views.refresh()
        things = [
            [kind, views.name(kind, view.id), without_names(msgspec.to_builtins(view))]
            for kind, type_ in KINDS.items()
            for view in views.all(type_)
        ]
        days = [
            [day.date, [[one.type, one.count, one.minutes] for one in day.counts if one.type in COUNTED]]
            for day in views.all(Day)
        ]
    notes = [[one["on"], one["text"]] for one in device.data("note", "list")["notes"]]
    spent = [[one["on"], one["says"]] for one in device.data("spend", "list")["entries"]]
    return sorted(
        json.dumps(one, sort_keys=True) for one in (*things, *(day for day in days if day[1]), *notes, *spent)
    )


def without_names(value: Any) -> Any:
    match value:
        case dict():
            return {name: without_names(each) for name, each in value.items() if name not in NAMES}
        case list() | tuple():
            return [without_names(each) for each in value]
        case _:
            return value
