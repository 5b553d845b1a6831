"""A member's history, made from a seed: events of the catalogue in the mix that years of daily words leave.

About 200 bytes of facts an event (80 in the lean mix), and every tenth with private text. Goals are closed by the next
cycle, so a long history has many goals and few open ones, as people do.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from milepost import catalogue
from milepost.ids import base32
from milepost_client.store.drafts import Draft

SEED = 20_260_105
FIRST_DAY = date(2026, 1, 5)
EVENTS_A_DAY = 12
CYCLE = 10
_EPOCH_DAY = date(1970, 1, 1)
_WORDS = ("draft", "review", "pilot", "story", "sprint", "interview", "roadmap", "metric", "launch", "notes", "demo")

Values = Mapping[str, object]


class History:
    """Draws one history; the same seed draws the same one."""

    def __init__(self, seed: int, *, is_lean: bool) -> None:
        self._random = random.Random(seed)
        self._is_lean = is_lean
        self._skills = self._ids(12)
        self._contacts = self._ids(40)
        self._metrics = self._ids(10)
        self._milestones = self._ids(20)
        self._goals = self._ids(1)

    def drafts(self, count: int) -> Iterator[Draft]:
        """The first `count` entries."""
        entries: tuple[Callable[[], tuple[str, Values]], ...] = (
            self._goal,
            self._time,
            self._touch,
            self._rating,
            self._time,
            self._reading,
            self._close,
            self._feedback,
            self._touch,
            self._move,
        )
        for number in range(count):
            name, values = entries[number % CYCLE]()
            encoded = catalogue.encode(name, {**values, **self._links()})
            on = (FIRST_DAY - _EPOCH_DAY).days + number // EVENTS_A_DAY
            yield Draft(encoded.type, encoded.version, on, 60, encoded.facts, encoded.private)

    def _goal(self) -> tuple[str, Values]:
        self._goals.append(self._id())
        values = {
            "goal": self._goals[-1],
            "due": self._day(),
            "learning": self._random.random() < 0.3,
            "visible": self._random.random() < 0.3,
            "has_test": True,
            "text": self._words(6),
            "test": self._words(4),
        }
        return "goal.set", values | self._refs()

    def _close(self) -> tuple[str, Values]:
        result = self._random.choice(("done", "done", "done", "missed", "dropped"))
        return "goal.closed", {"goal": self._goals[-1], "result": result}

    def _time(self) -> tuple[str, Values]:
        return "time.spent", {"minutes": self._random.randrange(5, 120)} | self._refs()

    def _touch(self) -> tuple[str, Values]:
        values = {
            "contact": self._random.choice(self._contacts),
            "kind": self._random.choice(("interview", "thanks", "follow_up", "mentor_session")),
            "minutes": self._random.randrange(5, 60),
            "questions": self._random.randrange(6),
        }
        return "touchpoint.logged", values | self._refs()

    def _rating(self) -> tuple[str, Values]:
        values = {"skill": self._random.choice(self._skills), "rating": self._random.randrange(1, 6), "basis": "self"}
        return "skill.rated", values

    def _reading(self) -> tuple[str, Values]:
        values = {
            "metric": self._random.choice(self._metrics),
            "value": str(self._random.randrange(1, 100)),
            "basis": "absolute",
            "window_days": 30,
            "source": "internal",
        }
        return "metric.recorded", values | self._refs()

    def _feedback(self) -> tuple[str, Values]:
        return "feedback.received", {"giver": self._random.choice(("peer", "mentor", "manager"))} | self._refs()

    def _move(self) -> tuple[str, Values]:
        values = {"milestone": self._random.choice(self._milestones), "due": self._day(), "reason": "time"}
        return "milestone.rescheduled", values

    def _refs(self) -> dict[str, object]:
        """What an entry counts towards: a recent goal or a milestone."""
        return {"ref": [self._random.choice([*self._goals[-4:], *self._milestones])]}

    def _links(self) -> dict[str, object]:
        """What entries carry besides: the writes they replace, and the first entry of their command."""
        if self._is_lean:
            return {}
        over = [self._event_id() for _ in range(2)]
        return {"over": over, "with": self._event_id()}

    def _event_id(self) -> str:
        return base32(self._random.randbytes(16))

    def _day(self) -> str:
        return (FIRST_DAY + timedelta(days=self._random.randrange(400))).isoformat()

    def _words(self, count: int) -> str:
        return " ".join(self._random.choice(_WORDS) for _ in range(count))

    def _ids(self, count: int) -> list[str]:
        return [self._id() for _ in range(count)]

    def _id(self) -> str:
        return base32(self._random.randbytes(10))


def drafts(count: int, *, seed: int = SEED, is_lean: bool = False) -> list[Draft]:
    """`count` entries of a made-up history."""
    return list(History(seed, is_lean=is_lean).drafts(count))
