"""The demonstration's story: six months of a marketer who becomes a product manager, as the lines they type.

Data only. The days are those of 2026; `typed` moves them by whole weeks, so that weekdays stay and nothing lies ahead
of whoever runs it. The demonstration and the end-to-end test type the same lines.
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


class Milestone(NamedTuple):
    """One of the nine, or a small project inside one: what is planned on the first day. Days are of 2026."""

    kind: str
    title: str
    start: str
    due: str
    buffer: int
    measure: str
    more: str = ""

    @property
    def line(self) -> str:
        """The line that plans it."""
        dates = f"--start 2026-{self.start} --due 2026-{self.due} --buffer {self.buffer}"
        serves = "" if INSIDE in self.more else f'--objective "{OBJECTIVE}"'
        said = " ".join(filter(None, (dates, f'--measure "{self.measure}"', serves, self.more)))
        return f'mp milestone plan {self.kind} "{self.title}" {said} --on 2026-01-05'


OBJECTIVE = "Move to product management"
INSIDE = '--in "Three small projects"'
OUTPUTS = '--output blueprint --output roadmap --output "sprint simulation"'

MILESTONES = (
    Milestone("direction", "Choose the role", "01-05", "01-19", 2, "one role, in writing"),
    Milestone("skills_audit", "Skills audit", "01-19", "03-02", 5, "sprint planning at 4"),
    Milestone("credential", "CSPO", "01-26", "04-27", 7, "certified", "--hours 8"),
    Milestone("portfolio", "Three small projects", "02-16", "03-30", 3, "three artifacts online", OUTPUTS),
    Milestone("micro_project", "Feature blueprint", "02-16", "02-27", 1, "two people used the wireframe", INSIDE),
    Milestone("micro_project", "Data-driven roadmap", "03-02", "03-13", 1, "three quarters on one page", INSIDE),
    Milestone("micro_project", "Sprint simulation", "03-16", "03-27", 1, "a first version with three peers", INSIDE),
    Milestone("networking", "Meet the people who do it", "03-02", "04-13", 3, "10 conversations"),
    Milestone("stretch", "Redesign of sign-up", "03-30", "06-29", 7, "engagement up"),
    Milestone("mentoring", "A mentor, monthly", "04-06", "06-29", 3, "three sessions held"),
    Milestone("impact", "Say it in numbers", "06-15", "06-29", 2, "three results with figures"),
    Milestone("narrative", "Tell the story", "06-19", "07-03", 2, "an article and a clip"),
)
PLANS = (
    f'mp objective "{OBJECTIVE}" --horizon half --start 2026-01-05 --result "conversations=10"'
    ' --result "small projects=3" --on 2026-01-05',
    'mp position add "Marketing manager" --start 2020-09-01 --employer "Tea by post" --on 2026-01-05',
    "mp capacity all 90m --from 2026-01-05 --on 2026-01-05",
    *(milestone.line for milestone in MILESTONES),
)
"""Typed on the laptop on the first day, before anything else."""

ROLES = ("Product Owner", "Product Manager", "Product Lead")
FACTORS = ("decision authority", "cross-functional exposure", "salary range")
COMPETENCIES = ("market analysis", "agile sprint planning", "data-driven roadmapping")
PRODUCT_MANAGERS = ("Dana R.", "Elif K.", "Goran P.", "Hanna S.", "Ines M.", "Jonas W.", "Kaya T.", "Lou B.")
OTHERS_TARGETED = (
    "Abel C.",
    "Bruna D.",
    "Cem Y.",
    "Dorte H.",
    "Emre B.",
    "Farah Z.",
    "Greta V.",
    "Hugo I.",
    "Iris T.",
    "Jamal E.",
    "Klara U.",
    "Leif O.",
)
"""On the target list, and never met: with the eight who were, it holds twenty."""
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
    goal = '"Write a one-page brief of the role" --due 2026-01-16 --test "it fits one page"'
    yield _started("Choose the role", "01-05")
    yield _phone('note --prompt problems "people give up while signing up"', "01-07")
    yield _phone('note --prompt industries "tools for small teams"', "01-09")
    yield _phone('note --prompt tasks "deciding what not to build"', "01-14")
    yield _laptop(f"goal {goal}", "01-12")
    yield _laptop("spend 1h30 write", "01-15")
    yield _laptop("done write", "01-16")
    asks = " ".join(f'--asks "{skill}"' for skill in COMPETENCIES)
    yield _laptop(f'role brief "Product Manager" {asks} --indicators activation', "01-16")
    # Factors without scores: the comparison shows them as gaps, and no total.
    for role in ROLES:
        for factor in FACTORS:
            yield _laptop(f'role score "{role}" "{factor}"', "01-16")
    yield _laptop(
        'role choose "Product Manager" --why "deciding what not to build is the day I look forward to"', "01-19"
    )
    yield _completed("Choose the role", "01-19", '--result "product manager"')


def _skills() -> Iterator[Line]:
    yield _started("Skills audit", "01-19")
    yield _laptop('rate "market analysis" 5 --enjoy 3', "01-19")
    yield _laptop('rate "agile sprint planning" 2 --target 4 --by 2026-02-09 --method workshop --enjoy 4', "01-19")
    yield _laptop('rate "data-driven roadmapping" 3 --target 5 --method course --enjoy 5', "01-19")
    yield _laptop("evidence demand CSPO 19/50 --source listings", "01-23")
    yield _started("CSPO", "01-26")
    for day in ("01-31", "02-07", "02-14", "03-07", "03-21", "04-11"):
        yield _phone("spend 8h CSPO", day)
    yield _phone('review --worked "mornings before work" --adjust "evenings are gone by eight"', "02-08")
    yield _laptop('rate "agile sprint planning" 4 --basis peer', "03-02")
    yield _completed("Skills audit", "03-02")
    yield _laptop('evidence credential CSPO --issuer "Scrum Alliance" --of CSPO', "04-27")
    yield _completed("CSPO", "04-27", "--result certified")
    yield _laptop("evidence outcome interview_request --count 3 --of CSPO", "05-08")


def _projects() -> Iterator[Line]:
    yield _started("Three small projects", "02-16")
    made = {
        "Feature blueprint": ("blueprint", "Wireframe of a calmer inbox", "blueprint"),
        "Data-driven roadmap": ("roadmap", "Three quarters of an open project", "roadmap"),
        "Sprint simulation": ("simulation", "A sprint with three peers", "sprint simulation"),
    }
    for project in MILESTONES:
        if project.kind == "micro_project":
            kind, title, output = made[project.title]
            yield _started(project.title, project.start)
            yield _phone(f'spend 6h "{project.title}"', project.due)
            of = f'--of "Three small projects" --of "{project.title}" --output "{output}"'
            yield _laptop(f'evidence artifact "{title}" --kind {kind} --public {of}', project.due)
            yield _completed(project.title, project.due)
    yield _phone('feedback peer "the stand-ups were short and to the point" --of "Sprint simulation"', "03-20")
    yield _laptop('metric "small projects" 3', "03-30")
    yield _completed("Three small projects", "03-30")


def _people() -> Iterator[Line]:
    yield _started("Meet the people who do it", "03-02")
    for name in OTHERS_TARGETED:
        yield _phone(f'contact add "{name}" --class target_role --target', "03-02")
    start = date(2026, 3, 3)
    for number, name in enumerate(PRODUCT_MANAGERS):
        day = start + timedelta(days=4 * number)
        yield _phone(f'touch "{name}" outreach --personalised --target --class target_role', f"{day:%m-%d}")
        yield _phone(f'touch "{name}" interview 15m --asked 3', f"{day + timedelta(days=2):%m-%d}")
        yield _phone(f'touch "{name}" thanks --recap', f"{day + timedelta(days=3):%m-%d}")
    for kind, names in (("recruiter", RECRUITERS), ("engineer", ENGINEERS)):
        for number, name in enumerate(names):
            yield _phone(f'touch "{name}" outreach --class {kind}', f"{start + timedelta(days=7 * number):%m-%d}")
    yield _phone('review --worked "one question that is theirs" --lesson "write on the same day"', "03-15")
    yield _phone('evidence outcome referral --contact "Dana R." --contact "Elif K."', "04-10")
    yield _phone('win "Two of them referred me to openings"', "04-10")
    yield _laptop('metric "conversations" 8', "04-13")
    yield _completed("Meet the people who do it", "04-13")
    yield _phone('evidence outcome invitation --contact "Goran P." --details "a product review panel"', "04-15")


def _stretch() -> Iterator[Line]:
    of = '--of "Redesign of sign-up"'
    yield _started("Redesign of sign-up", "03-30")
    yield _started("A mentor, monthly", "04-06")
    yield _laptop('rate "presenting a roadmap" 2 --enjoy 2 --avoid --stance lean_in', "04-06")
    yield _phone(
        f'touch "Rosa N." mentor_session 30m --class mentor --agenda "saying no to a stakeholder" {of}', "04-06"
    )
    yield _phone(f'touch "Rosa N." mentor_session 30m --agenda "which figure to watch" {of}', "05-04")
    yield _phone(f'touch "Rosa N." mentor_session 30m --agenda "showing a roadmap" {of}', "06-01")
    yield _laptop('milestone block "Redesign of sign-up" --class access --remedy mentor --why "no test data"', "04-20")
    yield _laptop('milestone resume "Redesign of sign-up"', "04-24")
    for day in ("04-17", "05-08", "06-05", "06-12"):
        yield _laptop(f"spend 5h {of}", day)
    yield _phone(f'feedback mentor "lead with the decision, then the reason" {of}', "05-04")
    yield _phone('evidence outcome introduction --contact "Rosa N." --details "a circle of product people"', "05-04")
    yield _phone('review --worked "asking before building" --adjust "one figure, not five"', "05-10")
    yield _laptop("capacity all 0 --from 2026-05-18 --for 1w", "05-15")
    yield _phone('evidence outcome invitation --contact "Rosa N." --details "a round table of product leads"', "06-01")
    yield _laptop('rate "presenting a roadmap" 4 --basis mentor', "06-22")
    yield _phone('touch "Uwe H." other --class hiring_manager --notes "met at the round table"', "06-24")
    yield from _impact(of)
    yield _completed("Redesign of sign-up", "06-29")
    yield _completed("A mentor, monthly", "06-29")


def _impact(of: str) -> Iterator[Line]:
    yield _started("Say it in numbers", "06-15")
    led = '--action "Led the redesign of an old sign-up" --context "with one designer and two engineers"'
    for metric, value, result in (
        ("monthly active users", "+12% --relative", "12 % more people come back every month"),
        # The figure came without a basis: it is kept as it came, and warned of.
        ("bounce rate", "-8% --better down", "8 % fewer leave at the first screen"),
        ("time to sign up", "-15m --better down", "signing up takes 15 minutes less"),
    ):
        yield _laptop(f'metric "{metric}" {value} --source internal {of}', "06-26")
        yield _laptop(f'evidence impact "{result}" {led} --reading "{metric}" {of}', "06-28")
    yield _completed("Say it in numbers", "06-29")


def _public() -> Iterator[Line]:
    of = '--of "Tell the story"'
    yield _started("Tell the story", "06-19")
    yield _phone(
        'goal "Cut one clip of two minutes" --due 2026-07-01 --test "two people watched it" --visible', "06-27"
    )
    yield _phone("done cut", "07-01")
    yield _laptop(f'evidence narrative "Half a year from marketing to product" {of}', "07-02")
    yield _phone(f'evidence narrative "Clips: sprint planning in two minutes" --kind video {of}', "07-02")
    yield _laptop(f'metric "article views" 1200 --source platform {of}', "07-03")
    yield _laptop(f'metric "article comments" 45 --source platform {of}', "07-03")
    yield _phone(f"evidence outcome direct_message --count 2 --class recruiter {of}", "07-03")
    yield _completed("Tell the story", "07-03")


def _laptop(text: str, day: str) -> Line:
    return Line(LAPTOP, f"mp {text} --on 2026-{day}")


def _phone(text: str, day: str) -> Line:
    return Line(PHONE, f"mp {text} --on 2026-{day}")


def _started(title: str, day: str) -> Line:
    return _laptop(f'milestone start "{title}"', day)


def _completed(title: str, day: str, more: str = "") -> Line:
    return _laptop(f'milestone complete "{title}" --measure yes {more}'.strip(), day)


STORY = tuple(_story())

POD = (
    Pair(
        "Ana",
        (
            'mp goal "Sketch the retention chart" --due 3d --test "one page"',
            'mp done "sketch the"',
            'mp spend 45m "sketch the"',
        ),
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
