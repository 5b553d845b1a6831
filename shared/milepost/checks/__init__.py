"""Checks: what refuses an entry, what is said about it, and what `status` reminds of.

    check(entry, context)     refusals (nothing may be written) and warnings (written, and said in one line)
    refused(entry, context)   the refusals alone, for entries that come by the thousand
    is_repeat(entry, context) the entry says again what already stands: write nothing
    nudges(context)           what is due, in `milepost.checks.nudge`
    identify(word, known)     the id a typed word means, or the refusal, in `milepost.checks.names`

Pure functions over an entry and what the member's own views show (`Context`). They bind where an entry is appended and
nowhere else: what arrives from another device was checked there, and shows up as a conflict or a warning here. Every
rule is listed in `milepost.checks.rules`. The append path imports this: standard library only.
"""

from collections.abc import Iterator

from milepost.catalogue import INSTALLED, Catalogue, Entry, oversize
from milepost.checks.finding import Finding
from milepost.checks.refuse import is_repeat, refusals
from milepost.checks.warn import warnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

    from milepost.checks.context import Context

__all__ = ["Finding", "check", "is_repeat", "refused"]


def check(
    entry: Entry, context: "Context", *, on: "date | None" = None, catalogue: Catalogue = INSTALLED
) -> list[Finding]:
    """All that is to be said about `entry` (from `Catalogue.draft`) before it is appended, refusals first.

    `on` is the local date the entry will carry, today if not given. With any refusal the entry may not be written; its
    warnings are left out then, since they would judge values that will change.
    """
    return refused(entry, context, on=on, catalogue=catalogue) or list(warnings(entry, context))


def refused(
    entry: Entry, context: "Context", *, on: "date | None" = None, catalogue: Catalogue = INSTALLED
) -> list[Finding]:
    """Why `entry` may not be written; empty where it may. `on` is as for `check`."""
    return list(_shape(entry, catalogue)) or list(refusals(entry, context, on or context.today, catalogue))


def _shape(entry: Entry, catalogue: Catalogue) -> Iterator[Finding]:
    violations = catalogue.violations(entry.type, entry.version, entry.facts or {}, entry.private or {})
    for found in violations or oversize(catalogue.encode_entry(entry)):
        yield Finding("refuse", found.code, found.field, found.message, found.remedy)
