"""The audit log as it is read: by a cohort's leads whole, by a member what is about themselves."""

import re

import msgspec

from milepost.ids import from_base64url
from milepost_server.cohort import audit, weeks
from milepost_server.cohort.cohorts import OPERATOR
from milepost_server.reads.cohort import CohortInfo, cohort_info
from milepost_server.reads.paging import LIMIT_DEFAULT, checked_limit
from milepost_server.reads.people import Names, called, people_in_cohort
from milepost_server.reads.reader import Reader, whole_sight_of
from milepost_server.store import Connection, cohorts, streams

_NUMBER = "[0-9]{1,18}"


class AuditRow(msgspec.Struct, frozen=True):
    """Who did what, or looked at whom (`act` people/read), when (UTC). `about` are the names of those it concerns."""

    n: int
    at: str
    by: str
    act: str
    pod_name: str | None
    about: list[str]


class ChainInfo(msgspec.Struct, frozen=True):
    """How the log holds together: how many rows it has, the hash of the newest (hex), which covers all of them, and the
    numbers of those rows of this page that do not continue the one before them."""

    rows: int
    hash: str
    broken: list[int]


class AuditPage(msgspec.Struct, frozen=True):
    """The audit log of a cohort, newest first. `next` goes into `after` for older rows."""

    cohort: CohortInfo
    items: list[AuditRow]
    next: str | None
    chain: ChainInfo


class MyAudit(msgspec.Struct, frozen=True):
    """The rows that are about a member, newest first. `next` goes into `after` for older rows."""

    items: list[AuditRow]
    next: str | None


def audit_page(
    connection: Connection,
    reader: Reader,
    cohort_id: str,
    *,
    after: str | None = None,
    limit: int = LIMIT_DEFAULT,
    person: str | None = None,
    act: str | None = None,
) -> AuditPage:
    """The audit log of a cohort, for its leads; of it the rows of one act, or by and about `person`: a key, or the
    name, or its beginning, of one or more. Raises NotFound for everybody else."""
    cohort = whole_sight_of(connection, reader, cohort_id).cohort
    part = _part(connection, cohort, person, act)
    found = audit.rows(connection, cohort.stream, _number(after), checked_limit(limit) + 1, part)
    shown = found[:limit]
    names = Names(connection, cohort.stream)
    items = [_row(connection, row, names, [names.of(user) for user in row.about]) for row in shown]
    following = str(shown[-1].n) if len(found) > len(shown) else None
    return AuditPage(cohort_info(cohort), items, following, _chain(connection, cohort, shown))


def _part(connection: Connection, cohort: cohorts.Cohort, person: str | None, act: str | None) -> audit.Part:
    if person is None:
        return audit.Part(act)
    people = called(people_in_cohort(connection, cohort), person)
    return audit.Part(act, people, OPERATOR if OPERATOR.startswith(person.casefold()) else None)


def _chain(connection: Connection, cohort: cohorts.Cohort, shown: list[audit.Row]) -> ChainInfo:
    last = audit.end(connection, cohort.stream)
    broken = audit.not_following(connection, streams.get(connection, cohort.stream), shown)
    return ChainInfo(last.n, last.hash.hex(), broken)


def _number(after: str | None) -> int | None:
    """The row that `after` names. One that no page gave begins anew, as it does in every list."""
    return int(after) if after is not None and re.fullmatch(_NUMBER, after) else None


def my_audit(connection: Connection, user: bytes, *, after: str | None = None, limit: int = LIMIT_DEFAULT) -> MyAudit:
    """What was done about a member, and who was shown them by name; of others in the same row nothing is said."""
    found = audit.rows_about(connection, user, _mark(after), checked_limit(limit) + 1)
    shown = found[:limit]
    names = {stream: Names(connection, stream) for stream in {row.stream for row in shown}}
    items = [_row(connection, row, names[row.stream], []) for row in shown]
    return MyAudit(items, _marked(shown[-1]) if len(found) > len(shown) else None)


def _marked(row: audit.Row) -> str:
    return f"{row.at}-{row.stream}-{row.n}"


def _mark(after: str | None) -> audit.Mark | None:
    """The row that `after` names, in whichever cohort's log it is."""
    found = re.fullmatch(f"({_NUMBER})-({_NUMBER})-({_NUMBER})", after or "")
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _row(connection: Connection, row: audit.Row, names: Names, about: list[str]) -> AuditRow:
    pod = cohorts.pod(connection, row.pod) if row.pod else None
    by = "the operator" if row.actor == OPERATOR else names.of(from_base64url(row.actor))
    return AuditRow(row.n, weeks.instant(row.at), by, row.act, pod.name if pod else None, about)
