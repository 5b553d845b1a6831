"""The sentences that a member agrees to, by version: a consent records which one was on the screen.

A version is never edited once it was released; a better sentence is another version, and older consents keep pointing
at what their member read.
"""

from collections.abc import Sequence
from typing import NamedTuple

from milepost.catalogue.declare import FAMILIES


class Audience(NamedTuple):
    """One audience as the question about it names it. `scope` is what its consent names: a pod or a cohort.

    `preview` says what is seen, and by whom; `after` what a withdrawal does, and what it cannot.
    """

    name: str
    scope: str
    question: str
    preview: str
    after: str = ""

    @property
    def is_by_name(self) -> bool:
        """Whether its readers see who recorded what; the others see sums."""
        return self.name in BY_NAME


CURRENT = 2
BY_NAME = ("pod", "lead")

AUDIENCES: dict[int, tuple[Audience, ...]] = {
    1: (
        Audience(
            "pod",
            "pod",
            "May the members of your pod see your progress by name?",
            "They see your open milestones and what you record from now on: counts, dates and kinds, never your texts.",
        ),
        Audience(
            "lead",
            "pod",
            "May the leads of your pod and its cohort see your progress by name?",
            "They see what the pod would see. Each new lead is announced to you.",
        ),
        Audience(
            "pod_total",
            "pod",
            "May your week be counted in your pod's totals?",
            "A sum of three to five people can point at you. Totals that were shown stay, even if you withdraw.",
        ),
        Audience(
            "cohort_total",
            "cohort",
            "May your week be counted in the cohort's totals?",
            "Weekly sums of at least five people. Releases that were published stay, even if you withdraw.",
        ),
    ),
    2: (
        Audience(
            "pod",
            "pod",
            "May the members of your pod see your progress by name?",
            "They see your open milestones (kind, dates, outputs done of named) and how often you record what from now "
            "on; never a text, a time of day, or when you were last here. Who comes into the pod later sees it too.",
            "A withdrawal hides it at once.",
        ),
        Audience(
            "lead",
            "pod",
            "May whoever leads your pod or its cohort see your progress by name?",
            "They see your open milestones (kind, dates, outputs done of named) and how often you record what from now "
            "on; never a text, a time of day, or when you were last here. Each new lead is announced in your inbox.",
            "A withdrawal hides it at once.",
        ),
        Audience(
            "pod_total",
            "pod",
            "May what you record be added into your pod's weekly totals?",
            "Your pod, its leads and its cohort's leads see sums, once three or more share. A sum over three to five "
            "people is not anonymous: it can point at you.",
            "A withdrawal closes the week that runs, unshown; totals that were shown before stay.",
        ),
        Audience(
            "cohort_total",
            "cohort",
            "May what you record be added into the cohort's weekly figures?",
            "The cohort's leads see sums over at least five people of two pods or more, published on Mondays and never "
            "changed afterwards.",
            "A withdrawal leaves you out of the next release; what was published stays.",
        ),
    ),
}

AT_JOIN = tuple(family for family in FAMILIES if family != "outcomes")
"""What a question at `join` covers: offers, referrals and the like are only ever granted by name, later."""

FAMILY_SAID = {
    "progress": "goals, milestones and objectives: kinds, dates, outputs done of named, results",
    "rhythm": "feedback received and reviews held, by kind",
    "skills": "how many skills you rated again, and how many rose, where the cohort has a code for them",
    "people": "interviews, thanks, mentor sessions and other touches: how many of which kind, never with whom",
    "evidence": "artifacts and readings: how many",
    "outcomes": "offers, referrals and the like: how many of which kind",
}
"""What each family holds, as its member is told."""


def audiences(version: int = CURRENT) -> tuple[Audience, ...]:
    """The audiences of a wording, in the order of its questions."""
    return AUDIENCES[version]


def covered(families: Sequence[str]) -> list[str]:
    """A line for each family: its name, and what it holds."""
    return [f"{family}: {FAMILY_SAID[family]}" for family in families]
