"""The attacker of privacy.md: whoever holds every release and their own data cannot tell one member's count.

Any outsider, the cohort's lead, and any contributor with one colluder (another member, or the lead) know the policy,
who is in which pod, their own entries, whom they see by name, and every figure they are shown, suppressed ones
included. Who consented to what is nobody's to know. Against them a consistent second world is looked for: the same to
their eyes, with another count for the member they are after. A pod total makes no such promise to those in it.

Weeks are drawn one at a time: a release holds flows, so a count is of one week alone, and consents, which nobody knows,
may change from one to the next. A pod whose week was closed after its total had been shown is drawn too.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from milepost.disclosure import VALUE, Figure, decide
from milepost.disclosure.cohorts import CohortShare, CohortSum, Part, standing
from milepost.disclosure.pods import LEAD, POD, Contributor, PodTotal, PodWeek, Viewer, shown

FAMILY, MEASURE = "progress", "goals_set"
COUNTS = range(6)
HUGE = 10_000


class Person(NamedTuple):
    """A member: the pod, what the week counted, whether pod and cohort may sum it, and who sees it by name."""

    pod: int
    amount: int
    pod_sums: bool = False
    cohort_sums: bool = True
    named: str = ""


World = tuple[Person, ...]
Pods = frozenset[int]
NONE: Pods = frozenset()


class Party(NamedTuple):
    """Who attacks together: some members, and perhaps the lead."""

    members: tuple[int, ...] = ()
    has_lead: bool = False


def user(number: int) -> bytes:
    return b"member %d" % number


def pod_week(world: World, pod: int) -> PodWeek:
    """The week of a pod as the server keeps it."""
    summed = [(number, one) for number, one in enumerate(world) if one.pod == pod and one.pod_sums]
    contributors = tuple(Contributor(user(number), (one.named,) if one.named else ()) for number, one in summed)
    return PodWeek({MEASURE: sum(one.amount for _, one in summed)}, {FAMILY: contributors})


def release(world: World, gone: Pods = NONE) -> tuple[Figure, Figure]:
    """What everybody may come to hold: the sum of the week, and how many took part.

    `gone` are pods whose week was closed after its total had been shown.
    """
    weeks = {pod: pod_week(world, pod) for pod in {one.pod for one in world}}
    went_out = {pod: shown(week, FAMILY, [MEASURE]) for pod, week in weeks.items()}
    parts = [
        Part(
            user(number),
            str(one.pod),
            one.amount,
            bool(one.named),
            standing(went_out[one.pod], is_summed=one.pod_sums, is_gone=one.pod in gone),
        )
        for number, one in enumerate(world)
        if one.cohort_sums
    ]
    answers = [part._replace(amount=int(part.amount > 0), standing="outside") for part in parts]
    return decide(CohortSum(parts)), decide(CohortShare(answers))


def viewers(world: World, party: Party) -> Iterator[tuple[int, Viewer]]:
    """Every pod that somebody of the party looks at, and as whom."""
    for number in party.members:
        yield world[number].pod, Viewer(user(number), frozenset({POD}))
    if party.has_lead:
        for pod in {one.pod for one in world}:
            yield pod, Viewer(b"lead", frozenset({POD, LEAD}))


def known(world: World, party: Party) -> set[int]:
    """The members whose counts a party sees: its own, and those it sees by name."""
    seen = set(party.members)
    for pod, viewer in viewers(world, party):
        seen |= {n for n, one in enumerate(world) if one.pod == pod and one.named in viewer.audiences}
    return seen


def seen_by(world: World, party: Party, gone: Pods = NONE) -> object:
    """Everything a party sees of a world; two worlds that look alike cannot be told apart."""
    totals = [
        (pod, viewer.user, decide(PodTotal(pod_week(world, pod), MEASURE, FAMILY, viewer)))
        for pod, viewer in viewers(world, party)
    ]
    return release(world, gone), totals, sorted((n, world[n].amount) for n in known(world, party)), [
        world[n] for n in party.members
    ]  # fmt: skip


def is_in_a_shown_total(world: World, number: int) -> bool:
    """Whether a member is in a pod total that anybody was shown: it makes no promise."""
    one = world[number]
    everybody = [Party((other,)) for other in range(len(world))] + [Party((), has_lead=True)]
    figures = [
        decide(PodTotal(pod_week(world, pod), MEASURE, FAMILY, viewer))
        for party in everybody
        for pod, viewer in viewers(world, party)
        if pod == one.pod
    ]
    return one.pod_sums and any(figure.state == VALUE for figure in figures)


def other_worlds(world: World, target: int, free: list[int], *, consents_are_known: bool) -> Iterator[World]:
    """Worlds in which the target counts otherwise, the likeliest to look the same first."""
    mine = world[target]
    for other in free:
        if world[other].amount != mine.amount:
            theirs = world[other]._replace(amount=mine.amount)
            yield put(world, {target: mine._replace(amount=world[other].amount), other: theirs})
    amounts = [n for n in (*COUNTS, mine.amount + 1, mine.amount + 2, HUGE) if n != mine.amount]
    for amount in reversed(amounts):
        yield put(world, {target: mine._replace(amount=amount)})
    others = [number for number in free if number != target]
    for amount in amounts:
        for other in others:
            yield from _moved(world, target, amount, (other,))
        for pair in combinations(others, 2):
            yield from _moved(world, target, amount, pair)
    if consents_are_known:
        return
    for amount in amounts:
        silent = Person(mine.pod, amount, cohort_sums=False)
        yield put(world, {target: silent})
        for other in others:
            grown = world[other]._replace(amount=world[other].amount + mine.amount, cohort_sums=True)
            yield put(world, {target: silent, other: grown})
            yield put(world, {target: silent, other: grown._replace(pod_sums=False)})


def _moved(world: World, target: int, amount: int, others: tuple[int, ...]) -> Iterator[World]:
    """The target with another amount, the difference taken up by others, in every way for so few."""
    left = world[target].amount + sum(world[other].amount for other in others) - amount
    if left < 0:
        return
    first, *rest = others
    for share in range(left + 1) if rest else (left,):
        changed = {target: world[target]._replace(amount=amount), first: world[first]._replace(amount=share)}
        if rest:
            changed[rest[0]] = world[rest[0]]._replace(amount=left - share)
        yield put(world, changed)


def put(world: World, changed: dict[int, Person]) -> World:
    return tuple(changed.get(number, one) for number, one in enumerate(world))


def parties(world: World) -> Iterator[Party]:
    """Every outsider, the lead, and every contributor with one colluder."""
    yield Party()
    yield Party((), has_lead=True)
    for number in range(len(world)):
        yield Party((number,), has_lead=True)
    yield from (Party(pair) for pair in combinations(range(len(world)), 2))


def exposed(world: World, gone: Pods = NONE, *, consents_are_known: bool = False) -> list[tuple[Party, int]]:
    """Whom a party can tell the count of, though they are outside every pod total that was shown."""
    protected = [number for number in range(len(world)) if not is_in_a_shown_total(world, number)]
    found = []
    for party in parties(world):
        looks = seen_by(world, party, gone)
        free = [number for number in range(len(world)) if number not in known(world, party)]
        for target in protected:
            if target in free and not any(
                seen_by(other, party, gone) == looks
                for other in other_worlds(world, target, free, consents_are_known=consents_are_known)
            ):
                found.append((party, target))
    return found


people = st.builds(
    Person,
    pod=st.integers(0, 2),
    amount=st.integers(0, 3),
    pod_sums=st.booleans(),
    cohort_sums=st.sampled_from((True, True, True, False)),
    named=st.sampled_from(("", "", "", "", LEAD, POD)),
)
open_handed = st.tuples(st.integers(0, 2), st.sampled_from((0, 0, 1, 1, 2, 3, 9))).map(lambda drawn: Person(*drawn))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.lists(people, min_size=5, max_size=8).map(tuple), st.frozensets(st.integers(0, 2), max_size=1))
def test_nobody_with_one_colluder_can_tell_the_count_of_a_member_outside_every_shown_pod_total(world, gone):
    event(f"release {release(world, gone)[0].state}")
    assert exposed(world, gone) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(open_handed, min_size=3, max_size=8).map(tuple))
@example(tuple(Person(n % 2, count) for n, count in enumerate((1, 1, 2))))
@example(tuple(Person(n % 2, count) for n, count in enumerate((0, 0, 1, 1, 1))))
@example(tuple(Person(n % 2, count) for n, count in enumerate((4, 4, 0, 0, 0, 0))))
@example(tuple(Person(n % 2, count) for n, count in enumerate((1, 1, 1, 1, 0, 0, 0))))
def test_not_even_when_the_attackers_know_that_everybody_consents(world):
    assert exposed(world, consents_are_known=True) == []
