"""A cohort as every page names it."""

import msgspec

from milepost_server.store.cohorts import Cohort


class CohortInfo(msgspec.Struct, frozen=True):
    """A cohort. `start` and `end` are days; weeks are cut in `zone`."""

    id: str
    name: str
    start: str
    end: str
    zone: str
    closed: bool


def cohort_info(cohort: Cohort) -> CohortInfo:
    """A cohort, as pages carry it."""
    return CohortInfo(cohort.cohort, cohort.name, cohort.start, cohort.end, cohort.zone, bool(cohort.closed))
