"""The folded views as the fast path reads them: by key and by index, with the standard library alone."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from milepost_client.commands import Named
from milepost_client.home import Home
from milepost_client.noted import View


class Index(Protocol):
    """The folded views, read by key and by index. `checkpoint` is the number of arrival they are folded up to."""

    @property
    def checkpoint(self) -> int: ...

    def view(self, kind: str, id: str) -> View | None:
        """The view of a thing, as JSON says it."""

    def named(self, kinds: Sequence[str], folded: str, *, exact: bool) -> list[Named]:
        """Things whose case-folded name is `folded`, or begins so."""

    def beginning(self, kinds: Sequence[str], prefix: str) -> list[Named]:
        """Things whose id begins with `prefix`."""

    def alike(self, kind: str, folded: str) -> list[Named]:
        """Things whose name shares its beginning, its end or a part with `folded`: candidates for a typing error."""

    def neighbours(self, id: str) -> Iterable[str]:
        """The ids just before and just after `id`, in order."""

    def open_goals(self) -> int:
        """How many goals are open."""

    def due_on(self, day: str) -> list[View]:
        """The open goals due on a day."""

    def is_struck(self, event_id: bytes) -> bool:
        """Whether an entry stands retracted."""


class Empty:
    """The index of a home that has folded nothing yet."""

    checkpoint = 0

    def view(self, kind: str, id: str) -> View | None:
        return None

    def named(self, kinds: Sequence[str], folded: str, *, exact: bool) -> list[Named]:
        return []

    def beginning(self, kinds: Sequence[str], prefix: str) -> list[Named]:
        return []

    def alike(self, kind: str, folded: str) -> list[Named]:
        return []

    def neighbours(self, id: str) -> Iterable[str]:
        return ()

    def open_goals(self) -> int:
        return 0

    def due_on(self, day: str) -> list[View]:
        return []

    def is_struck(self, event_id: bytes) -> bool:
        return False


@contextmanager
def index_of(home: Home) -> Iterator[Index]:
    """The index of `home`, empty where nothing was folded yet."""
    yield Empty()
