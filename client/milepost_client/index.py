"""The folded views as commands are given them: `Lookup` over views.db, or nothing where nothing was folded yet."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Protocol

from milepost_client.home import Home
from milepost_client.lookup import Found, Lookup


class Index(Protocol):
    """Views by key and by index. `checkpoint` is the number of arrival up to which the log is folded in it."""

    checkpoint: int

    def view(self, kind: str, id: str) -> dict[str, Any] | None:
        """The view of a thing, as JSON says it."""

    def named(self, kinds: Sequence[str], folded: str, *, exact: bool) -> list[Found]:
        """Things whose case-folded name is `folded`, or begins so."""

    def beginning(self, kinds: Sequence[str], prefix: str) -> list[Found]:
        """Things whose id begins with `prefix`; no kinds means any."""

    def alike(self, kind: str, folded: str) -> list[Found]:
        """Things whose name shares its beginning, its end or a part with `folded`: candidates for a typing error."""

    def neighbours(self, id: str) -> Iterable[str]:
        """The ids just before and just after `id`, of each kind."""

    def open_goals(self) -> int:
        """How many goals are open."""

    def due_on(self, day: str) -> list[dict[str, Any]]:
        """The open goals due on a day."""

    def is_struck(self, event_id: bytes) -> bool:
        """Whether an entry stands retracted."""


class Empty:
    """The index of a home that has folded nothing yet."""

    checkpoint = 0

    def view(self, kind: str, id: str) -> dict[str, Any] | None:
        return None

    def named(self, kinds: Sequence[str], folded: str, *, exact: bool) -> list[Found]:
        return []

    def beginning(self, kinds: Sequence[str], prefix: str) -> list[Found]:
        return []

    def alike(self, kind: str, folded: str) -> list[Found]:
        return []

    def neighbours(self, id: str) -> Iterable[str]:
        return ()

    def open_goals(self) -> int:
        return 0

    def due_on(self, day: str) -> list[dict[str, Any]]:
        return []

    def is_struck(self, event_id: bytes) -> bool:
        return False


@contextmanager
def index_of(home: Home) -> Iterator[Index]:
    """The index of `home`; empty where nothing was folded yet, or by other code: then the caller folds."""
    found = Lookup.open(home.views)
    if found is None:
        yield Empty()
        return
    with closing(found):
        yield found
