"""What stands on the pages that explain: how each figure is counted, and the sentences that members agree to."""

from typing import Any

import msgspec
from litestar import get

from milepost import wording as worded
from milepost_server.reads import rules as counting


class RuleInfo(msgspec.Struct, frozen=True):
    """How one figure is counted. `name` is the figure's in every answer."""

    name: str
    title: str
    sentence: str


class AudienceInfo(msgspec.Struct, frozen=True):
    """One question of consent, as it stands before a member, whole."""

    name: str
    scope: str
    question: str
    preview: str
    after: str


class Wording(msgspec.Struct, frozen=True):
    """A version of the questions. A consent names the version that was on the screen."""

    version: int
    audiences: list[AudienceInfo]


@get("/v1/rules", tags=["meeting"], sync_to_thread=False)
def rules() -> list[RuleInfo]:
    """How every figure is counted."""
    return [RuleInfo(*rule) for group in counting.GROUPS for rule in group.rules]


@get("/v1/wording", tags=["meeting"], sync_to_thread=False)
def wording() -> list[Wording]:
    """What members are asked before they share, in every version there was, the newest first."""
    return [
        Wording(version, [AudienceInfo(*audience) for audience in worded.audiences(version)])
        for version in sorted(worded.AUDIENCES, reverse=True)
    ]


HANDLERS: list[Any] = [rules, wording]
