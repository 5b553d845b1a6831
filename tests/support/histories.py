"""Made-up histories of one member: devices that write what the catalogue allows, and sometimes what it does not.

No keys and no signatures: projections take events that were admitted.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import shake_256
from itertools import accumulate

from hypothesis import strategies as st

from milepost import catalogue
from milepost import event as events
from milepost.clock import stamp
from milepost.event import ZERO, Event, Part
from milepost.ids import base32
from milepost.projections.calendar import day_number
from milepost.projections.fold import Stamped

MONDAY = date(2026, 1, 5)
START_MS = 1_767_571_200_000
USER = bytes(16)


def some_id(kind: str, number: int) -> str:
    """The id of the n-th goal, skill, ... of every history."""
    return base32(shake_256(f"{kind} {number}".encode()).digest(10))


class Pen:
    """A device that writes, a minute between entries unless told otherwise."""

    def __init__(self, name: int = 1, *, on: date = MONDAY, start_ms: int = START_MS) -> None:
        self.device = bytes([name]) * 16
        self.on = on
        self.now_ms = start_ms
        self.written: list[Event] = []
        self.nonces = 0

    def write(self, type: str, values: Mapping[str, object] | None = None, *, on: date | None = None) -> Event:
        """The next entry of this device, as the command line would encode it."""
        encoded = catalogue.encode(type, values or {})
        return self.raw(encoded.type, encoded.facts, encoded.private, version=encoded.version, on=on)

    def raw(
        self,
        type: str,
        facts: bytes | None,
        private: bytes | None = None,
        *,
        version: int = 1,
        on: date | None = None,
        nonce: bytes | None = None,
        after: Event | None = None,
        hlc: int | None = None,
    ) -> Event:
        """The next event, whatever its parts say; `after` continues an older one: a fork."""
        before = after or (self.written[-1] if self.written else None)
        self.now_ms += 60_000
        self.nonces += 1
        event = events.make(
            user=USER,
            device=self.device,
            epoch=1,
            seq=before.seq + 1 if before else 1,
            hlc=self.now_ms << 16 if hlc is None else hlc,
            nonce=nonce or shake_256(self.device + bytes([self.nonces % 256, self.nonces // 256])).digest(10),
            on=day_number(on or self.on),
            offset=60,
            type=type,
            version=version,
            prev=before.hash if before else ZERO,
            facts=None if facts is None else Part(bytes(16), facts),
            private=None if private is None else Part(bytes(16), private),
        )
        self.written.append(event)
        return event

    def stamped(self) -> list[Stamped]:
        """What it wrote, each with its `at`, nothing sent yet."""
        ats = accumulate((event.hlc for event in self.written), lambda at, hlc: stamp(hlc, at, None))
        return [Stamped(event, at) for event, at in zip(self.written, ats, strict=True)]


def name(event: Event) -> str:
    """An event's id as facts write it."""
    return base32(event.id)


def in_order(stamped: Sequence[Stamped]) -> list[Stamped]:
    """By the one order of all replicas."""
    return sorted(stamped, key=lambda one: one.order)


GOAL = {"learning": True, "visible": False, "has_test": False}


def entry(kind: str, number: int, other: int, over: list[str], day: str) -> tuple[str, dict[str, object]]:
    """One entry about the `number`-th thing of its kind."""
    goal, milestone = some_id("goal", number), some_id("milestone", number)
    said: dict[str, dict[str, object]] = {
        "goal.set": {"goal": goal, **GOAL, "due": day, "text": f"goal {number}", "ref": [milestone]},
        "goal.closed": {"goal": goal, "result": ("done", "missed", "dropped")[other % 3]},
        "goal.reframed": {"goal": goal, "replaces_goal": some_id("goal", other), "reason": "time"},
        "milestone.planned": {
            "milestone": milestone,
            "kind": "credential",
            "start": "2026-01-05",
            "due": day,
            "outputs": [some_id("output", number), some_id("output", other + 10)],
            "has_measure": False,
            "title": "CSPO",
        },
        "milestone.started": {"milestone": milestone},
        "milestone.rescheduled": {"milestone": milestone, "due": day, "reason": "time"},
        "milestone.completed": {
            "milestone": milestone,
            "measure_met": "yes",
            "outputs_ticked": [some_id("output", other)],
        },
        "skill.rated": {"skill": some_id("skill", number), "rating": other % 5 + 1, "basis": "self"},
        "skill.targeted": {"skill": some_id("skill", number), "target": other % 5 + 1},
        "touchpoint.logged": {"contact": some_id("contact", number), "kind": ("interview", "thanks")[other % 2]},
        "time.spent": {"minutes": other + 1, "ref": [goal]},
        "metric.recorded": {
            "metric": some_id("metric", number),
            "value": str(other),
            "basis": "absolute",
            "source": "internal",
        },
        "artifact.added": {
            "artifact": some_id("artifact", number),
            "kind": "roadmap",
            "public": True,
            "output": some_id("output", other),
            "title": "A roadmap",
        },
        "demand.sampled": {
            "term": some_id("term", number),
            "postings": 50,
            "matches": other,
            "source": "listings",
            "label": f"term {number}",
        },
        "credential.earned": {"credential": some_id("credential", number), "name": "CSPO", "ref": [milestone]},
        "outcome.recorded": {"kind": "referral", "count": other + 1, "contacts": [some_id("contact", number)]},
        "offering.priced": {
            "offering": some_id("offering", number),
            "name": "Review",
            "amount": 100 * other,
            "currency": "EUR",
        },
        "pay.changed": {"percentage": str(other)},
        "review.held": {"week": "2026-W02", "worked_count": other, "adjust_count": 0},
        "win.celebrated": {"text": "a win"},
        "role.briefed": {"role": some_id("role", number), "kind": "target", "title": f"role {other}"},
        "role.scored": {"role": some_id("role", number), "factor": "Say  in it", "score": other + 1, "weight": other},
        "skill.enjoyed": {"skill": some_id("skill", number), "enjoyment": other + 1},
        "help.asked": {"help": some_id("help", number), "to": ("pod", "lead")[other % 2], "kind": "unblock"},
        "help.closed": {"help": some_id("help", number), "result": ("solved", "withdrawn")[other % 2]},
        "words.said": {"to": "lead", "text": f"request {other}", "ref": [some_id("help", number)]},
    }
    values = said[kind]
    if over:
        values["over"] = over
    return kind, values


KINDS = (
    "goal.set",
    "goal.set",
    "goal.closed",
    "goal.reframed",
    "milestone.planned",
    "milestone.started",
    "milestone.rescheduled",
    "milestone.completed",
    "skill.rated",
    "skill.targeted",
    "touchpoint.logged",
    "time.spent",
    "metric.recorded",
    "artifact.added",
    "demand.sampled",
    "credential.earned",
    "outcome.recorded",
    "offering.priced",
    "pay.changed",
    "review.held",
    "win.celebrated",
    "role.briefed",
    "role.scored",
    "skill.enjoyed",
    "help.asked",
    "help.closed",
    "words.said",
)
_ELSEWHERE = [base32(bytes(15) + bytes([number])) for number in (1, 2)]


@st.composite
def histories(draw: st.DrawFn, size_max: int = 24) -> list[Stamped]:
    """Up to `size_max` entries of two devices; retractions, settlements, erasures, copies and damage among them."""
    pens = [Pen(1), Pen(2)]
    for _ in range(draw(st.integers(1, size_max))):
        _write(draw, draw(st.sampled_from(pens)), [event for pen in pens for event in pen.written])
    left_out = draw(st.sets(st.integers(0, size_max), max_size=3))
    stamped = [one for pen in pens for one in pen.stamped()]
    return [one._replace(is_left_out=number in left_out) for number, one in enumerate(stamped)]


def _write(draw: st.DrawFn, pen: Pen, before: list[Event]) -> None:
    pen.now_ms += draw(st.sampled_from((0, 0, 7_000_000)))
    on = date(2026, 1, draw(st.integers(5, 12)))
    names = [name(event) for event in before]
    match draw(st.integers(0, 11)) if before else 11:
        case 0 | 1 | 2:
            pen.write("entry.retracted", {"target": draw(st.sampled_from(names)), "reason": "mistake"}, on=on)
        case 3:
            targets = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
            pen.write("entry.settled", {"targets": targets, "as": draw(st.sampled_from(("accept", "keep", "dismiss")))})
        case 4:
            pen.write("entry.erased", {"target": draw(st.sampled_from(names))}, on=on)
        case 5:
            # Of another log, or a line of a file: then the entry itself is never here, and copies are all there is.
            copied = draw(st.sampled_from([*names, *_ELSEWHERE]))
            pen.write("time.spent", {"minutes": 5, "from": copied}, on=on)
        case 6:
            double = draw(st.sampled_from(before))
            pen.raw(
                "time.spent", b'{"minutes":%d}' % draw(st.integers(1, 9)), nonce=double.nonce, hlc=double.hlc, on=on
            )
        case 7:
            facts = draw(st.sampled_from((b'{"minutes":0}', b'{"minutes":"x"}', b"[]", b"{", b'{"minutes":1,"new":2}')))
            pen.raw(draw(st.sampled_from(("time.spent", "future.thing"))), facts, b'{"note":5}', on=on)
        case _:
            over = draw(st.lists(st.sampled_from(names), max_size=2, unique=True)) if names else []
            number, other = draw(st.integers(0, 1)), draw(st.integers(0, 3))
            kind, values = entry(draw(st.sampled_from(KINDS)), number, other, over, on.isoformat())
            pen.write(kind, values, on=on)
