"""How every figure is counted: one entry a figure, which is its name on every page and its place on the rules page."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class Rule(NamedTuple):
    """One figure: what it is called, and what it counts."""

    name: str
    title: str
    sentence: str


class Group(NamedTuple):
    """Figures that are read together."""

    title: str
    rules: tuple[Rule, ...]


GROUPS = (
    Group(
        "Taking part",
        (
            Rule(
                "participation",
                "Participation",
                "How many of those who share recorded anything in the week: under half, half or more, or most. "
                "Never a number.",
            ),
        ),
    ),
    Group(
        "Milestones",
        (
            Rule(
                "milestones_planned",
                "Planned",
                "Milestones planned for the first time. Small ones inside another count as that one.",
            ),
            Rule("milestones_started", "Started", "Milestones started for the first time."),
            Rule("milestones_completed", "Completed", "Milestones completed, each once."),
            Rule(
                "milestones_blocked",
                "Blocked",
                "How often a milestone was recorded as blocked; the same one may be blocked again.",
            ),
            Rule("milestones_rescheduled", "Rescheduled", "How often a due date was moved, with a reason."),
            Rule("outputs_named", "Outputs named", "Results that milestones named for themselves."),
            Rule(
                "outputs_done",
                "Outputs done",
                "Of the named results, those delivered: ticked, or linked to an artifact, whichever came first.",
            ),
        ),
    ),
    Group(
        "Goals and rhythm",
        (
            Rule("goals_set", "Goals set", "Small goals set. One that is reframed goes on as the same."),
            Rule("goals_closed", "Goals closed", "Small goals done; a repeated one counts once a period."),
            Rule("reviews_held", "Reviews", "Reviews held: of a week, a month, a quarter, or any other rhythm."),
            Rule("feedback_received", "Feedback", "Feedback received, by whatever way it came."),
        ),
    ),
    Group(
        "People",
        (
            Rule("touch_outreach", "Outreach", "First words to somebody. Never to whom."),
            Rule("touch_interview", "Interviews", "Conversations to learn about a role or a field."),
            Rule("touch_thanks", "Thanks", "Notes of thanks."),
            Rule("touch_follow_up", "Follow-ups", "Later words to somebody known."),
            Rule("touch_mentor_session", "Mentor sessions", "Sessions with a mentor."),
            Rule("touch_pod_session", "Pod sessions", "Pod sessions that members recorded having been at."),
            Rule("touch_other", "Other touches", "Touches of any other kind."),
        ),
    ),
    Group(
        "Evidence",
        (
            Rule("artifacts_added", "Artifacts", "Artifacts added: a text, a talk, code, anything that can be shown."),
            Rule("readings_recorded", "Readings", "Values recorded for a measure."),
        ),
    ),
    Group(
        "Skills",
        (
            Rule("skills_rerated", "Rated again", "Skills that have a rating already and got another."),
            Rule("skills_rose", "Rose", "Of those rated again, the ones whose new rating is higher."),
            Rule(
                "skills_by_code",
                "Before and after",
                "The mean rating, on a scale of 1 to 5, of those who rated the skill again: before, and now. "
                "Only for codes the cohort published, and from ten people on.",
            ),
        ),
    ),
    Group(
        "Blockers",
        (
            Rule("blocked", "Blocked by", "What a milestone was blocked by, as its member said: one class each time."),
            Rule("remedy", "Tried", "What was tried against it, as its member said."),
        ),
    ),
    Group(
        "Pods",
        (
            Rule("joined", "Joined", "Members who took the place they were offered."),
            Rule("invited", "Invited", "Places that are given, and invites that are open."),
            Rule("sessions", "Sessions", "What leads scheduled, and marked as held or cancelled."),
            Rule(
                "quiet",
                "No session in 14 days",
                "Said of a pod that has members and has held no session for 14 days. It says nothing about anybody.",
            ),
            Rule("requests", "Requests", "Requests for help that are open and that nobody has answered yet."),
        ),
    ),
)

BY_NAME: Mapping[str, Rule] = {rule.name: rule for group in GROUPS for rule in group.rules}

_STATUS_WORDS = {"stopped": "stopped on purpose"}


def title_of(name: str) -> str:
    """What a figure is called."""
    return BY_NAME[name].title


def said_name(name: str) -> str:
    """A word of the catalogue as a reader sees it."""
    return name.replace("_", " ")


def status_word(status: str) -> str:
    """A milestone's status as a reader sees it."""
    return _STATUS_WORDS.get(status, said_name(status))


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "title_of": title_of,
    "said_name": said_name,
    "status_word": status_word,
}
