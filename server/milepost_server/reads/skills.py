"""Skills of a cohort: how many were rated again, how many rose, and by published code what came before and after."""

import msgspec

from milepost.disclosure.parts import after, before
from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.figures import FigureInfo, published
from milepost_server.reads.reader import Sight
from milepost_server.reads.week import ReleaseInfo, last_contents, release_info, state_of
from milepost_server.store import Connection, cohorts

TENTHS = 10


class SkillRow(msgspec.Struct, frozen=True):
    """A code the cohort published: the mean ratings, before and after, of who rated it again in the week."""

    code: str
    label: str
    state: str
    before: float | None
    after: float | None


class SkillsPage(msgspec.Struct, frozen=True):
    """The skills of the last release. `state` as of the cohort's week."""

    cohort: CohortInfo
    state: str
    release: ReleaseInfo | None
    rerated: FigureInfo
    rose: FigureInfo
    codes: list[SkillRow]


def skills_page(connection: Connection, sight: Sight, now_ms: int) -> SkillsPage:
    """The skills of a cohort, for its leads."""
    found = last_contents(connection, sight.cohort)
    release = release_info(found[0], now_ms) if found else None
    figures = found[1].figures if found else {}
    codes = cohorts.skill_codes(connection, sight.cohort.stream)
    return SkillsPage(
        cohort_info(sight.cohort),
        state_of(sight.cohort, release),
        release,
        published(figures, "skills_rerated"),
        published(figures, "skills_rose"),
        [_row(code, label, figures) for code, label in codes],
    )


def _row(code: str, label: str, figures: dict[str, int]) -> SkillRow:
    was, came = published(figures, before(code)), published(figures, after(code))
    if was.value is None or came.value is None:
        return SkillRow(code, label, was.state if was.value is None else came.state, None, None)
    return SkillRow(code, label, was.state, was.value / TENTHS, came.value / TENTHS)
