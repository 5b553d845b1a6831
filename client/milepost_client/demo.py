"""`milepost demo`: the main job on one machine, with nothing pretended.

A server in a temporary folder, real `mp` processes on two devices of one member and on those of three others, all
offline until they sync. What is shown is what the commands answered.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from functools import partial
from importlib.util import find_spec
from threading import Lock
from typing import Any

from milepost.errors import MilepostError, Unreachable
from milepost_client import demo_story as story
from milepost_client.answer import Answer, Look, look
from milepost_client.commands import today
from milepost_client.pod_page import figure_words
from milepost_client.render.counted import counted
from milepost_client.render.table import table
from milepost_client.terminal import Terminal

CLIENT = (sys.executable, "-c", "from milepost_client.main import main; main()")
SERVER = (sys.executable, "-c", "from milepost_server.cli import main; main()")
START_SECONDS_MAX = 20.0
COMMAND_SECONDS_MAX = 60.0
SUMMARY_SECONDS_MAX = 10.0
POLL_SECONDS = 0.1
COHORT = "Spring cohort"
POD = "Harbour"
ME = "Mara"
LINES_SHOWN = 3


class Failed(MilepostError):
    """A command of the demonstration did not do what it should: a bug."""

    code = "demo"


class Device:
    """One device of the demonstration: a home of its own, and the command line on it."""

    def __init__(self, folder: str, name: str, owner: str = ME) -> None:
        self.name = name
        self.title = f"{owner}'s {name}" if owner == ME else f"{owner}'s laptop"
        self._environ = _environ({"MILEPOST_HOME": os.path.join(folder, name), "NO_COLOR": "1"})

    def mp(self, *words: str) -> str:
        """Type a line that must succeed; its stdout."""
        done = subprocess.run(  # noqa: S603 -- our own program
            [*CLIENT, *words],
            env=self._environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS_MAX,
            check=False,
        )
        if done.returncode:
            raise Failed(
                f"on the {self.name}, `mp {' '.join(words)}` ended with {done.returncode}: {done.stderr.strip()}"
            )
        return done.stdout

    def data(self, *words: str) -> Any:
        """The data of a line that must succeed."""
        return json.loads(self.mp(*words, "--json"))["data"]

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Type a line and do not wait."""
        return subprocess.Popen(  # noqa: S603 -- our own program
            [*CLIENT, *words],
            env=self._environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


class Show:
    """What the person at the terminal sees meanwhile."""

    def __init__(self, where: Terminal) -> None:
        self._look = look(sys.stderr, where.flags, where.color)
        self._is_quiet = where.flags.quiet
        self._lock = Lock()

    def chapter(self, title: str) -> None:
        """A heading."""
        self._say(f"\n{self._look.paint(title, 'bold')}")

    def typed(self, device: Device, text: str) -> None:
        """A line as it is typed on a device."""
        self._say(f"  {self._look.paint(f'{device.name:>6} $', 'dim')} {text}")

    def lines(self, device: Device, typed: Sequence[str], said: str) -> None:
        """Lines typed on a device and what came of them, in one piece: others may be typing meanwhile."""
        with self._lock:
            for text in typed:
                self.typed(device, text)
            self.said(said)

    def said(self, text: str) -> None:
        """What came of it."""
        self._say(f"         {self._look.paint('✓', 'good')} {text}")

    def _say(self, text: str) -> None:
        if not self._is_quiet:
            sys.stderr.write(text + "\n")
            sys.stderr.flush()


def run(where: Terminal, *, serve: bool) -> Answer:
    """Play it through. Raises Unreachable where no server is installed, Failed where a command does not do its work."""
    if find_spec("milepost_server") is None or find_spec("litestar") is None:
        raise Unreachable(
            "the demonstration needs the server", remedy="install it with: pip install 'milepost[server]'"
        )
    began = time.monotonic()
    folder = tempfile.mkdtemp(prefix="milepost-demo-")
    show = Show(where)
    try:
        with _server(folder) as (url, operate):
            data = _play(folder, url, operate, show, today(where.world))
            data["seconds"] = round(time.monotonic() - began, 1)
            if serve:
                _stay(show, url, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Answer("demo/1", data, lambda shown: _text(data, shown), [(data["digest"], data["seconds"])])


Operate = Callable[..., str]


def _play(folder: str, url: str, operate: Operate, show: Show, day: date) -> dict[str, Any]:
    weeks = story.weeks_until(day)
    laptop, phone = Device(folder, story.LAPTOP), Device(folder, story.PHONE)
    show.chapter("1. Six months are planned on a laptop. No network, no account, no server.")
    _type(laptop, story.PLANS, weeks, show)
    show.chapter("2. A server, a pod of four, and a phone that is paired.")
    operate("cohort", "open", COHORT, "--start", str(day - timedelta(days=30)), "--end", str(day + timedelta(days=150)))
    operate("pod", "form", POD, "--cohort", COHORT)
    _join(laptop, url, operate, ME, show)
    _pair(laptop, phone, url, show)
    show.chapter("3. Both go offline. The six months are typed, now here, now there.")
    _at_once(
        lambda: _type(laptop, _lines_of(story.LAPTOP), weeks, show),
        lambda: _type(phone, _lines_of(story.PHONE), weeks, show),
    )
    show.chapter("4. Three others of the pod, each on a device of their own.")
    _at_once(*(partial(_other, folder, other, url, operate, show) for other in story.POD))
    show.chapter("5. Back online.")
    _type(phone, story.WEEK, 0, show)
    for device in (laptop, phone, laptop):
        _sync(device, show)
    return _result(laptop, phone, show)


def _at_once(*parts: Callable[[], None]) -> None:
    """Play parts side by side: devices that are offline do not wait for each other."""
    with ThreadPoolExecutor(len(parts)) as pool:
        for part in [pool.submit(part) for part in parts]:
            part.result()


def _lines_of(device: str) -> list[str]:
    return [line.text for line in story.STORY if line.device == device]


def _other(folder: str, other: story.Pair, url: str, operate: Operate, show: Show) -> None:
    device = Device(folder, other.name.lower(), other.name)
    _type(device, other.lines, 0, show)
    _join(device, url, operate, other.name, show)


def _type(device: Device, lines: Sequence[str], weeks: int, show: Show) -> None:
    """Type lines; the first few are shown, the rest counted."""
    words = [story.typed(text, weeks) for text in lines]
    for line in words:
        device.mp(*line)
    more = f", {len(lines) - LINES_SHOWN} of them not shown" if len(lines) > LINES_SHOWN else ""
    show.lines(device, [_line(line) for line in words[:LINES_SHOWN]], f"{len(lines)} lines on {device.title}{more}")


def _line(words: Sequence[str]) -> str:
    quoted = [f'"{word}"' if " " in word else word for word in words]
    text = "mp " + " ".join(quoted)
    return text if len(text) <= 96 else text[:95] + "…"


def _join(device: Device, url: str, operate: Operate, name: str, show: Show) -> None:
    code = operate("invite", "--pod", POD).split()[-1]
    device.mp("join", url, code, "--name", name)
    device.mp("share", "grant", "progress", "rhythm", "people", "--to", "pod_total")
    device.mp("sync")
    lines = (f"mp join {url} mp1-… --name {name}", "mp share grant progress rhythm people --to pod_total")
    show.lines(device, lines, f"{name} is in the pod {POD}, and shares sums with it: no names, no texts")


def _pair(laptop: Device, phone: Device, url: str, show: Show) -> None:
    show.typed(phone, f"mp init --pair {url}")
    with phone.start("init", "--pair", url) as arriving:
        code = _heard(arriving, "mp device add ")
        show.typed(laptop, f"mp device add {code[:14]}…")
        with laptop.start("device", "add", code, "--yes") as sponsor:
            digits = _heard(sponsor, "on the new device: ")
            arriving.communicate(digits + "\n", COMMAND_SECONDS_MAX)
            sponsor.communicate(timeout=COMMAND_SECONDS_MAX)
    if arriving.returncode or sponsor.returncode:
        raise Failed("the phone could not be paired")
    show.said(f"six digits were compared ({digits}); the phone is in, and can read everything")


def _heard(process: "subprocess.Popen[str]", before: str) -> str:
    """The word that follows `before` in what a process says."""
    for line in process.stderr or ():
        if before in line:
            return line.partition(before)[2].split()[0]
    raise Failed(f"nothing said {before!r}")


def _sync(device: Device, show: Show) -> None:
    report = device.data("sync")
    show.typed(device, "mp sync")
    show.said(f"{counted(report['pushed'], 'entry', 'entries')} sent, {report['pulled']} received")


def _result(laptop: Device, phone: Device, show: Show) -> dict[str, Any]:
    status, other = laptop.data("status", "-v"), phone.data("status", "-v")
    if status["digests"] != other["digests"]:
        raise Failed("laptop and phone show different things")
    verdict = laptop.data("verify", "--deep", "--server")
    pod = _pod(laptop)
    show.chapter("What came of it.")
    return {
        "milestones": laptop.data("milestone", "list", "--all")["milestones"],
        "milestone_counts": status["milestone_counts"],
        "people": status["people"],
        "skills": laptop.data("rate", "list")["skills"],
        "pod": pod,
        "digest": status["digests"]["view"],
        "digests_equal": True,
        "clean": verdict["clean"],
        "events": sum(line["events"] for line in verdict["lines"]),
    }


def _pod(device: Device) -> dict[str, Any]:
    """The pod's page, once its week has been added up."""
    until = time.monotonic() + SUMMARY_SECONDS_MAX
    while True:
        page: dict[str, Any] = device.data("pod")
        figures = (page["summary"] or {}).get("figures") or {}
        if any(figure["state"] == "value" for figure in figures.values()) or time.monotonic() > until:
            return page
        time.sleep(POLL_SECONDS)


def _text(data: Mapping[str, Any], shown: Look) -> list[str]:
    counts, people = data["milestone_counts"], data["people"]
    rows = [
        (("└ " if one.get("parent") else "") + one["name"], one["kind"].replace("_", " "), one["due_on"], one["status"])
        for one in data["milestones"]
    ]
    skills = [
        (one["name"], " -> ".join(str(rating["rating"]) for rating in one.get("ratings", []))) for one in data["skills"]
    ]
    page = data["pod"]
    summed = (page["summary"] or {}).get("figures") or {}
    return [
        shown.paint(f"{ME}: {counts['completed']} of {counted(counts['total'], 'milestone')} completed", "bold"),
        *table(("milestone", "kind", "due", ""), rows, shown),
        "",
        *table(("skill", "rating"), skills, shown),
        f"people met: {people['relationships']} ({_by_class(people['by_class'])})",
        "",
        shown.paint(f"Pod {page['pod']['name']}: {', '.join(member['name'] for member in page['members'])}", "bold"),
        *(_figures(summed, shown) if summed else ["its week is not added up yet"]),
        "",
        f"laptop, phone and server hold the same; view digest {data['digest']}",
        f"{data['events']} events verified, every signature; took {data['seconds']} s",
    ]


def _figures(summed: Mapping[str, Mapping[str, Any]], shown: Look) -> list[str]:
    rows = [(name.replace("_", " "), figure_words(one)) for name, one in summed.items() if one["state"] == "value"]
    hidden = len(summed) - len(rows)
    return [
        *table(("this week", "three or more share"), rows, shown),
        f"{hidden} more: {figure_words({'state': 'hidden'})}",
    ]


def _story_of(ratings: Sequence[Mapping[str, Any]]) -> str:
    return " -> ".join(str(rating["rating"]) for rating in ratings)


def _by_class(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())


@contextmanager
def _server(folder: str) -> Iterator[tuple[str, Operate]]:
    """A server on a free port over `folder`, and its operator's command line."""
    data = os.path.join(folder, "server")
    environ = _environ({"MILEPOST_SERVER_DATA": data, "MILEPOST_SERVER_PORT": "0"})
    said = os.path.join(folder, "server.log")
    with open(said, "wb") as log:
        process = subprocess.Popen([*SERVER, "run"], env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603

    def operate(*words: str) -> str:
        done = subprocess.run([*SERVER, *words], env=environ, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise Failed(f"`milepost-server {' '.join(words)}` failed: {done.stderr.strip()}")
        return done.stdout

    try:
        yield _listening(process, os.path.join(data, "operator.json"), said), operate
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(START_SECONDS_MAX)
        process.kill()
        process.wait()


def _listening(process: "subprocess.Popen[bytes]", operator: str, said: str) -> str:
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError, ValueError, KeyError), open(operator, encoding="utf-8") as file:
            return str(json.load(file)["url"])
        time.sleep(POLL_SECONDS)
    with open(said, encoding="utf-8", errors="replace") as file:
        raise Failed(f"the server does not start: {file.read()[-500:]}")


def _environ(ours: Mapping[str, str]) -> dict[str, str]:
    """This process's variables without Milepost's own, and `ours`; byte code is kept, as any install keeps it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MILEPOST_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**kept, **ours}


def _day(days: int) -> str:
    from datetime import date, timedelta

    return (date.today() + timedelta(days=days)).isoformat()


def _stay(show: Show, url: str, folder: str) -> None:
    show.chapter(f"The server stays up at {url} until you press Ctrl-C.")
    show.said(f"try: MILEPOST_HOME={os.path.join(folder, story.LAPTOP)} mp status")
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(1)
