"""A pod's week on the server: contributions of its members, as far as they let them be summed."""

from milepost.disclosure import HIDDEN, VALUE, Figure
from milepost.ids import base32
from milepost_server import readmodels
from milepost_server.store import cohorts
from tests.support.desks import Desk
from tests.support.devices import Device, Member
from tests.support.histories import GOAL, some_id
from tests.support.pods import COHORT, POD, form
from tests.support.stores import MemoryStore

MILESTONE = {"kind": "micro_project", "start": "2026-01-05", "due": "2026-01-16", "outputs": [], "has_measure": False}
CONSENT = {"scope": "pod", "id": POD, "audience": "pod_total", "until": "2027-01-01", "wording": 1}


def member_of_the_pod(store: MemoryStore, number: int, *, goals: int, shares: bool = True) -> Device:
    """A member who took the place they were offered, set goals, and pushed."""
    member = Member(number)
    store.open(member)
    device = member.device()
    device.write("pod.joined", {"pod": POD, "cohort": COHORT, "name": f"member {number}"})
    if shares:
        device.write("consent.granted", {**CONSENT, "families": ["progress"], "withdrawals": []})
    for goal in range(goals):
        device.write("goal.set", {"goal": some_id("goal", goal), **GOAL})
    store.accept(device.batch())
    form(store, member.user)
    return device


def goals_set(store: MemoryStore, reader: bytes = b"nobody") -> Figure:
    return figure(store, "goals_set", reader)


def figure(store: MemoryStore, measure: str, reader: bytes = b"nobody") -> Figure:
    Desk(store).projector().catch_up()
    pod = cohorts.pod(store.connection, POD)
    assert pod is not None
    return readmodels.pod_summary(store.connection, pod, reader, store.now_ms).figures[measure]


def test_the_total_is_over_those_who_share_and_shown_from_three():
    store = MemoryStore()
    member_of_the_pod(store, 1, goals=2)
    member_of_the_pod(store, 2, goals=3)
    member_of_the_pod(store, 3, goals=40, shares=False)
    assert goals_set(store) == Figure(HIDDEN)
    member_of_the_pod(store, 4, goals=4)
    assert goals_set(store) == Figure(VALUE, 9)


def test_a_withdrawal_acts_before_any_projection():
    store = MemoryStore()
    devices = [member_of_the_pod(store, number, goals=1) for number in (1, 2, 3)]
    assert goals_set(store) == Figure(VALUE, 3)
    device = devices[0]
    pushed = len(device.events)
    device.write(
        "consent.withdrawn", {name: CONSENT[name] for name in ("scope", "id", "audience")} | {"families": ["progress"]}
    )
    store.accept(device.batch(device.events[pushed:]))
    pod = cohorts.pod(store.connection, POD)
    assert pod is not None
    summary = readmodels.pod_summary(store.connection, pod, b"nobody", store.now_ms)
    assert summary.figures["goals_set"] == Figure(HIDDEN)


def test_an_edited_goal_is_counted_once_and_a_retracted_one_not():
    store = MemoryStore()
    devices = [member_of_the_pod(store, number, goals=1) for number in (1, 2, 3)]
    device = devices[0]
    pushed = len(device.events)
    device.write("goal.set", {"goal": some_id("goal", 0), **GOAL, "due": "2026-02-01"})
    store.accept(device.batch(device.events[pushed:]))
    assert goals_set(store) == Figure(VALUE, 3)
    other = devices[1]
    pushed = len(other.events)
    other.write("entry.retracted", {"target": base32(other.events[-1].id), "reason": "mistake"})
    store.accept(other.batch(other.events[pushed:]))
    assert goals_set(store) == Figure(VALUE, 2)


def test_children_count_under_their_parent_in_the_pods_total_too():
    store = MemoryStore()
    devices = [member_of_the_pod(store, number, goals=1) for number in (1, 2, 3)]
    for number, device in enumerate(devices):
        pushed = len(device.events)
        device.write("milestone.planned", {**MILESTONE, "milestone": some_id("milestone", number)})
        child = {"milestone": some_id("milestone", 10 + number), "parent": some_id("milestone", number)}
        device.write("milestone.planned", {**MILESTONE, **child})
        store.accept(device.batch(device.events[pushed:]))

    assert figure(store, "milestones_planned") == Figure(VALUE, 3)


def test_what_was_received_before_the_member_was_in_the_pod_is_not_the_pods():
    store = MemoryStore()
    for number in (1, 2, 3):
        member_of_the_pod(store, number, goals=1)
    member = Member(9)
    store.open(member)
    device = member.device()
    for goal in range(30):
        device.write("goal.set", {"goal": some_id("goal", goal), **GOAL})
    store.accept(device.batch())
    pushed = len(device.events)
    device.write("pod.joined", {"pod": POD, "cohort": COHORT, "name": "late"})
    device.write("consent.granted", {**CONSENT, "families": ["progress"], "withdrawals": []})
    device.write("goal.set", {"goal": some_id("goal", 99), **GOAL})
    store.accept(device.batch(device.events[pushed:]))
    form(store, member.user)
    assert goals_set(store) == Figure(VALUE, 4)
