"""What stands behind the question mark of a page's address: how far its lists go on, and what of them is asked for."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode


class Query(NamedTuple):
    """The part of a list that is wanted. Pages take what they know of it; all of it is optional."""

    after: str | None = None
    pods_after: str | None = None
    named: str | None = None
    person: str | None = None
    act: str | None = None

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> "Query":
        """What was sent, without anything else and without what is empty."""
        return cls(**{name: sent[name].strip() for name in cls._fields if sent.get(name, "").strip()})

    def text(self, **changed: str | None) -> str:
        """As the end of an address, with some of it changed; empty when nothing is asked for."""
        fields = {name: value for name, value in {**self._asdict(), **changed}.items() if value}
        return f"?{urlencode(fields)}" if fields else ""
