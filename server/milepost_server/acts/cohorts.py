"""Acts on a cohort as a whole: opening and closing it, publishing skill codes."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from milepost.errors import CheckRefused
from milepost_server.acts.act import COHORT_LEAD, OPERATOR, Act, Done, Scene
from milepost_server.acts.desk import Desk
from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.setup import CodeRow
from milepost_server.store import Connection
from milepost_server.store import cohorts as rows


class OpenCohort(msgspec.Struct, frozen=True):
    """Open a cohort: dates as YYYY-MM-DD, a time zone by name."""

    name: str
    start: str
    end: str
    zone: str = "UTC"


class CloseCohort(msgspec.Struct, frozen=True):
    """End a cohort, named by id or name. Its figures stay; it takes nobody in any more."""

    cohort: str


class ListCode(msgspec.Struct, frozen=True):
    """Publish a skill code in a cohort, named by id or name. Published again, its label is changed."""

    cohort: str
    code: str
    label: str


def open_cohort(connection: Connection, desk: Desk, asked: OpenCohort) -> rows.Cohort:
    """A new cohort. Raises CheckRefused when a field is not as the catalogue wants it."""
    try:
        ZoneInfo(asked.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CheckRefused(
            f"zone {asked.zone!r} is not known", code="zone", remedy="try: --zone Europe/Berlin"
        ) from None
    return desk.cohorts.open(connection, asked.name, asked.start, asked.end, asked.zone)


def close_cohort(scene: Scene, asked: CloseCohort) -> Done:
    """A cohort ended."""
    scene.require_open()
    scene.append(("cohort.closed", {"cohort": scene.cohort.cohort}))
    return Done(cohort_info(scene.cohort._replace(closed=True)))


def list_code(scene: Scene, asked: ListCode) -> Done:
    """A skill code that is published."""
    scene.require_open()
    scene.append(("cohort.skill_listed", {"code": asked.code, "label": asked.label}))
    return Done(CodeRow(asked.code, asked.label))


BY_COHORT = frozenset((OPERATOR, COHORT_LEAD))
ACTS = {
    "cohorts/close": Act(
        CloseCohort, CohortInfo, BY_COHORT, lambda finder, asked: finder.cohort(asked.cohort), close_cohort
    ),
    "codes/list": Act(ListCode, CodeRow, BY_COHORT, lambda finder, asked: finder.cohort(asked.cohort), list_code),
}
