"""Recording: a word's plan is checked against the catalogue and the member's views, then appended, all or nothing.

`Desk` is what a word may look at while it plans: today, names, ids, states. Nothing is written until `record`.
Neighbours: words/ plans, log.py appends, lookup.py finds names. Standard library only, so that the fast path may use
it.
"""

from collections.abc import Callable, Mapping, Sequence

from milepost.catalogue import draft, encode_entry
from milepost.checks import check, is_repeat
from milepost.errors import Ambiguous, CheckRefused, NotFound, UsageError
from milepost.event import Event
from milepost.ids import ENTITY_BYTES, base32
from milepost.light import TYPE_CHECKING, NamedTuple, date
from milepost_client.answer import Answer, Look, Warn, clean
from milepost_client.device.home import Home
from milepost_client.device.world import World
from milepost_client.recording.dates import days_of, from_days, read_date, say_date
from milepost_client.store.control import is_control
from milepost_client.store.drafts import Draft, Follower
from milepost_client.store.log import Log
from milepost_client.views.lookup import Named

if TYPE_CHECKING:
    from milepost_client.recording.declare import Args
    from milepost_client.recording.seen import Seen

_MINUTE_MS = 60 * 1000
_DAY_MINUTES = 24 * 60
CANDIDATES_SHOWN_MAX = 5
OPEN_LOOKED_AT_MAX = 500
# An answer that repeats a page of text is no answer; `mp show` has all of it.
NAME_ECHOED_MAX = 200
MADE = ("artifact", "credential", "impact", "narrative", "offering", "term")
"""Evidence. It often has the name of the milestone it comes from, which is what a name means then; an id is exact."""
REFERABLE = ("objective", "milestone", "goal", "role", "skill", "metric", "contact", *MADE)
SHOWN = (*REFERABLE, "value", "position", "help")
# Beyond this an event's short name would be no shorter than what people copy anyway.
SHORT_EVENT_LENGTH = 7

Ask = Callable[[str], str]
"""Puts a question on the terminal and gives the answer; there is none where nobody can be asked."""
ReadText = Callable[[], str]
"""Gives the text that `-` stands for: standard input, or on a terminal the editor."""


class Intent(NamedTuple):
    """An entry that a command means to write: its type, and values by field; None counts as not given."""

    type: str
    values: Mapping[str, object]


class Plan(NamedTuple):
    """What a command will write and how it will say so.

    No intents: nothing changes, and that is said. `{id}` in `next` becomes the subject's short id.
    """

    intents: tuple[Intent, ...]
    says: str
    subject: Named | None
    on: date
    details: tuple[str, ...]
    next: str


def today(world: World) -> date:
    """The local date."""
    return from_days((world.now_ms() // _MINUTE_MS + world.offset_minutes()) // _DAY_MINUTES)


class Desk:
    """What a command sees while it plans, and the only way it writes.

    `ask` puts a question on the terminal, or is None where nobody can be asked; `read_text` gives the text that `-`
    stands for.
    """

    def __init__(self, home: Home, world: World, log: Log, seen: "Seen", ask: Ask | None, read_text: ReadText) -> None:
        self.home = home
        self.world = world
        self.log = log
        self.seen = seen
        self._ask = ask
        self._read_text = read_text
        self.offset = world.offset_minutes()
        self.today = today(world)

    # What was typed

    def on(self, args: "Args") -> date:
        """The day of `--on`; today when it was not given."""
        typed = args.text("on")
        return self.today if typed is None else read_date(typed, self.today, "on", "on")

    def words(self, text: str | None) -> str | None:
        """A text as typed, or what `-` stands for."""
        return self._read_text() if text == "-" else text

    def ask(self, question: str, choices: Sequence[str], field: str) -> str:
        """What is missing, asked on the terminal. Raises UsageError, naming the flag, where nobody can be asked."""
        from milepost_client.recording.declare import choose

        if self._ask is None:
            raise UsageError(
                f"--{field} is missing", code="missing", field=field, remedy=f"try: --{field} {choices[0]}"
            )
        return choose(self._ask(question), choices, field)

    @property
    def can_ask(self) -> bool:
        """Whether somebody is there to answer."""
        return self._ask is not None

    def ask_words(self, question: str) -> str | None:
        """A text typed in answer; None where nobody can be asked, or nothing is typed."""
        return (self._ask(question) or None) if self._ask else None

    # What is there

    def find(self, kinds: Sequence[str], text: str) -> Named:
        """The one thing of these kinds that `text` names. Raises NotFound or Ambiguous, with what it may have meant."""
        return self._one_of(self.seen.find(kinds, text), kinds, text)

    def find_open(self, kinds: Sequence[str], text: str) -> Named:
        """Like `find`; where several fit, whoever types means those that are still open."""
        found = self.seen.find(kinds, text)
        still = [named for named in found if self._is_open(named)] if len(found) > 1 else []
        return self._one_of(still or found, kinds, text)

    def _is_open(self, named: Named) -> bool:
        match named.kind:
            case "goal":
                goal = self.seen.goal(named.id)
                return goal is not None and goal.result is None
            case "milestone":
                milestone = self.seen.milestone(named.id)
                return milestone is not None and milestone.status not in ("completed", "stopped")
            case _:
                help_ = self.seen.help(named.id)
                return help_ is not None and help_.result is None

    def _one_of(self, found: Sequence[Named], kinds: Sequence[str], text: str) -> Named:
        if len(found) == 1:
            return found[0]
        if found:
            raise Ambiguous(f"{text!r} fits {self._listed(found)}", remedy="type more of the name, or the id")
        near = [named for kind in kinds for named in self.seen.near(kind, text)]
        remedy = f"did you mean {self._listed(near)}?" if near else f"see: mp {_LISTS.get(kinds[0], 'log')}"
        raise NotFound(f"no {_either(kinds)} is called {text!r}", remedy=remedy)

    def open_ones(self, kinds: Sequence[str]) -> str:
        """What is still open of these kinds, a few by name, for whoever left the name out; empty where nothing is."""
        return self._listed([named for named in self.seen.named(kinds, "", OPEN_LOOKED_AT_MAX) if self._is_open(named)])

    def find_or_name(self, kind: str, text: str, *, new: bool) -> tuple[Named, bool]:
        """The thing that `text` names, or a new one and True.

        A near miss stops, lest a typing error begin a second thing of the same name: `new` says that it is meant.
        """
        found = self.seen.find((kind,), text)
        if new:
            found = [named for named in found if named.name.casefold() == text.casefold()]
        if len(found) == 1:
            return found[0], False
        if found:
            raise Ambiguous(f"{text!r} fits {self._listed(found)}", remedy="type more of the name, or the id")
        near = [] if new else self.seen.near(kind, text)
        if near:
            raise NotFound(
                f"no {kind} is called {text!r}",
                remedy=f"did you mean {self._listed(near)}? If it is a new {kind}, add --new",
            )
        return Named(kind, self.new_id(), text), True

    def reference(self, text: str | None) -> Named | None:
        """What an entry hangs off, by id or name."""
        return None if text is None else self.find(REFERABLE, text)

    def refs(self, texts: Sequence[str]) -> list[str] | None:
        """The ids that `--of` names; None when there are none."""
        return [self.find(REFERABLE, text).id for text in texts] or None

    def over(self, thing: Named, *fields: str) -> list[str] | None:
        """The writes of a thing's fields that the next one replaces: what stood on the member's screen.

        `fields` are those of its view's rows, as `status` of a milestone.
        """
        view = self.seen.view(thing.kind, thing.id) or {}
        return sorted({event for field, events in view.get("heads", ()) if field in fields for event in events}) or None

    def new_id(self) -> str:
        """A random id for a new thing."""
        return base32(self.world.random(ENTITY_BYTES))

    def _listed(self, found: Sequence[Named]) -> str:
        shown = [f"{named.name or named.kind} ({self.seen.short(named.id)})" for named in found[:CANDIDATES_SHOWN_MAX]]
        return ", ".join(shown) + (f" and {len(found) - len(shown)} more" if len(found) > len(shown) else "")

    # What is written

    def record(self, plan: Plan) -> Answer:
        """Check and append what `plan` says, and answer as every success does.

        Raises CheckRefused, and nothing is written, when a rule of the catalogue refuses any of its entries.
        """
        intents, warnings = self.check(plan)
        is_first = not self.log.is_born
        events = self.log.append(self._drafts(intents, plan.on)) if intents else []
        warnings += [Warn(code.lower(), text) for code, text in self.log.notices]
        answer = _answer(self, plan._replace(intents=tuple(intents)), events, warnings)
        return answer._replace(talk=(f"this began your log: {self.home.log}", *answer.talk)) if is_first else answer

    def check(self, plan: Plan) -> tuple[list[Intent], list[Warn]]:
        """The entries of a plan that say anything new, and the warnings about them.

        Each is judged as if those before it were written. Raises CheckRefused for the first that a rule refuses.
        """
        fresh: list[Intent] = []
        warnings: list[Warn] = []
        for intent in plan.intents:
            entry = draft(intent.type, intent.values)
            found = check(entry, self.seen, on=plan.on)
            for finding in found:
                if finding.level == "refuse":
                    raise CheckRefused(finding.message, code=finding.code, field=finding.field, remedy=finding.remedy)
            # Closing again with the same result changes nothing, so nothing is written (events.md, Checks).
            if not is_repeat(entry, self.seen):
                fresh.append(intent)
                warnings += [Warn(one.code, one.message, one.field, one.remedy) for one in found]
                self.seen.note(intent.type, intent.values, plan.on)
        return fresh, warnings

    def _drafts(self, intents: Sequence[Intent], on: date) -> list[Draft | Follower]:
        first, *rest = intents
        return [self._draft(first, on), *(self._follower(intent, on) for intent in rest)]

    def _draft(self, intent: Intent, on: date) -> Draft:
        encoded = encode_entry(draft(intent.type, intent.values))
        return Draft(encoded.type, encoded.version, days_of(on), self.offset, encoded.facts, encoded.private)

    def _follower(self, intent: Intent, on: date) -> Follower:
        """A later entry of the command, which names the first: undo takes them back together."""
        return lambda first: self._draft(intent._replace(values={**intent.values, "with": base32(first)}), on)


_LISTS = {"goal": "goal list", "milestone": "milestone list", "skill": "skill list", "metric": "metric list"}
_LISTS |= {"role": "role list", "value": "value list", "position": "position list", "help": "ask list"}


def _answer(desk: Desk, plan: Plan, events: Sequence[Event], warnings: Sequence[Warn]) -> Answer:
    unsent = desk.log.unsent_count()
    subject = plan.subject
    short = desk.seen.short(subject.id) if subject else short_event(events[0]) if events else ""
    data = {
        "says": plan.says,
        "subject": {"kind": subject.kind, "id": subject.id, "short_id": short, "name": subject.name}
        if subject
        else None,
        "on": plan.on.isoformat(),
        "entries": [
            {"id": base32(event.id), "type": intent.type} for event, intent in zip(events, plan.intents, strict=True)
        ],
        "unsent": unsent,
    }
    what = f" {_brief(subject.name or subject.id)}" if subject else ""
    where = f"saved here, {unsent} to sync" if events else "it was so already, nothing was written"
    facts = " · ".join((say_date(plan.on, desk.today), *plan.details, where))

    def text(look: Look) -> list[str]:
        head = f"{look.paint('✓', 'good')} {clean(plan.says)} {look.paint(short, 'bold')}{clean(what)}"
        return [head, f"  {look.paint(clean(facts), 'dim')}"]

    hint = f"next: {plan.next.format(id=short)}" + (" · undo: mp undo" if _can_be_undone(plan) else "")
    records = [
        (intent.type, base32(event.id), plan.on.isoformat(), subject.id if subject else "")
        for event, intent in zip(events, plan.intents, strict=True)
    ]
    return Answer("entry/1", data, text, records, warnings, (hint,))


def _brief(name: str) -> str:
    return name if len(name) <= NAME_ECHOED_MAX else f"{name[: NAME_ECHOED_MAX - 1]}…"


def _either(kinds: Sequence[str]) -> str:
    """`goal, milestone or request for help`."""
    named = ["request for help" if kind == "help" else kind for kind in kinds]
    return " or ".join(filter(None, (", ".join(named[:-1]), named[-1])))


def _can_be_undone(plan: Plan) -> bool:
    """Whether there is anything to take back: a control entry, such as a consent, is ended by another instead."""
    return any(not is_control(intent.type) for intent in plan.intents)


def short_event(event: Event) -> str:
    """The short name of an entry: the beginning of the random part of its id."""
    return base32(event.nonce)[:SHORT_EVENT_LENGTH]
