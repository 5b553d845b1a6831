"""Writes docs/screens: what each view shows at 60, 80 and 200 columns. A test fails while one of them is stale.

    python -m docs.screens

The story of the demonstration is typed up to a Tuesday in May, with a few lines more so that every view has something
to show, by the real command line in this process: its clock stands still, and its chance is drawn from a seed.
"""

import os
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from random import Random
from typing import NamedTuple

from milepost_client.demo.story import PLANS, STORY
from milepost_client.device.world import World
from milepost_client.main import run

FOLDER = Path(__file__).parent / "screens"
NAME = "README.md"
WIDTHS = (60, 80, 200)
NOW = datetime(2026, 5, 12, 9, tzinfo=UTC)
SEED = 20_260_512

MORE = (
    "mp focus role --on 2026-01-07",
    'mp focus skill --why "the next title is not the point" --on 2026-05-10',
    "mp value autonomy --rank 1 --on 2026-01-10",
    "mp value curiosity --rank 2 --on 2026-01-10",
    'mp role score "Product Manager" "decision authority" 4 --weight 2 --on 2026-05-01',
    'mp role score "Product Owner" "decision authority" 3 --on 2026-05-01',
    'mp role score "Product Manager" autonomy 5 --on 2026-05-01',
    "mp position add Politics --kind study --start 2012-09-01 --end 2015-06-30 --on 2026-01-05",
    'mp position add "Customer Success" --start 2016-04-01 --end 2020-08-31 --on 2026-01-05',
    "mp rate research 3 --enjoy 5 --on 2026-04-06",
    'mp goal "Read one case study" --repeat weekly --learning --test "a note on it" --on 2026-04-13',
    'mp done "read one" --on 2026-04-15',
    'mp done "read one" --on 2026-04-22',
    'mp goal "Ask 3 people why they left" --due 2026-05-14 --test "three answers" --visible --on 2026-05-11',
    'mp goal "get better at SQL" --on 2026-05-04',
    'mp reframe "get better at SQL" "Write 3 queries with a join" --due 2026-05-12 --test "they run" --on 2026-05-11',
    "mp spend 50m ask --on 2026-05-11",
    "mp spend 1h10 ask --on 2026-05-12",
    'mp touch "Dana R." interview 15m --asked 3 --on 2026-05-08',
    'mp milestone block "Redesign of sign-up" --class people --remedy peer --why "no designer" --on 2026-05-11',
    'mp evidence offering "Portfolio review" 45 EUR --per hour --on 2026-05-02',
    'mp metric bookings 3 --of "Portfolio review" --on 2026-05-09',
    "mp evidence pay +5% --on 2026-04-30",
    'mp metric "time to sign up" -4 --unit minutes --better down --source internal --on 2026-05-08',
    'mp evidence impact --action "Cut the sign-up in two" --context "a form of eleven fields"'
    ' --result "4 minutes less to get in" --reading "time to sign up" --on 2026-05-08',
    'mp evidence narrative "What I learned from ten conversations" --kind article --on 2026-05-05',
    'mp metric "article views" 240 --source platform --of "What I learned" --on 2026-05-10',
    'mp evidence outcome direct_message --class recruiter --of "What I learned" --on 2026-05-10',
)
"""What the demonstration has no need of."""

VIEWS = (
    "mp",
    "mp status",
    "mp status --due",
    "mp status --trend all --weeks 12",
    "mp status --as-of 2026-03-01",
    "mp inbox",
    "mp log --since 2w",
    "mp goal list --all",
    "mp done list",
    "mp milestone list --all",
    'mp milestone show "Redesign of sign-up"',
    'mp show "Three small projects"',
    'mp show "Redesign of sign-up" --history',
    "mp timeline",
    "mp quarter",
    "mp objective list",
    "mp skill list",
    "mp skill list --gaps",
    "mp skill map",
    'mp skill history "agile sprint planning"',
    "mp role list",
    "mp role compare",
    'mp role show "Product Manager"',
    "mp value list",
    "mp focus list",
    "mp position list",
    "mp contact list",
    "mp contact list --due",
    'mp contact show "Dana R."',
    'mp contact show "Rosa N."',
    "mp contact funnel",
    "mp touch list --since 2w",
    "mp evidence list",
    "mp evidence demand list",
    "mp evidence artifact list",
    "mp evidence credential list",
    "mp evidence impact list",
    "mp evidence narrative list",
    "mp evidence outcome list",
    "mp evidence offering list",
    "mp evidence pay list",
    "mp metric list",
    "mp spend list --since 2w",
    "mp capacity list",
    "mp review list",
    "mp feedback list",
    "mp win list",
    "mp note list",
    "mp share show",
    "mp device list",
    "mp key status",
    "mp config list",
    "mp verify",
    "mp help dates",
    "mp --help",
    "mp goal --help",
)


class Screen(NamedTuple):
    """One view: the line that shows it, and its text at each width."""

    line: str
    shown: Mapping[int, str]

    @property
    def name(self) -> str:
        """Its file: the words of the line."""
        return (
            "-".join(shlex.split(self.line)[1:] or ["today"])
            .lower()
            .replace(" ", "-")
            .replace(".", "")
            .replace("--", "")
        )

    @property
    def text(self) -> str:
        """The file: the screen at each width, under a rule as wide as it."""
        return "\n".join(f"{f'{self.line} ({width} columns) ':─<{width}}\n{self.shown[width]}" for width in WIDTHS)


class Member:
    """The member whose story it is, at a terminal of any width. `is_terminal`: what is shown may have colours."""

    def __init__(self, home: Path, *, is_terminal: bool = False) -> None:
        self._environ = {"MILEPOST_HOME": str(home)}
        self._is_terminal = is_terminal
        self._now_ms = int(NOW.timestamp() * 1000)
        self._world = World(self._tick, Random(SEED).randbytes, lambda: 120)  # noqa: S311 -- the same ids each time

    def _tick(self) -> int:
        self._now_ms += 1
        return self._now_ms

    def type(self, line: str, width: int = 80) -> str:
        """What a line prints. Raises ValueError when it does not succeed."""
        code, said = self.try_(line, width)
        if code:
            raise ValueError(f"{line}: {said}")
        return said

    def try_(self, line: str, width: int = 80) -> tuple[int, str]:
        """The exit code of a line, and what it prints; what it says on stderr when it fails."""
        out, err = Paper(self._is_terminal), StringIO()
        with redirect_stdout(out), redirect_stderr(err), _columns(width):
            code = run(shlex.split(line)[1:], self._environ, self._world)
        return code, err.getvalue() if code else out.getvalue()

    def live(self) -> None:
        """Type the story."""
        for line in (*PLANS, *(one.text for one in STORY if _day_of(one.text) <= NOW.date()), *MORE):
            self.type(line)
        # At first a device has the name of its machine, which differs.
        device, *_ = self.type("mp device list --plain").split("\t")
        self.type(f"mp device rename {device} laptop")


class Paper(StringIO):
    """What is written on; it may pass for a terminal."""

    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def _day_of(line: str) -> date:
    return date.fromisoformat(line.rpartition(" --on ")[2])


@contextmanager
def _columns(width: int) -> Iterator[None]:
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = str(width)
    try:
        yield
    finally:
        os.environ.pop("COLUMNS")
        if before is not None:
            os.environ["COLUMNS"] = before


def screens(home: Path) -> list[Screen]:
    """Every view of the story, typed into `home`."""
    member = Member(home)
    member.live()
    return [Screen(line, {width: member.type(line, width) for width in WIDTHS}) for line in VIEWS]


def pages(shown: list[Screen]) -> dict[str, str]:
    """The files of docs/screens."""
    rows = [f"| `{one.line}` | [{one.name}.txt]({one.name}.txt) |" for one in shown]
    listed = "\n".join((_INTRODUCTION, "", "| command | screen |", "|---|---|", *rows, ""))
    return {NAME: listed, **{f"{one.name}.txt": one.text for one in shown}}


_INTRODUCTION = """<!-- Generated by docs/screens.py: run `python -m docs.screens` instead of editing. -->

# Screens

What each view shows of one story at 60, 80 and 200 columns, without colours, which no view needs to be understood. It
is the story that `mp demo` types, on a Tuesday in May. A test types it again and compares."""


def main() -> None:
    """Write every file, and remove those of views that are no more."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        written = pages(screens(Path(folder) / "home"))
    for path in FOLDER.glob("*.txt"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
