"""What was said in clear to a pod or its leads: wins, titles, the sentences of requests. Saying was consent."""

# ruff: noqa: S608 -- table names carry the version, an integer of our own; every value is bound

from collections.abc import Sequence

import msgspec

from milepost.projections.asking import Words
from milepost.projections.kinds import decode_view
from milepost.projections.rows import key
from milepost_server.cohort import weeks
from milepost_server.projection import generations
from milepost_server.store import Connection

SHOWN_MAX = 50


class WordsInfo(msgspec.Struct, frozen=True):
    """Words said to the pod or its leads: who said them, and when the server received them (UTC)."""

    name: str
    text: str
    at: str


class Said:
    """Words as they stand in the read models, for readers whom some audiences reach."""

    def __init__(self, connection: Connection, audiences: Sequence[str]) -> None:
        version = generations.live(connection).version
        self._connection = connection
        self._words = f"words_v{version:d}"
        self._requests = f"request_v{version:d}"
        self._views = f"progress_v{version:d}_view"
        self._audiences = tuple(audiences)

    def to_pod(self, pod: str) -> list[WordsInfo]:
        """What the pod's members said by itself or beside an entry, such as a win; newest first."""
        rows = self._connection.execute(
            f"SELECT DISTINCT m.name, w.stream, w.event, w.said_at, v.view FROM {self._words} w "
            f"JOIN in_pod m ON m.stream = w.stream AND m.pod = w.pod "
            f"JOIN {self._views} v ON v.stream = w.stream AND v.kind = 'words' AND v.id = w.event "
            f"WHERE w.pod = ? AND w.audience IN ({self._marks}) AND (w.beside OR w.about = '') "
            f"AND NOT EXISTS (SELECT 1 FROM {self._requests} r WHERE r.stream = w.stream AND r.help = w.about) "
            "ORDER BY w.said_at DESC, w.event LIMIT ?",
            (pod, *self._audiences, SHOWN_MAX),
        )
        return [WordsInfo(name, _text(event, view), weeks.instant(at)) for name, _, event, at, view in rows]

    def about(self, stream: int, id: str) -> str | None:
        """What a member said last about one of their things, by itself: a milestone's title."""
        return self._last(stream, id, "AND NOT w.beside")

    def sentence(self, stream: int, help: str) -> str | None:
        """The sentence of a request."""
        return self._last(stream, help, "")

    def _last(self, stream: int, about: str, clause: str) -> str | None:
        row = self._connection.execute(
            f"SELECT w.event, v.view FROM {self._words} w "
            f"JOIN {self._views} v ON v.stream = w.stream AND v.kind = 'words' AND v.id = w.event "
            f"WHERE w.stream = ? AND w.about = ? AND w.audience IN ({self._marks}) {clause} "
            "ORDER BY w.said_at DESC, w.event DESC LIMIT 1",
            (stream, about, *self._audiences),
        ).fetchone()
        return _text(*row) if row else None

    @property
    def _marks(self) -> str:
        return ",".join("?" * len(self._audiences))


def _text(event: str, view: str) -> str:
    words = decode_view(key("words", event), view.encode())
    assert isinstance(words, Words), "of its kind"  # noqa: S101
    return words.text
