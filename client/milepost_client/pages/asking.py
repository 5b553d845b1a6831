"""The member's own requests for help: the sentence from the log, the answers as the server gave them last."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from milepost.projections.asking import OPEN, Help, Words
from milepost_client.answer import Answer, Look, clean
from milepost_client.pages.facts import Fact
from milepost_client.pages.lists import short_ids
from milepost_client.pod.behind import left_requests
from milepost_client.pod.pods import Answered, answers_in, kept_page
from milepost_client.recording.commands import Desk
from milepost_client.recording.dates import say_date
from milepost_client.render.wrapped import reflowed
from milepost_client.views.lookup import Named
from milepost_client.views.plain import plain
from milepost_client.views.views import Views

ANSWERED = "answered"
LEFT_BEHIND = "left_behind"


class Asked(NamedTuple):
    """A request: its view, its sentence, what it is about, and its answers. `is_left`: nobody reads it any more."""

    help: Help
    short: str
    text: str
    about: tuple[Named, ...]
    answers: tuple[Answered, ...]
    is_left: bool

    @property
    def state(self) -> str:
        """open, answered, left_behind, solved or withdrawn."""
        return self.help.result or (LEFT_BEHIND if self.is_left else ANSWERED if self.answers else OPEN)

    def data(self) -> dict[str, object]:
        """The request as JSON shows it."""
        return {
            "id": self.help.id,
            "short_id": self.short,
            "name": self.text or None,
            "to": self.help.to,
            "kind": self.help.kind,
            "asked_on": self.help.asked_on,
            "state": self.state,
            "about": [one._asdict() for one in self.about],
            "answers": [plain(one) for one in self.answers],
        }


def requests_of(views: Views, *, every: bool) -> list[Asked]:
    """The member's requests, the newest first; `every`: ended ones too."""
    found = views.all(Help) if every else views.all(Help, OPEN)
    sentences = {id: words.text for words in views.all(Words) for id in words.ref}
    answers = answers_in(kept_page(views.log))
    shorts = short_ids([help_.id for help_ in views.all(Help)])
    left = {one.help for one in left_requests(views)}
    newest = sorted(found, key=lambda help_: (help_.asked_on, help_.event), reverse=True)
    return [
        Asked(
            help_,
            shorts[help_.id],
            sentences.get(help_.id, ""),
            _about(views, help_.ref),
            answers.get(help_.id, ()),
            help_.id in left,
        )
        for help_ in newest
    ]


def _about(views: Views, refs: Sequence[str]) -> tuple[Named, ...]:
    """What a request is about, as far as it has a name."""
    kinds = ("milestone", "goal", "objective", "skill", "metric", "role")
    names = {id: Named(kind, id, name) for kind in kinds if refs for id, name in views.names(kind).items()}
    return tuple(names[ref] for ref in refs if ref in names)


def request_card(desk: Desk, view: Help) -> tuple[dict[str, object], list[Fact]]:
    """What is worked out of a request, and what its card says."""
    answers = answers_in(kept_page(desk.log)).get(view.id, ())
    asked = f"{view.to}, {say_date(date.fromisoformat(view.asked_on), desk.today)}"
    state = view.result or (ANSWERED if answers else OPEN)
    facts: list[tuple[str, object]] = [("asked", asked), ("for", view.kind), ("state", state)]
    facts += [(f"{answer.by_name} said", answer.text) for answer in answers]
    return {"state": state, "answers": [plain(one) for one in answers]}, facts


def requests_listed(views: Views, today: date, *, every: bool) -> Answer:
    """What `mp ask list` shows."""
    requests = requests_of(views, every=every)

    def text(look: Look) -> list[str]:
        return reflowed((line for one in requests for line in _lines(one, today)), look) or ["no request is open"]

    records = [(one.help.id, one.state, one.help.to, one.help.asked_on, one.text) for one in requests]
    return Answer("requests/1", {"requests": [one.data() for one in requests]}, text, records)


def _lines(one: Asked, today: date) -> Iterator[str]:
    asked = f"{one.help.to} asked {say_date(date.fromisoformat(one.help.asked_on), today)}"
    about = "".join(f", about {named.name}" for named in one.about)
    hang = " " * len(one.short)
    yield f"{one.short}  {clean(one.text)}"
    state = one.state.replace("_", " ")
    yield f"{hang}  {clean(f'{state} · {asked}{about}')}"
    if one.is_left:
        yield f"{hang}  nobody reads it since you left the pod you asked it in: mp ask again {one.short}"
    yield from (f"{hang}  {clean(answer.by_name)}: {clean(answer.text)}" for answer in one.answers)
