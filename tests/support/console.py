"""The `console` blocks of a page, typed as a reader would type them; what they print is held to what the page shows.

A prompt names the keyboard: `$`, `laptop$`, `mara$` are members with homes of their own, `operator$` is at the server.
What differs from run to run (ids, keys, codes, days) may differ here too, but always in the same way: an id that the
page shows stands for one id of the run, in later commands as well. A line of `…` stands for any lines. A comment
`<!-- run: NAME WORDS -->` lets a test do what cannot be typed in one go.
"""

import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir
from datetime import date, timedelta
from pathlib import Path
from shlex import split
from typing import NamedTuple

from milepost_client.device.world import SYSTEM
from tests.support.cli import TIMEOUT_SECONDS, Device
from tests.support.here import Here
from tests.support.processes import MAIN as SERVER

ADDRESS = "https://milepost.example.org"
DATA = "/var/lib/milepost"
HOME = "~/milepost"
# A page was written somewhere; what it shows of a day is that day in UTC.
IN_UTC = SYSTEM._replace(offset_minutes=lambda: 0, offset_at=lambda _: 0)
PAGE_DAY = date(2026, 11, 16)
"""The day that the pages were written on: days typed on them are moved by as many weeks as have passed since."""
_BLOCK = re.compile(r"^```console\n(.*?)^```|^<!-- run: (.*?) -->$", re.MULTILINE | re.DOTALL)
_PROMPT = re.compile(r"^([a-z]*)\$ (.*)$")
_ANY_LINES = "…"
_ISO_DAY = r"\d{4}-\d\d-\d\d"

# A shape that both tokens have, for them to stand for each other. Days and sizes are not bound to one another.
_LOOSE = re.compile(r"\d{5,}|Mon|Tue|Wed|Thu|Fri|Sat|Sun|\d{4}-\d\d-\d\d|\d{4}-W\d\d")
_NAMES = (
    re.compile(r"mp[a-z]*1-[0-9a-z-]+"),
    re.compile(r"[0-9a-hjkmnp-tv-z]{3,26}"),
    re.compile(r"[0-9A-Za-z_-]{6,43}"),
)
_PUNCTUATION = "().,:;?'"


class Typed(NamedTuple):
    """A command of a page: whose keyboard, the words, and the lines that the page shows below it."""

    who: str
    words: tuple[str, ...]
    shown: tuple[str, ...]


class Hook(NamedTuple):
    """A `run` comment."""

    words: tuple[str, ...]


def script(page: Path) -> Iterator[Typed | Hook]:
    """The commands and hooks of a page, in order."""
    for block, hook in _BLOCK.findall(page.read_text(encoding="utf-8")):
        if hook:
            yield Hook(tuple(hook.split()))
        else:
            yield from _commands(block)


def _commands(block: str) -> Iterator[Typed]:
    who, line, shown = "", "", list[str]()
    for text in block.splitlines():
        prompt = _PROMPT.match(text)
        if prompt is None:
            assert line, f"a console block begins with a prompt, not with {text!r}"
            shown.append(text)
            continue
        if line:
            yield Typed(who, tuple(split(line)), tuple(shown))
        who, line, shown = prompt[1], prompt[2], []
    yield Typed(who, tuple(split(line)), tuple(shown))


class Console:
    """Types the commands of one page, members' homes being folders in `folder`.

    `operator` is the environment of the server's commands, `address` the server that the page calls
    milepost.example.org; the page calls every home ~/milepost. `ahead_ms` sets the clock of every home. A page that has
    no server is typed in this very process, which takes a quarter of the time.
    """

    def __init__(self, folder: Path, address: str = "", operator: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)
        self._address = address
        self._operator = operator
        self._data = (operator or {}).get("MILEPOST_SERVER_DATA", "")
        self.names: dict[str, str] = {}
        self.ahead_ms = 0
        self.hooks: dict[str, Callable[..., object]] = {}

    def device(self, who: str) -> Device:
        """The home of whoever sits at a prompt."""
        return Device(self._folder / (who or "member"), ahead_ms=self.ahead_ms)

    def run(self, page: Path) -> int:
        """Type everything on the page; how many commands that was."""
        count = 0
        for step in script(page):
            if isinstance(step, Hook):
                self.hooks[step.words[0]](*step.words[1:])
            else:
                self._type(step)
                count += 1
        return count

    def _type(self, typed: Typed) -> None:
        program, *words = (self._meant(word) for word in typed.words)
        said = self._said(typed.who, program, words)
        self._compare(typed, said.replace(self._address, ADDRESS) if self._address else said)

    def _meant(self, word: str) -> str:
        if re.fullmatch(_ISO_DAY, word):
            # On a clock that the test sets, it is the day of the page.
            return word if self.ahead_ms else str(date.fromisoformat(word) + _weeks_since_the_page())
        return self.names.get(word, word.replace(ADDRESS, self._address))

    def _said(self, who: str, program: str, words: list[str]) -> str:
        if program == "milepost-server":
            assert self._operator is not None
            command, environ = [*SERVER, *words], {**self._operator}
        else:
            assert program == "mp", f"a page types {program}"
            device = self.device(who)
            if self._operator is None:
                return self._typed_here(device, words)
            command, environ = device.command(*words), device.environ()
        done = subprocess.run(
            command,
            # Unbuffered, or what goes to stderr would come before what goes to stdout.
            env={**environ, "PYTHONUNBUFFERED": "1", "COLUMNS": "80", "TZ": "UTC"},
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=TIMEOUT_SECONDS,
        )
        said = done.stdout.replace(str(self.device(who).home), HOME)
        return said.replace(self._data, DATA) if self._data else said

    def _typed_here(self, device: Device, words: list[str]) -> str:
        here = Here(device.home, IN_UTC)
        here.ahead_ms = device.ahead_ms
        with chdir(self._folder):
            return here.screen(*words).replace(str(device.home), HOME)

    def _compare(self, typed: Typed, said: str) -> None:
        printed = said.splitlines()
        at = 0
        for number, line in enumerate(typed.shown):
            if line.strip() == _ANY_LINES:
                rest = typed.shown[number + 1 :]
                at = self._next(rest[0], printed, at) if rest else len(printed)
                continue
            assert self._fits(line, printed[at] if at < len(printed) else ""), _difference(typed, line, said)
            at += 1
        assert at == len(printed), _difference(typed, "(the end)", said)

    def _next(self, line: str, printed: list[str], at: int) -> int:
        return next((place for place in range(at, len(printed)) if self._fits(line, printed[place])), len(printed))

    def _fits(self, wanted: str, printed: str) -> bool:
        if len(wanted.split()) != len(printed.split()):
            return False
        named = dict(self.names)
        for mine, theirs in zip(_words(wanted), _words(printed), strict=True):
            if mine == theirs or (_LOOSE.fullmatch(mine) and _LOOSE.fullmatch(theirs)):
                continue
            if not _alike(mine, theirs) or named.setdefault(mine, theirs) != theirs:
                return False
        self.names = named
        return True


def _words(line: str) -> list[str]:
    return [token.strip(_PUNCTUATION) for token in line.split()]


def _weeks_since_the_page() -> timedelta:
    return timedelta(weeks=(date.today() - PAGE_DAY).days // 7)


def _alike(mine: str, theirs: str) -> bool:
    """Whether two tokens may stand for each other. A page shows ids with a letter and a digit: a word is no id."""
    is_name = re.search(r"\d", mine) and re.search(r"[A-Za-z]", mine)
    return bool(is_name) and any(shape.fullmatch(mine) and shape.fullmatch(theirs) for shape in _NAMES)


def _difference(typed: Typed, line: str, said: str) -> str:
    return f"{typed.who}$ {' '.join(typed.words)}\nthe page shows: {line}\nit prints:\n{said}"
