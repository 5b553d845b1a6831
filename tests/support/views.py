"""A member's views for the tests of the checks: what is there is handed in, everything else is empty."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from milepost.checks.context import GoalState, HelpState, InterviewState, MetricState, MilestoneState, SkillState


@dataclass(frozen=True)
class Views:
    """Both contexts of the checks. `strange` ids name nothing, all others do."""

    today: date = date(2026, 3, 2)
    strange: frozenset[str] = frozenset()
    goals: dict[str, GoalState] = field(default_factory=dict)
    milestones: dict[str, MilestoneState] = field(default_factory=dict)
    requests: dict[str, HelpState] = field(default_factory=dict)
    skills: dict[str, SkillState] = field(default_factory=dict)
    metrics: dict[str, MetricState] = field(default_factory=dict)
    open_count: int = 0
    capacity: int | None = None
    planned: int = 0
    last_review: date | None = None
    last_audit: date | None = None
    last_mentor_session: date | None = None
    between_goals_since: date | None = None
    interviews: tuple[InterviewState, ...] = ()

    def knows(self, id: str) -> bool:
        return id not in self.strange

    def goal(self, id: str) -> GoalState | None:
        return self.goals.get(id)

    def milestone(self, id: str) -> MilestoneState | None:
        return self.milestones.get(id)

    def help(self, id: str) -> HelpState | None:
        return self.requests.get(id)

    def skill(self, id: str) -> SkillState | None:
        return self.skills.get(id)

    def metric(self, id: str) -> MetricState | None:
        return self.metrics.get(id)

    def open_goals(self) -> int:
        return self.open_count

    def capacity_minutes(self, day: date) -> int | None:
        return self.capacity

    def planned_minutes(self, day: date, *, without: str) -> int:
        return self.planned

    def unthanked_interviews(self) -> Iterable[InterviewState]:
        return self.interviews

    def goals_open(self) -> Iterable[GoalState]:
        return [goal for goal in self.goals.values() if goal.result is None]

    def milestones_blocked(self) -> Iterable[MilestoneState]:
        return [milestone for milestone in self.milestones.values() if milestone.status == "blocked"]
