"""The sentences that a member agrees to, by version: a consent records which one was on the screen.

A version is never edited once it was released; a better sentence is another version, and older consents keep pointing
at what their member read.
"""

from typing import NamedTuple

from milepost.catalogue.declare import FAMILIES


class Audience(NamedTuple):
    """One audience as the question about it names it. `scope` is what its consent names: a pod or a cohort."""

    name: str
    scope: str
    question: str
    preview: str


CURRENT = 1

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
    )
}

AT_JOIN = tuple(family for family in FAMILIES if family != "outcomes")
"""What a question at `join` covers: offers, referrals and the like are only ever granted by name, later."""


def audiences(version: int = CURRENT) -> tuple[Audience, ...]:
    """The audiences of a wording, in the order of its questions."""
    return AUDIENCES[version]
