"""The audit log as it is read: by a cohort's leads whole, by a member what is about themselves."""

import re

import msgspec

from milepost.ids import from_base64url
from milepost_server.cohort import audit, weeks
from milepost_server.cohort.cohorts import OPERATOR
from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.paging import LIMIT_DEFAULT, LIMIT_MAX, checked_limit
from milepost_server.reads.people import Names
from milepost_server.reads.reader import Reader, whole_sight_of
from milepost_server.store import Connection, cohorts


class AuditRow(msgspec.Struct, frozen=True):
    """Who did what, or looked at whom (`act` people/read), when (UTC). `about` are the names of those it concerns."""

    n: int
    at: str
    by: str
    act: str
    pod_name: str | None
    about: list[str]


class AuditPage(msgspec.Struct, frozen=True):
    """The audit log of a cohort, newest first. `next` goes into `after` for older rows."""

    cohort: CohortInfo
    items: list[AuditRow]
    next: str | None


class MyAudit(msgspec.Struct, frozen=True):
    """The rows that are about a member, newest first."""

    items: list[AuditRow]


def audit_page(
    connection: Connection, reader: Reader, cohort_id: str, *, after: str | None = None, limit: int = LIMIT_DEFAULT
) -> AuditPage:
    """The audit log of a cohort, for its leads. Raises NotFound for everybody else."""
    cohort = whole_sight_of(connection, reader, cohort_id).cohort
    found = audit.rows(connection, cohort.stream, _number(after), checked_limit(limit) + 1)
    shown = found[:limit]
    names = Names(connection, cohort.stream)
    items = [_row(connection, row, names, [names.of(user) for user in row.about]) for row in shown]
    return AuditPage(cohort_info(cohort), items, str(shown[-1].n) if len(found) > len(shown) else None)


def _number(after: str | None) -> int | None:
    """The row that `after` names. One that no page gave begins anew, as it does in every list."""
    return int(after) if after is not None and re.fullmatch("[0-9]{1,18}", after) else None


def my_audit(connection: Connection, user: bytes) -> MyAudit:
    """What was done about a member, and who was shown them by name; of others in the same row nothing is said."""
    rows = audit.rows_about(connection, user, LIMIT_MAX)
    return MyAudit([_row(connection, row, Names(connection, row.stream), []) for row in rows])


def _row(connection: Connection, row: audit.Row, names: Names, about: list[str]) -> AuditRow:
    pod = cohorts.pod(connection, row.pod) if row.pod else None
    by = "the operator" if row.actor == OPERATOR else names.of(from_base64url(row.actor))
    return AuditRow(row.n, weeks.instant(row.at), by, row.act, pod.name if pod else None, about)
