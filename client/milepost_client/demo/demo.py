"""`milepost demo`: the main job on one machine, with nothing pretended but the time.

A server in a temporary folder, real `mp` processes on two devices of one member and on those of fifteen others, all
offline until they sync. Four weeks pass, so that the cohort has figures. What is shown is what the commands answered.
"""

import json
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib.util import find_spec
from typing import Any, NamedTuple, TypeVar

from milepost.errors import Unreachable
from milepost_client.answer import Answer, Look
from milepost_client.demo import cohort, story
from milepost_client.demo.cohort import Neighbour
from milepost_client.demo.stage import COMMAND_SECONDS_MAX, Clock, Device, Failed, Operate, Show, server
from milepost_client.pages.pod_page import figure_words
from milepost_client.render.counted import counted
from milepost_client.render.table import table
from milepost_client.terminal import Terminal

T = TypeVar("T")

COHORT = "Spring cohort"
POD = "Harbour"
ME = "Mara"
LEAD = "Lea"
LINES_SHOWN = 3
# Two at a time: a small machine has two cores, and nobody watches fifteen people type.
AT_ONCE = 4
ASKING = "Ben"
QUESTION = "Who can open a test account for us?"


class Calendar(NamedTuple):
    """When things happen on stage: everybody joins on a Friday, and four whole weeks follow up to this one."""

    joining: datetime

    @classmethod
    def before(cls, today: date) -> "Calendar":
        monday = datetime(today.year, today.month, today.day, 10, tzinfo=UTC) - timedelta(days=today.weekday())
        return cls(monday - timedelta(weeks=cohort.WEEKS, days=3))

    def evening(self, week: int) -> datetime:
        """The Wednesday evening of a week, from 1."""
        return self.joining + timedelta(days=7 * week - 2, hours=8)

    def after(self, week: int) -> datetime:
        """The Monday morning that follows a week."""
        return self.joining + timedelta(days=7 * week + 3)


class Stage(NamedTuple):
    """What every scene needs."""

    folder: str
    clock: Clock
    calendar: Calendar
    show: Show
    url: str
    operate: Operate

    def device(self, name: str, title: str) -> Device:
        return Device(self.folder, self.clock, name, title)


def run(where: Terminal, *, serve: bool) -> Answer:
    """Play it through. Raises Unreachable where no server is installed, Failed where a command does not do its work."""
    if find_spec("milepost_server") is None or find_spec("litestar") is None:
        raise Unreachable("the demonstration needs the server", remedy="in the clone: pip install '.[server]'")
    began = time.monotonic()
    folder = tempfile.mkdtemp(prefix="milepost-demo-")
    show, clock = Show(where), Clock(folder)
    # Today as the processes on stage count it.
    calendar = Calendar.before(datetime.now(UTC).date())
    try:
        clock.turn_to(calendar.joining)
        with server(folder, clock) as (url, operate):
            data = _play(Stage(folder, clock, calendar, show, url, operate))
            data["seconds"] = round(time.monotonic() - began, 1)
            if serve:
                _stay(show, data, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Answer("demo/1", data, lambda shown: _text(data, shown), [(data["digest"], data["seconds"])])


def _play(stage: Stage) -> dict[str, Any]:
    show, day = stage.show, stage.calendar.joining.date()
    weeks = story.weeks_until(day)
    laptop, phone = stage.device(story.LAPTOP, f"{ME}'s laptop"), stage.device(story.PHONE, f"{ME}'s phone")
    show.chapter("1. Six months are planned on a laptop. No network, no account, no server.")
    _type(laptop, story.PLANS, weeks, show)
    show.chapter("2. A server, a cohort with a lead, a pod of four, and a phone that is paired.")
    lead = _lead(stage, day)
    (code,) = lead.lines([f"pod invite {POD} --for {ME}"]).split()
    _join(stage, laptop, ME, code, ())
    show.said(f"{ME} is in the pod {POD}, and shares sums with it: no names, no texts")
    _pair(laptop, phone, stage)
    show.chapter("3. Both go offline. The six months are typed, now here, now there.")
    _at_once(
        lambda: _type(laptop, _lines_of(story.LAPTOP), weeks, show),
        lambda: _type(phone, _lines_of(story.PHONE), weeks, show),
    )
    show.chapter("4. Fifteen others join: the rest of the pod, and three more pods.")
    everybody = (*cohort.HARBOUR, *cohort.NEIGHBOURS)
    codes = lead.lines([f"pod invite {one.pod} --for {one.name}" for one in everybody]).split()
    devices = _at_once(*(partial(_neighbour, stage, *each) for each in zip(everybody, codes, strict=True)))
    show.said(f"{counted(len(everybody), 'member')} on devices of their own, each with a change under way")
    show.chapter(f"5. {cohort.WEEKS} weeks pass. Everybody types offline, then syncs; each Monday a week is published.")
    for week in range(1, cohort.WEEKS + 1):
        _week(stage, week, lead, [*zip(everybody, devices, strict=True)], laptop)
    show.chapter("6. This week. Back online.")
    stage.clock.turn_back_to_now()
    _this_week(stage, lead, [*zip(everybody, devices, strict=True)])
    _type(phone, story.WEEK, 0, show)
    for device in (laptop, phone, laptop):
        _sync(device, show)
    stage.operate("totals")
    return _result(laptop, phone, lead)


def _lead(stage: Stage, day: date) -> Device:
    """Somebody who leads the cohort, and has made its pods."""
    start, end = str(day - timedelta(days=30)), str(day + timedelta(days=150))
    stage.operate("cohort", "open", COHORT, "--start", start, "--end", end)
    lead = stage.device("lead", f"{LEAD}'s laptop")
    lead.mp(
        "join", stage.url, _code(stage.operate("invite", "--cohort", COHORT, "--lead", "--for", LEAD)), "--no-input"
    )
    pods = tuple(dict.fromkeys((POD, *(one.pod for one in cohort.NEIGHBOURS))))
    lead.lines([*(f"pod form {pod}" for pod in pods), *(f'pod code {code} "{label}"' for code, label in cohort.CODES)])
    typed = (f"mp pod form {POD}", f'mp pod code {cohort.CODES[0][0]} "{cohort.CODES[0][1]}"')
    stage.show.lines(lead, typed, f"{LEAD} leads a cohort of {counted(len(pods), 'pod')}")
    return lead


def _code(said: str) -> str:
    return said.split()[-1]


def _join(stage: Stage, device: Device, name: str, code: str, before: Sequence[str], *, by_name: bool = False) -> None:
    joining = f"join {stage.url} {code} --name {name} --no-input"
    device.lines([*before, joining, *cohort.consents(by_name=by_name), "sync"])


def _neighbour(stage: Stage, one: Neighbour, code: str) -> Device:
    device = stage.device(one.name.lower(), f"{one.name}'s laptop")
    _join(stage, device, one.name, code, one.week(0), by_name=one.by_name)
    return device


def _week(stage: Stage, number: int, lead: Device, others: Sequence[tuple[Neighbour, Device]], laptop: Device) -> None:
    """A week: everybody's lines, the pods' sessions, and the morning after, when it is published."""
    stage.clock.turn_to(stage.calendar.evening(number))
    pods = dict.fromkeys((POD, *(one.pod for one, _ in others)))
    planned = lead.lines([f"pod schedule {pod} --on tomorrow --at 17:00 --json" for pod in pods])
    met = [json.loads(answer)["data"]["id"] for answer in planned.splitlines()]
    _at_once(
        *(partial(device.lines, [*one.week(number), "sync"]) for one, device in others),
        partial(laptop.lines, [*cohort.MARKETERS_WEEK, "sync"]),
    )
    stage.clock.turn_to(stage.calendar.after(number))
    # A pod that skips a session now and then is what a lead wants to see.
    lead.lines([f"pod hold {session}" for place, session in enumerate(met) if (place + number) % 4])
    stage.operate("release", "--now")
    stage.show.said(f"week {number}: {counted(len(others) + 1, 'member')}, {counted(len(met), 'session')}, one release")


def _this_week(stage: Stage, lead: Device, others: Sequence[tuple[Neighbour, Device]]) -> None:
    """What the others type today, a request for help, and the next session."""
    more = {other.name: [text.removeprefix("mp ") for text in other.lines] for other in story.POD}
    today = cohort.WEEKS + 1
    _at_once(*(partial(device.lines, [*one.week(today), *more.get(one.name, ()), "sync"]) for one, device in others))
    (asking,) = (device for one, device in others if one.name == ASKING)
    line = ("ask", "lead", QUESTION, "--kind", "unblock")
    asking.mp(*line)
    asking.mp("sync")
    stage.show.lines(
        asking, [_line(line)], f"{LEAD} reads it a moment later, and answers on the page or by `mp answer`"
    )
    lead.mp("pod", "schedule", POD, "--on", "3d", "--at", "17:00")


def _at_once(*parts: Callable[[], T]) -> list[T]:
    """Play parts side by side: devices that are offline do not wait for each other."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [part.result() for part in [pool.submit(part) for part in parts]]


def _lines_of(device: str) -> list[str]:
    return [line.text for line in story.STORY if line.device == device]


def _type(device: Device, lines: Sequence[str], weeks: int, show: Show) -> None:
    """Type lines; the first few are shown, the rest counted."""
    words = [story.typed(text, weeks) for text in lines]
    device.lines([shlex.join(line) for line in words])
    more = f", {len(lines) - LINES_SHOWN} of them not shown" if len(lines) > LINES_SHOWN else ""
    show.lines(device, [_line(line) for line in words[:LINES_SHOWN]], f"{len(lines)} lines on {device.title}{more}")


def _line(words: Sequence[str]) -> str:
    quoted = [f'"{word}"' if " " in word else word for word in words]
    text = "mp " + " ".join(quoted)
    return text if len(text) <= 96 else text[:95] + "…"


def _pair(laptop: Device, phone: Device, stage: Stage) -> None:
    show, url = stage.show, stage.url
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


def _result(laptop: Device, phone: Device, lead: Device) -> dict[str, Any]:
    status, other = laptop.data("status", "-v"), phone.data("status", "-v")
    if status["digests"] != other["digests"]:
        raise Failed("laptop and phone show different things")
    verdict = laptop.data("verify", "--deep", "--server")
    pod = laptop.data("pod")
    return {
        "milestones": laptop.data("milestone", "list", "--all")["milestones"],
        "milestone_counts": status["milestone_counts"],
        "people": status["people"],
        "skills": laptop.data("rate", "list")["skills"],
        "pod": pod,
        "pods": lead.data("pod", "list")["pods"],
        "dashboard": lead.data("dashboard", "--no-open")["url"],
        "digest": status["digests"]["view"],
        "digests_equal": True,
        "clean": verdict["clean"],
        "events": sum(line["events"] for line in verdict["lines"]),
    }


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
        shown.paint(f"{LEAD}'s cohort: {counted(len(data['pods']), 'pod')}", "bold"),
        *table(("pod", "joined", "last session", "asked"), [_pod_row(pod) for pod in data["pods"]], shown),
        f"the lead's dashboard, for one entry: {data['dashboard']} (`milepost demo --serve` keeps it up)",
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


def _pod_row(pod: Mapping[str, Any]) -> tuple[object, ...]:
    last = pod["last_session"]
    return pod["name"], pod["joined"], last["start"][:10] if last else "none", pod["open_requests"] or ""


def _by_class(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())


def _stay(show: Show, data: Mapping[str, Any], folder: str) -> None:
    show.chapter("The server stays up until you press Ctrl-C.")
    show.said(f"the lead's dashboard, for one entry within ten minutes: {data['dashboard']}")
    show.said(f"the member: MILEPOST_HOME={os.path.join(folder, story.LAPTOP)} mp status")
    with suppress(KeyboardInterrupt):
        while True:
            time.sleep(1)
