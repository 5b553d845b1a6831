"""What the checks may know: the member's own views, as small records.

The client's views implement `Context`; a test hands in a class of its own. Within one command the context already
includes the entries the command has drafted before: `mp rate "new skill" 3 --target 5` names the skill, rates it, and
is then asked whether the target lifts by two points. Nothing here is stored or sent.
"""

from collections.abc import Iterable, Mapping

from milepost.light import Literal, NamedTuple, Protocol, date

MilestoneStatus = Literal["planned", "started", "blocked", "completed", "stopped"]


class GoalState(NamedTuple):
    """A goal as it stands. `label` is its text, or its short id where the text cannot be read.

    `result` is None while it is open. A repeating goal stays open: `periods` holds the result of each period closed so
    far, by the period's first day. `reviews_without_progress` counts the reviews held since anything was logged on it.
    """

    id: str
    label: str
    result: str | None = None
    repeat: str | None = None
    periods: Mapping[str, str] = {}
    reviews_without_progress: int = 0


class MilestoneState(NamedTuple):
    """A milestone as it stands. `artifacts` counts those that hang off it, its outputs or its children.

    `outputs` are the ids of all outputs it names, `outputs_open` those of them that nothing has delivered.
    """

    id: str
    label: str
    kind: str
    status: MilestoneStatus
    start: date
    has_measure: bool = True
    measure_met: str | None = None
    blocked_since: date | None = None
    artifacts: int = 0
    outputs: tuple[str, ...] = ()
    outputs_open: tuple[str, ...] = ()


class HelpState(NamedTuple):
    """A request for help as it stands; `result` is None while it is open."""

    id: str
    result: str | None = None


class SkillState(NamedTuple):
    """A skill as it stands; `rating` is the current one, None before the first."""

    id: str
    label: str
    rating: int | None = None


class MetricState(NamedTuple):
    """A metric as it was defined. `has_target`: its definition holds the number to reach."""

    id: str
    label: str
    kind: str
    unit: str
    own: bool
    has_target: bool = False

    @property
    def is_private(self) -> bool:
        """Its values stay on the member's devices."""
        return self.own or self.unit == "money"


class InterviewState(NamedTuple):
    """An interview that nobody has been thanked for."""

    contact: str
    label: str
    on: date


class Context(Protocol):
    """The views that checks read. Each method answers from what this device holds, quickly and without side effects."""

    @property
    def today(self) -> date:
        """The local date."""

    def knows(self, id: str) -> bool:
        """Whether anything, entity or entry, has this whole id."""

    def goal(self, id: str) -> GoalState | None:
        """The goal, or None if there is none."""

    def milestone(self, id: str) -> MilestoneState | None:
        """The milestone, or None if there is none."""

    def help(self, id: str) -> HelpState | None:
        """The request for help, or None if there is none."""

    def skill(self, id: str) -> SkillState | None:
        """The skill, or None if there is none."""

    def metric(self, id: str) -> MetricState | None:
        """The metric, or None if it was never defined."""

    def open_goals(self) -> int:
        """How many goals are open."""

    def capacity_minutes(self, day: date) -> int | None:
        """Minutes the member has on that day; None if they never said."""

    def planned_minutes(self, day: date, *, without: str) -> int:
        """Minutes estimated for the open goals due on that day, leaving out the goal `without`."""


class DueContext(Protocol):
    """The views that nudges read, in `status` and `status --due`. None where there is nothing to be reminded of."""

    @property
    def today(self) -> date:
        """The local date."""

    @property
    def last_review(self) -> date | None:
        """The day of the latest weekly review, of the first entry if none was held, or the last of a pause since.

        None during a pause, and in an empty log.
        """

    @property
    def last_audit(self) -> date | None:
        """The day a skill was last rated; None while no skill has a target to reach."""

    @property
    def last_mentor_session(self) -> date | None:
        """The day of the latest mentor session, or the mentor was added if none was held; None without a mentor."""

    @property
    def between_goals_since(self) -> date | None:
        """The day the last goal or milestone ended; None while one is open, or the member did not opt in."""

    def unthanked_interviews(self) -> Iterable[InterviewState]:
        """The interviews that no thanks has answered."""

    def goals_open(self) -> Iterable[GoalState]:
        """The open goals."""

    def milestones_blocked(self) -> Iterable[MilestoneState]:
        """The blocked milestones."""
