"""A list cut into pages: how many rows at most, and after which one the next page goes on."""

from collections.abc import Sequence
from typing import NamedTuple

from milepost.errors import UsageError
from milepost_server.store.cohorts import Pod

LIMIT_DEFAULT = 50
LIMIT_MAX = 100


def checked_limit(limit: int) -> int:
    """`limit`, if a page may have so many rows. Raises UsageError."""
    if not 1 <= limit <= LIMIT_MAX:
        raise UsageError(f"limit {limit} is not 1..{LIMIT_MAX}", field="limit", remedy=f"try: limit={LIMIT_DEFAULT}")
    return limit


class PodsCut(NamedTuple):
    """One page of pods by name: how many fit in all, those shown, and the `after` of the next page."""

    fitting: int
    shown: list[Pod]
    next: str | None


def cut_pods(pods: Sequence[Pod], limit: int, after: str | None = None, named: str | None = None) -> PodsCut:
    """The pods that have `named` in their name, those that follow `after`. A place that no page gave begins anew."""
    fitting = [pod for pod in pods if (named or "").casefold() in pod.name.casefold()]
    begin = next((n + 1 for n, pod in enumerate(fitting) if pod.pod == after), 0)
    shown = fitting[begin : begin + checked_limit(limit)]
    more = len(fitting) > begin + len(shown)
    return PodsCut(len(fitting), shown, shown[-1].pod if more else None)
