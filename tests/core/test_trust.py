"""Whose events count. The model: grow the set of devices by the sentences of the log's page until nothing changes."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.errors import BadSignature
from milepost.keys import Enrolment
from milepost.trust import Line, Naming, Revocation, Standing, enrolment_of, facts_of, reach, standing
from tests.support.authors import Author, identity

MEMBER = identity()
ROOT = Author(MEMBER, "root")


def family(*seeds: str) -> list[Author]:
    """Devices each enrolled by the one before, the first by the identity."""
    devices: list[Author] = []
    for seed in seeds:
        devices.append(Author(MEMBER, seed, by=devices[-1] if devices else None))
    return devices


def stand(*devices: Author, revocations=(), lines=None, namings=()) -> Standing:
    return standing(MEMBER.user, [each.enrolment for each in devices], revocations, lines, namings)


def one_line_each(*devices: Author) -> dict[int, Line]:
    return {number: Line(number, each.device, 1, 1, None) for number, each in enumerate(devices)}


def test_devices_that_reach_the_identity_stand():
    devices = family("a", "b", "c")
    assert set(stand(*devices).devices) == {each.device for each in devices}


def test_a_device_whose_sponsor_is_not_here_does_not_stand_yet():
    a, b, c = family("a", "b", "c")
    assert set(stand(a, c).devices) == {a.device}
    assert set(stand(c, b, a).devices) == {a.device, b.device, c.device}


def test_a_device_of_another_account_never_stands():
    stranger = Author(identity("stranger"), "s")
    assert stand(stranger).devices == {}


@pytest.mark.parametrize("field", ["signing", "agreement", "recovery", "signature"])
def test_an_enrolment_that_was_changed_never_stands(field):
    enrolment = ROOT.enrolment
    forged = enrolment._replace(**{field: bytes(len(getattr(enrolment, field)))})
    assert standing(MEMBER.user, [forged]).devices == {}


def test_of_a_revoked_device_only_what_the_revoker_held_counts():
    a, b = family("a", "b")
    lines = one_line_each(a, b)
    result = stand(a, b, revocations=[Revocation(a.device, b.device, ((1, 5),))], lines=lines)
    assert result.is_revoked(b.device)
    assert result.counts(b.device, 1, 5)
    assert not result.counts(b.device, 1, 6)
    assert result.counts(a.device, 0, 6)


def test_a_revocation_that_holds_no_leaf_leaves_nothing_of_the_device():
    a, b = family("a", "b")
    result = stand(a, b, revocations=[Revocation(a.device, b.device, ())], lines=one_line_each(a, b))
    assert not result.counts(b.device, 1, 1)


def test_two_that_revoke_each_other_are_both_out():
    a, b = family("a", "b")
    revocations = [Revocation(a.device, b.device, ((1, 3),)), Revocation(b.device, a.device, ((0, 4),))]
    result = stand(a, b, revocations=revocations, lines=one_line_each(a, b))
    assert result.is_revoked(a.device)
    assert result.is_revoked(b.device)
    assert not result.counts(a.device, 0, 5)
    assert not result.counts(b.device, 1, 4)


def test_a_stranger_revokes_nobody():
    a = family("a")[0]
    stranger = Author(identity("stranger"), "s")
    assert not stand(a, revocations=[Revocation(stranger.device, a.device, ())]).is_revoked(a.device)


def test_a_cut_reaches_back_through_epochs_and_forks():
    # given line 0, a fork 1 after its seq 4, and an epoch 2 that goes on from the fork's seq 6
    device = ROOT.device
    lines = {
        0: Line(0, device, 1, 1, None),
        1: Line(1, device, 1, 5, (0, 4)),
        2: Line(2, device, 2, 1, (1, 6)),
    }
    # when the tip is in the epoch, then all it continues is reached, and nothing beside it
    assert reach(lines, [(2, 3)]) == {2: 3, 1: 6, 0: 4}
    assert reach(lines, [(2, 3), (0, 9)]) == {2: 3, 1: 6, 0: 9}
    assert reach(lines, [(7, 1)]) == {}


def test_a_device_that_a_revoked_one_let_in_is_out():
    a, b, c = family("a", "b", "c")
    result = stand(a, b, c, revocations=[Revocation(a.device, b.device, ((1, 1),))], lines=one_line_each(a, b, c))
    assert set(result.devices) == {a.device, b.device}


def test_a_device_that_a_revoked_one_let_in_stands_when_an_event_that_counts_names_it():
    a, b, c = family("a", "b", "c")
    result = stand(
        a,
        b,
        c,
        revocations=[Revocation(a.device, b.device, ((1, 1),))],
        lines=one_line_each(a, b, c),
        namings=[Naming(a.device, 0, 9, c.device)],
    )
    assert set(result.devices) == {a.device, b.device, c.device}


@pytest.mark.parametrize(("seq", "stands"), [(5, True), (6, False)])
def test_a_naming_by_the_revoked_device_itself_counts_up_to_its_cut(seq, stands):
    a, b, c = family("a", "b", "c")
    result = stand(
        a,
        b,
        c,
        revocations=[Revocation(a.device, b.device, ((1, 5),))],
        lines=one_line_each(a, b, c),
        namings=[Naming(b.device, 1, seq, c.device)],
    )
    assert (c.device in result.devices) == stands


def test_no_device_vouches_for_itself():
    a, b, c = family("a", "b", "c")
    result = stand(
        a,
        b,
        c,
        revocations=[Revocation(a.device, b.device, ((1, 1),))],
        lines=one_line_each(a, b, c),
        namings=[Naming(c.device, 2, 1, c.device)],
    )
    assert c.device not in result.devices


def test_devices_that_a_thief_enrolled_in_a_row_cannot_vouch_for_each_other():
    # given a stolen device, revoked, that lets in b, which lets in c, which names b
    thief, b, c, d = family("thief", "b", "c", "d")
    result = stand(
        ROOT,
        thief,
        b,
        c,
        d,
        revocations=[Revocation(ROOT.device, thief.device, ())],
        lines=one_line_each(ROOT, thief, b, c, d),
        namings=[Naming(c.device, 3, 2, b.device), Naming(d.device, 4, 2, b.device)],
    )
    # then none of the row stands, however long it is
    assert set(result.devices) == {ROOT.device, thief.device}


def test_a_second_enrolment_of_a_device_never_takes_the_place_of_the_identitys():
    a, b = family("a", "b")
    second = Author(MEMBER, "a", by=b).enrolment._replace(agreement=bytes(32))
    for enrolments in ([a.enrolment, b.enrolment, second], [second, b.enrolment, a.enrolment]):
        assert standing(MEMBER.user, enrolments).devices[a.device] == a.enrolment


class History(NamedTuple):
    enrolments: list[Enrolment]
    revocations: list[Revocation]
    namings: list[Naming]
    lines: dict[int, Line]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Up to six devices, enrolled by the identity, by each other or twice, that revoke and name each other."""
    authors: list[Author] = []
    for number in range(draw(st.integers(1, 6))):
        sponsor = draw(st.none() | st.sampled_from(authors)) if authors else None
        authors.append(Author(MEMBER, number, by=sponsor))
    enrolments = [author.enrolment for author in authors]
    for author in draw(st.lists(st.sampled_from(authors), max_size=2)):
        again = Author(MEMBER, author.seed, by=draw(st.sampled_from(authors)))
        enrolments.append(again.enrolment)
    devices = st.sampled_from([author.device for author in authors])
    places = st.tuples(st.integers(0, len(authors) - 1), st.integers(1, 4))
    revocations = st.builds(Revocation, devices, devices, st.lists(places, max_size=2).map(tuple))
    namings = st.tuples(st.integers(0, len(authors) - 1), st.integers(1, 4), devices).map(
        lambda drawn: Naming(authors[drawn[0]].device, drawn[0], drawn[1], drawn[2])
    )
    return History(
        enrolments,
        draw(st.lists(revocations, max_size=3)),
        draw(st.lists(namings, max_size=4)),
        one_line_each(*authors),
    )


@given(histories(), st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_standing(history, random):
    before = standing(MEMBER.user, history.enrolments, history.revocations, history.lines, history.namings)
    enrolments = history.enrolments * 2
    for each in (enrolments, history.revocations, history.namings):
        random.shuffle(each)
    assert standing(MEMBER.user, enrolments, history.revocations, history.lines, history.namings) == before


@given(histories())
def test_the_standing_is_the_one_of_the_naive_model(history):
    result = standing(MEMBER.user, history.enrolments, history.revocations, history.lines, history.namings)
    rooted: set[Enrolment] = set()
    for _ in history.enrolments:
        names = {each.device for each in rooted}
        rooted |= {each for each in history.enrolments if each.by is None or each.by in names}
    revokers = {each.device for each in rooted}
    cuts: dict[bytes, dict[int, int]] = {each.device: {} for each in history.revocations if each.by in revokers}
    for revocation in history.revocations:
        for line, seq in revocation.tips if revocation.by in revokers else ():
            cut = cuts[revocation.device]
            cut[line] = max(cut.get(line, 0), seq)

    def counts(device: bytes, line: int, seq: int) -> bool:
        return device in stands and (device not in cuts or seq <= cuts[device].get(line, 0))

    stands: set[bytes] = set()
    for _ in range(len(history.enrolments) + 1):
        for each in rooted:
            is_vouched = any(
                naming.named == each.device != naming.author and counts(naming.author, naming.line, naming.seq)
                for naming in history.namings
            )
            if each.by is None or (each.by in stands and (each.by not in cuts or is_vouched)):
                stands.add(each.device)
    assert set(result.devices) == stands
    assert dict(result.cuts) == cuts
    assert all(
        result.counts(line.device, n, seq) == counts(line.device, n, seq)
        for n, line in history.lines.items()
        for seq in range(1, 6)
    )


def test_an_enrolment_survives_its_facts():
    for author in family("a", "b"):
        assert enrolment_of(facts_of(author.enrolment)) == author.enrolment


@pytest.mark.parametrize("field", ["device", "signing", "agreement", "identity", "recovery", "by", "signature"])
@pytest.mark.parametrize("value", [None, 7, "", "AA", "AA==", "é", ["AA"]])
def test_facts_that_are_no_enrolment_are_refused_by_name(field, value):
    facts: dict[str, object] = {**facts_of(ROOT.enrolment), field: value}
    with pytest.raises(BadSignature) as refusal:
        enrolment_of(facts)
    assert refusal.value.field == field
