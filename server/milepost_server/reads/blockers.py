"""Blockers of a cohort: what milestones were blocked by in the last published week, and what was tried."""

from collections.abc import Mapping, Sequence

import msgspec

from milepost.projections.tallies import BLOCKER_CLASSES, REMEDIES
from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.figures import FigureInfo, published
from milepost_server.reads.reader import Sight
from milepost_server.reads.week import ReleaseInfo, last_contents, release_info, state_of
from milepost_server.store import Connection


class ClassRow(msgspec.Struct, frozen=True):
    """One class, with how often it was recorded."""

    name: str
    figure: FigureInfo


class BlockersPage(msgspec.Struct, frozen=True):
    """The blockers of the last release, most frequent first. `state` as of the cohort's week."""

    cohort: CohortInfo
    state: str
    release: ReleaseInfo | None
    classes: list[ClassRow]
    remedies: list[ClassRow]


def blockers_page(connection: Connection, sight: Sight, now_ms: int) -> BlockersPage:
    """The blockers of a cohort, for its leads."""
    found = last_contents(connection, sight.cohort)
    release = release_info(found[0], now_ms) if found else None
    figures = found[1].figures if found else {}
    return BlockersPage(
        cohort_info(sight.cohort),
        state_of(sight.cohort, release),
        release,
        _rows(figures, "blocked", BLOCKER_CLASSES),
        _rows(figures, "remedy", REMEDIES),
    )


def _rows(figures: Mapping[str, int], kind: str, names: Sequence[str]) -> list[ClassRow]:
    rows = [ClassRow(name, published(figures, f"{kind}:{name}")) for name in names]
    return sorted(rows, key=lambda row: -(row.figure.value or 0))
