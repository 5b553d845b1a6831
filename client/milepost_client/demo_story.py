"""The demonstration's story: six months of a marketer who becomes a product manager, as the lines they type.

Data only. The days are those of 2026; `typed` moves them by whole weeks, so that weekdays stay and nothing lies ahead of
whoever runs it. The demonstration and the end-to-end test type the same lines.
"""

import shlex
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

LAPTOP = "laptop"
PHONE = "phone"
LAST_DAY = date(2026, 7, 3)


class Line(NamedTuple):
    """One line, and on which of the two devices it is typed."""

    device: str
    text: str


class Pair(NamedTuple):
    """A member of the pod beside the marketer, and what they type in the week of the demonstration."""

    name: str
    lines: tuple[str, ...]


PLANS = (
    'mp milestone plan direction "Choose the role" --start 2026-01-05 --due 2026-01-19 --buffer 2 --measure "one role, in writing"',
    'mp milestone plan skills_audit "Skills audit" --start 2026-01-19 --due 2026-03-02 --buffer 5 --measure "sprint planning at 4"',
    "mp milestone plan credential CSPO --start 2026-01-26 --due 2026-04-27 --hours 8 --buffer 7 --measure certified",
    'mp milestone plan portfolio "Three small projects" --start 2026-02-16 --due 2026-03-30 --buffer 3 --measure "three artifacts online"'
    ' --output blueprint --output roadmap --output "sprint simulation"',
    'mp milestone plan micro_project "Feature blueprint" --start 2026-02-16 --due 2026-02-27 --buffer 1 --in "Three small projects"'
    ' --measure "a wireframe that two people used"',
    'mp milestone plan micro_project "Data-driven roadmap" --start 2026-03-02 --due 2026-03-13 --buffer 1'
    ' --in "Three small projects" --measure "three quarters on one page"',
    'mp milestone plan micro_project "Sprint simulation" --start 2026-03-16 --due 2026-03-27 --buffer 1'
    ' --in "Three small projects" --measure "a first version with three peers"',
    'mp milestone plan networking "Meet the people who do it" --start 2026-03-02 --due 2026-04-13 --buffer 3 --measure "10 conversations"',
    'mp milestone plan stretch "Redesign of sign-up" --start 2026-03-30 --due 2026-06-29 --buffer 7 --measure "engagement up"',
    'mp milestone plan mentoring "A mentor, monthly" --start 2026-04-06 --due 2026-06-29 --buffer 3 --measure "three sessions held"',
    'mp milestone plan impact "Say it in numbers" --start 2026-06-15 --due 2026-06-29 --buffer 2 --measure "three results with figures"',
    'mp milestone plan narrative "Tell the story" --start 2026-06-19 --due 2026-07-03 --buffer 2 --measure "an article and a clip"',
)
"""Typed on the laptop on the first day, before anything else."""

PRODUCT_MANAGERS = ("Dana R.", "Elif K.", "Goran P.", "Hanna S.", "Ines M.", "Jonas W.", "Kaya T.", "Lou B.")
RECRUITERS = ("Mika F.", "Noor A.")
ENGINEERS = ("Omar D.", "Pia L.", "Quinn V.")


def _story() -> Iterator[Line]:
    """The six months, in the order in which they are typed; each device sees only itself until they sync."""
    yield from _direction()
    yield from _skills()
    yield from _projects()
    yield from _people()
    yield from _stretch()
    yield from _public()


def _direction() -> Iterator[Line]:
    yield Line(LAPTOP, 'mp milestone start "Choose the role" --on 2026-01-05')
    yield Line(PHONE, 'mp note --prompt problems "people give up while signing up" --on 2026-01-07')
    yield Line(PHONE, 'mp note --prompt industries "tools for small teams" --on 2026-01-09')
    yield Line(PHONE, 'mp note --prompt tasks "deciding what not to build" --on 2026-01-14')
    yield Line(
        LAPTOP,
        'mp goal "Write a one-page brief of the role" --due 2026-01-16 --test "it fits one page" --on 2026-01-12',
    )
    yield Line(LAPTOP, "mp spend 1h30 write --on 2026-01-15")
    yield Line(LAPTOP, "mp done write --on 2026-01-16")
    yield Line(
        LAPTOP, 'mp milestone complete "Choose the role" --measure yes --result "product manager" --on 2026-01-19'
    )


def _skills() -> Iterator[Line]:
    yield Line(LAPTOP, 'mp milestone start "Skills audit" --on 2026-01-19')
    yield Line(LAPTOP, 'mp rate "market analysis" 5 --on 2026-01-19')
    yield Line(LAPTOP, 'mp rate "agile sprint planning" 2 --target 4 --by 2026-02-09 --method workshop --on 2026-01-19')
    yield Line(LAPTOP, 'mp rate "data-driven roadmapping" 3 --target 5 --method course --on 2026-01-19')
    yield Line(LAPTOP, "mp milestone start CSPO --on 2026-01-26")
    yield Line(PHONE, "mp spend 8h CSPO --on 2026-01-31")
    yield Line(PHONE, "mp spend 8h CSPO --on 2026-02-07")
    yield Line(LAPTOP, 'mp rate "agile sprint planning" 4 --basis peer --on 2026-03-02')
    yield Line(LAPTOP, 'mp milestone complete "Skills audit" --measure yes --on 2026-03-02')
    yield Line(LAPTOP, "mp milestone complete CSPO --measure yes --result certified --on 2026-04-27")


def _projects() -> Iterator[Line]:
    yield Line(LAPTOP, 'mp milestone start "Three small projects" --on 2026-02-16')
    for title, start, end in (
        ("Feature blueprint", "2026-02-16", "2026-02-27"),
        ("Data-driven roadmap", "2026-03-02", "2026-03-13"),
        ("Sprint simulation", "2026-03-16", "2026-03-27"),
    ):
        yield Line(LAPTOP, f'mp milestone start "{title}" --on {start}')
        yield Line(PHONE, f'mp spend 6h "{title}" --on {end}')
        yield Line(LAPTOP, f'mp milestone complete "{title}" --measure yes --on {end}')
    yield Line(
        PHONE, 'mp feedback peer "the stand-ups were short and to the point" --of "Sprint simulation" --on 2026-03-20'
    )
    yield Line(
        LAPTOP,
        'mp milestone complete "Three small projects" --measure yes --tick blueprint --tick roadmap'
        ' --tick "sprint simulation" --on 2026-03-30',
    )


def _people() -> Iterator[Line]:
    yield Line(LAPTOP, 'mp milestone start "Meet the people who do it" --on 2026-03-02')
    start = date(2026, 3, 3)
    for number, name in enumerate(PRODUCT_MANAGERS):
        day = start + timedelta(days=4 * number)
        yield Line(PHONE, f'mp touch "{name}" outreach --personalised --target --class target_role --on {day}')
        yield Line(PHONE, f'mp touch "{name}" interview 15m --asked 3 --on {day + timedelta(days=2)}')
        yield Line(PHONE, f'mp touch "{name}" thanks --recap --on {day + timedelta(days=3)}')
    for number, name in enumerate(RECRUITERS):
        yield Line(PHONE, f'mp touch "{name}" outreach --class recruiter --on {start + timedelta(days=7 * number)}')
    for number, name in enumerate(ENGINEERS):
        yield Line(PHONE, f'mp touch "{name}" outreach --class engineer --on {start + timedelta(days=7 * number + 1)}')
    yield Line(PHONE, 'mp win "Two of them referred me to openings" --on 2026-04-10')
    yield Line(LAPTOP, 'mp milestone complete "Meet the people who do it" --measure yes --on 2026-04-13')


def _stretch() -> Iterator[Line]:
    yield Line(LAPTOP, 'mp milestone start "Redesign of sign-up" --on 2026-03-30')
    yield Line(LAPTOP, 'mp milestone start "A mentor, monthly" --on 2026-04-06')
    for number, (day, agenda) in enumerate(
        (
            ("2026-04-06", "saying no to a stakeholder"),
            ("2026-05-04", "which figure to watch"),
            ("2026-06-01", "showing a roadmap"),
        )
    ):
        known = "" if number else " --class mentor"
        yield Line(
            PHONE,
            f'mp touch "Rosa N." mentor_session 30m --agenda "{agenda}"{known} --of "Redesign of sign-up" --on {day}',
        )
    yield Line(
        LAPTOP,
        'mp milestone block "Redesign of sign-up" --class access --remedy mentor --why "no test data" --on 2026-04-20',
    )
    yield Line(LAPTOP, 'mp milestone resume "Redesign of sign-up" --on 2026-04-24')
    yield Line(
        PHONE, 'mp feedback mentor "lead with the decision, then the reason" --of "Redesign of sign-up" --on 2026-05-04'
    )
    yield Line(
        LAPTOP,
        'mp metric "monthly active users" +12% --relative --source internal --of "Redesign of sign-up" --on 2026-06-26',
    )
    yield Line(
        LAPTOP, 'mp metric "bounce rate" -8% --better down --source internal --of "Redesign of sign-up" --on 2026-06-26'
    )
    yield Line(
        LAPTOP,
        'mp metric "time to sign up" -15m --better down --source internal --of "Redesign of sign-up" --on 2026-06-26',
    )
    yield Line(LAPTOP, 'mp milestone complete "Redesign of sign-up" --measure yes --on 2026-06-29')
    yield Line(LAPTOP, 'mp milestone complete "A mentor, monthly" --measure yes --on 2026-06-29')


def _public() -> Iterator[Line]:
    yield Line(LAPTOP, 'mp milestone start "Say it in numbers" --on 2026-06-15')
    yield Line(LAPTOP, 'mp milestone complete "Say it in numbers" --measure yes --on 2026-06-29')
    yield Line(LAPTOP, 'mp milestone start "Tell the story" --on 2026-06-19')
    yield Line(
        PHONE,
        'mp goal "Cut one clip of two minutes" --due 2026-07-01 --test "two people watched it" --visible --on 2026-06-27',
    )
    yield Line(PHONE, "mp done cut --on 2026-07-01")
    yield Line(LAPTOP, 'mp metric "article views" 1200 --source platform --of "Tell the story" --on 2026-07-03')
    yield Line(LAPTOP, 'mp metric "article comments" 45 --source platform --of "Tell the story" --on 2026-07-03')
    yield Line(LAPTOP, 'mp milestone complete "Tell the story" --measure yes --on 2026-07-03')


STORY = tuple(_story())

POD = (
    Pair(
        "Ana",
        ('mp goal "Sketch the retention chart" --due 3d --test "one page"', "mp done sketch", "mp spend 45m sketch"),
    ),
    Pair("Ben", ('mp goal "Ask 2 people for feedback" --due 3d --test "two answers"', "mp feedback peer clearer")),
    Pair("Chi", ('mp goal "Rehearse the talk once" --due 3d --test "under 10 minutes"', "mp done rehearse")),
)
"""The rest of a pod of four; what they type is of today, so its week is the one that is added up."""

WEEK = (
    'mp goal "Apply to one opening" --due 3d --test "sent" --visible',
    "mp done apply",
    "mp touch dana follow_up",
)
"""What the marketer types in the pod's week."""


def typed(text: str, weeks: int = 0) -> list[str]:
    """The words of a line, without the `mp`, its days moved by so many weeks."""
    return [_moved(word, weeks) for word in shlex.split(text)[1:]]


def weeks_until(today: date) -> int:
    """By how many whole weeks the story has to move so that it ends within the last week before `today`."""
    return (today - LAST_DAY).days // 7


def _moved(word: str, weeks: int) -> str:
    if len(word) == 10 and word[4] == word[7] == "-":
        return (date.fromisoformat(word) + timedelta(weeks=weeks)).isoformat()
    return word
