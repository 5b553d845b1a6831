"""Where members are and what they share, as rows: always what the control events say, however those came."""

import sqlite_utils
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.ids import base64url
from milepost_server.store import control, members
from tests.support.devices import Device
from tests.support.histories import some_id
from tests.support.stores import MemoryStore, joined

PODS = (some_id("pod", 0), some_id("pod", 1))
COHORT = some_id("cohort", 0)
STEPS = st.sampled_from(["join", "leave", "grant", "withdraw", "revoke"])


class Account:
    """A member with a laptop that nobody revokes and a phone that somebody may."""

    def __init__(self) -> None:
        self.store, self.member, self.laptop = joined()
        self.laptop.write("device.enrolled", dict(self.laptop.enrolment_facts))
        self.phone = self.member.device(self.laptop)
        self._pushed = {self.laptop.id: 0, self.phone.id: 0}
        self.push(self.laptop)
        self.push(self.phone)

    def push(self, device: Device) -> None:
        events = device.events[self._pushed[device.id] :]
        if events:
            self.store.accept(device.batch(events))
            self._pushed[device.id] = len(device.events)

    def step(self, kind: str, pod: str, *, on_phone: bool) -> None:
        device = self.phone if on_phone else self.laptop
        consent = {"scope": "pod", "id": pod, "audience": "lead", "families": ["progress"]}
        match kind:
            case "join":
                device.write("pod.joined", {"pod": pod, "cohort": COHORT, "name": "Mara"})
            case "leave":
                device.write("pod.left", {"pod": pod, "cohort": COHORT, "erase": False})
            case "grant":
                until = {"until": "2026-12-31", "wording": 1, "withdrawals": []}
                device.write("consent.granted", {**consent, **until})
            case "withdraw":
                device.write("consent.withdrawn", consent)
            case _:
                device = self.laptop
                device.write("device.revoked", {"device": base64url(self.phone.id), "leaves": []})
        self.push(device)

    def rows(self) -> tuple[object, object]:
        connection, n = self.store.connection, self.store.stream(self.member).n
        place = connection.execute("SELECT pod, cohort, name, since FROM member_pod WHERE stream = ?", (n,)).fetchone()
        granted = connection.execute(
            "SELECT scope, target, audience, family, until FROM granted WHERE stream = ? ORDER BY target", (n,)
        )
        return place, granted.fetchall()

    def said(self) -> tuple[object, object]:
        """The same, from the control rows."""
        connection, stream = self.store.connection, self.store.stream(self.member)
        consents = {tuple(consent[:5]) for consent in control.consents(connection, stream)}
        taken = control.membership(connection, stream)
        return (tuple(taken) if taken else None), sorted(consents, key=lambda consent: consent[1])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(STEPS, st.sampled_from(PODS), st.booleans()), max_size=8))
def test_rows_are_always_what_the_control_events_say(steps: list[tuple[str, str, bool]]):
    account = Account()
    for kind, pod, on_phone in steps:
        account.step(kind, pod, on_phone=on_phone)
        assert account.rows() == account.said()


def test_data_of_an_earlier_build_get_their_rows_when_they_are_opened():
    account = Account()
    account.step("join", PODS[0], on_phone=False)
    account.step("grant", PODS[0], on_phone=False)
    before = account.rows()
    for table in ("member_pod", "granted"):
        account.store.connection.execute(f"DROP TABLE {table}")
    members.prepare(sqlite_utils.Database(account.store.connection))
    assert account.rows() == before


def test_a_grant_that_another_goes_on_from_has_held_since_the_first():
    account = Account()
    account.step("grant", PODS[0], on_phone=False)
    [first] = granted(account.store)
    account.step("grant", PODS[0], on_phone=False)
    assert granted(account.store) == [first]


def granted(store: MemoryStore) -> list[tuple[object, ...]]:
    return store.connection.execute("SELECT target, since, until FROM granted").fetchall()
