"""The rest of the demonstration's cohort: three more pods, and what their members do in four weeks.

Data only, and no chance in it: whoever runs the demonstration twice sees the same people. Each has one change under
way, and the weeks of a pod differ: one is stuck, one is quick, one meets and writes little down.
"""

from collections.abc import Iterator
from typing import NamedTuple

WEEKS = 4
CODES = (
    ("sql", "SQL"),
    ("interviewing", "Interviewing users"),
    ("public_speaking", "Public speaking"),
)
"""The skills that the cohort sums by."""


class Neighbour(NamedTuple):
    """A member of another pod: who they are, what they are at, and which weeks are thin (1 is the first)."""

    name: str
    pod: str
    kind: str
    title: str
    skill: str
    step: str
    by_name: bool = False
    thin: tuple[int, ...] = ()

    def week(self, number: int) -> tuple[str, ...]:
        """The lines of a week, without the `mp`: 0 is that in which they join, the one after WEEKS is today's."""
        return tuple(_opening(self) if number == 0 else _week(self, number))


NEIGHBOURS = (
    Neighbour("Dev", "Lantern", "credential", "Health data certificate", "sql", "Join two tables of the ward", True),
    Neighbour("Ebba", "Lantern", "portfolio", "Two dashboards for the clinic", "sql", "Chart one month of visits"),
    Neighbour("Femi", "Lantern", "networking", "Ten talks with analysts", "interviewing", "Write to two analysts"),
    Neighbour("Gil", "Lantern", "mentoring", "A mentor in public health", "public_speaking", "Ask for one hour"),
    Neighbour("Hana", "Orchard", "stretch", "Run the harvest planning", "interviewing", "Ask three growers", True),
    Neighbour("Ivo", "Orchard", "project", "A price list that explains itself", "sql", "Clean last year's prices"),
    Neighbour(
        "Jun",
        "Orchard",
        "experiment",
        "Four weeks of teaching online",
        "public_speaking",
        "Record one lesson",
        thin=(3,),
    ),
    Neighbour("Kim", "Orchard", "skills_audit", "What I can and cannot do", "interviewing", "Rate five skills"),
    Neighbour("Lior", "Summit", "direction", "Three roles on one page", "sql", "Describe one role"),
    Neighbour(
        "Maja",
        "Summit",
        "narrative",
        "Write about the change",
        "public_speaking",
        "Draft 200 words",
        by_name=True,
        thin=(2, 4),
    ),
    Neighbour("Nils", "Summit", "credential", "First aid for teams", "interviewing", "Read one chapter"),
    Neighbour("Oya", "Summit", "portfolio", "Three lesson plans", "sql", "Plan one lesson", thin=(1,)),
)
"""Twelve people in three pods; the marketer's pod makes four."""

STUCK = {
    **dict.fromkeys(("Gil", "Ivo", "Kim", "Oya"), "time"),
    **dict.fromkeys(("Ebba", "Femi", "Lior"), "people"),
    **dict.fromkeys(("Hana", "Jun", "Nils"), "access"),
}
"""What is in the way of whom in the last of the four weeks."""

MET = ("Alva", "Bror", "Cleo", "Dunja", "Edda")
"""Whom everybody meets, one a week, each under an initial of their own."""

HARBOUR = (
    Neighbour("Ana", "Harbour", "project", "Retention charts for a team", "sql", "Plot one chart"),
    Neighbour("Ben", "Harbour", "networking", "Five people who hire", "interviewing", "Write to one of them"),
    Neighbour("Chi", "Harbour", "narrative", "A talk of ten minutes", "public_speaking", "Say it once aloud", True),
)
"""The others of the marketer's pod."""

MARKETERS_WEEK = ('review --worked "one application at a time"', "spend 45m", 'touch "Dana R." follow_up')
"""What the marketer types in each of the four weeks."""

SHARED = "share grant progress rhythm skills people evidence --to"


def consents(*, by_name: bool) -> tuple[str, ...]:
    """What everybody of the cohort lets be summed, and, `by_name`, what the leads may read."""
    summed = tuple(f"{SHARED} {audience}" for audience in ("pod_total", "cohort_total"))
    return (*summed, "share grant progress --to lead") if by_name else summed


def coded(skill: str, rating: int) -> tuple[str, ...]:
    """A first rating of a skill that carries the cohort's code."""
    return (f'rate "{_label(skill)}" {rating} --target 4', f'skill code "{_label(skill)}" {skill}')


def _opening(one: Neighbour) -> Iterator[str]:
    outputs = '--output "first part" --output "second part" --output "third part"'
    yield f'milestone plan {one.kind} "{one.title}" --for 6w --measure "somebody else used it" --buffer 4 {outputs}'
    yield from coded(one.skill, 2)
    if one.skill != "sql":
        yield from coded("sql", 1 + len(one.name) % 2)


def _week(one: Neighbour, number: int) -> Iterator[str]:
    if number == 1:
        yield f'milestone start "{one.title}"'
    yield f'goal "{one.step}, part {number}" --due 3d --test "somebody saw it" --visible'
    if number in one.thin:
        return
    yield f'done "{one.step}, part {number}"'
    yield f"spend {30 + 15 * number}m"
    if _busy(one, number):
        yield 'review --worked "an hour before work" --adjust "fewer things at once"'
    yield from _parts(one, number)
    yield from _together(one, number)
    if number == 2:
        yield f'rate "{_label(one.skill)}" 3 --basis peer'
    if number == WEEKS:
        yield f'rate "SQL" {3 + _turn(one) % 2}'
        if one.name in STUCK:
            yield f'milestone block "{one.title}" --class {STUCK[one.name]} --remedy peer'


def _parts(one: Neighbour, number: int) -> Iterator[str]:
    """Small projects: half of a pod starts one in a week, the other half completes the one of the week before."""
    if (_turn(one) + number) % 2:
        part = f"{one.title}, part {number}"
        yield f'milestone start micro_project "{part}" --for 10d --measure "somebody used it" --buffer 1'
    elif number > 1 and number - 1 not in one.thin:
        part = f"{one.title}, part {number - 1}"
        yield f'evidence artifact "{part}" --kind case_study --of "{part}"'
        yield f'milestone complete "{part}" --measure yes'


def _together(one: Neighbour, number: int) -> Iterator[str]:
    """What is done with others."""
    contact = f'"{MET[number % len(MET)]} {one.name[0]}."'
    yield f"touch {contact} outreach --personalised --class target_role"
    if _busy(one, number):
        yield f"touch {contact} interview 15m --asked 3"
        yield f"touch {contact} thanks --recap"
    else:
        yield 'feedback pod "shorter, and with one figure"'


def _turn(one: Neighbour) -> int:
    return ord(one.name[0])


def _busy(one: Neighbour, number: int) -> bool:
    return (_turn(one) + number) % 3 != 0


def _label(skill: str) -> str:
    return dict(CODES)[skill]
