"""What others did that the member should know: answers, new readers, a place that is offered.

It is read from what the server said last. What was shown is remembered by name, so nothing is announced twice; who
could read before there was a consent is no news when one is given.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from milepost_client.pod import membership
from milepost_client.pod.behind import LeftRequest, left_requests
from milepost_client.pod.membership import Place
from milepost_client.pod.pods import Page, kept_page
from milepost_client.render.counted import counted
from milepost_client.store.log import Log
from milepost_client.views.views import Views

SEEN = "notices.seen"
# The oldest are forgotten: what they name is long closed by then.
SEEN_MAX = 1000


class NewAnswer(msgspec.Struct, frozen=True):
    """An answer to an open request of the member. `is_new` until the inbox has shown it."""

    help: str
    request: str | None
    text: str
    by_name: str
    at: str
    is_new: bool


class NewReader(msgspec.Struct, frozen=True):
    """Somebody who came to lead, or into the pod, and may read what is shared by name with `audience`."""

    name: str
    audience: str
    scope: str
    since: str | None


class Offer(msgspec.Struct, frozen=True):
    """A place that was offered and is not taken."""

    pod: str
    pod_name: str
    cohort_name: str


class Notices(msgspec.Struct, frozen=True):
    """All of it. `removed_from` is the name of the pod in which the member has no place any more.

    `left_requests` wait until they are asked again, or ended.
    """

    answers: tuple[NewAnswer, ...] = ()
    readers: tuple[NewReader, ...] = ()
    offer: Offer | None = None
    removed_from: str | None = None
    left_requests: tuple[LeftRequest, ...] = ()

    @property
    def new_answers(self) -> tuple[NewAnswer, ...]:
        """The answers that the inbox has not shown yet."""
        return tuple(answer for answer in self.answers if answer.is_new)

    @property
    def count(self) -> int:
        """How many wait to be seen or done."""
        others = (self.offer, self.removed_from)
        news = len(self.new_answers) + len(self.readers) + len(self.left_requests)
        return news + sum(one is not None for one in others)

    def said(self) -> list[str]:
        """What waits, in a few words each."""
        said = [counted(len(self.new_answers), "new answer")] if self.new_answers else []
        said += [counted(len(self.readers), "new reader")] if self.readers else []
        said += [f"a place in {self.offer.pod_name} to take"] if self.offer else []
        said += [f"no place in {self.removed_from} any more"] if self.removed_from else []
        return [*said, *([f"{counted(len(self.left_requests), 'request')} to ask again"] if self.left_requests else [])]


def notices(views: Views, today: date) -> Notices:
    """What is to be known today."""
    log = views.log
    page, seen = kept_page(log), _seen(log)
    answers = tuple(_answers(page, seen)) if page else ()
    readers = tuple(_readers(log, page, seen, today)) if page else ()
    return Notices(answers, readers, _offer(log), _removed_from(log, seen), left_requests(views))


def mark_shown(log: Log, shown: Notices) -> None:
    """Remember what was shown."""
    keys = [_answer_key(answer.help, answer.at) for answer in shown.answers]
    keys += [_reader_key(reader.audience, reader.scope, reader.name) for reader in shown.readers]
    place = membership.kept(log)
    keys += [_removal_key(place)] if shown.removed_from and place else []
    _remember(log, keys)


def know_readers(log: Log, page: Page, shared: Iterable[str]) -> None:
    """Take the readers of audiences that nothing is shared with as known: only who comes after a consent is news."""
    silent = {"lead", "pod"} - set(shared)
    _remember(log, [key for reader, key in _possible(page) if reader.audience in silent])


def _answers(page: Page, seen: frozenset[str]) -> Iterator[NewAnswer]:
    for request in page.requests:
        if request.is_mine and request.state != "closed":
            for one in request.answers:
                is_new = _answer_key(request.id, one.at) not in seen
                yield NewAnswer(request.id, request.text, one.text, one.by_name, one.at, is_new)


def _readers(log: Log, page: Page, seen: frozenset[str], today: date) -> Iterator[NewReader]:
    fresh = [(reader, key) for reader, key in _possible(page) if key not in seen]
    if fresh:
        # Consents take cryptography to read: a day on which nobody is new should not pay for it.
        from milepost_client.pod.consents import standing

        shared = {grant.audience for grant in standing(log, today)}
        yield from (reader for reader, _ in fresh if reader.audience in shared)


def _possible(page: Page) -> Iterator[tuple[NewReader, str]]:
    """Who could read by name, and the key that remembers it."""
    for lead in page.readers:
        yield NewReader(lead.name, "lead", lead.scope, lead.since), _reader_key("lead", lead.scope, lead.name)
    for person in page.members:
        if not person.me:
            yield NewReader(person.name, "pod", "pod", None), _reader_key("pod", "pod", person.name)


def _offer(log: Log) -> Offer | None:
    place = membership.placed(log)
    if place is None or membership.standing_in(log, place.pod) != "offered":
        return None
    return Offer(place.pod, place.pod_name, place.cohort_name)


def _removed_from(log: Log, seen: frozenset[str]) -> str | None:
    place = membership.kept(log)
    if place is None or not place.is_over or _removal_key(place) in seen:
        return None
    # Who left knows.
    return place.pod_name if membership.is_joined(log, place.pod) else None


def _removal_key(place: Place) -> str:
    return f"removed/{place.pod}/{place.said_on}"


def _answer_key(help: str, at: str) -> str:
    return f"answer/{help}/{at}"


def _reader_key(audience: str, scope: str, name: str) -> str:
    return f"reader/{audience}/{scope}/{name}"


def _seen(log: Log) -> frozenset[str]:
    return frozenset(_seen_in_order(log))


def _seen_in_order(log: Log) -> list[str]:
    raw = log.setting(SEEN)
    return [] if raw is None else msgspec.json.decode(raw, type=list[str])


def _remember(log: Log, keys: Iterable[str]) -> None:
    before = _seen_in_order(log)
    fresh = [key for key in dict.fromkeys(keys) if key not in before]
    if fresh:
        log.set_settings([(SEEN, msgspec.json.encode([*before, *fresh][-SEEN_MAX:]))])
