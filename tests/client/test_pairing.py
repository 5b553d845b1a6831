"""Pairing: what two honest devices agree on, what someone in between cannot do, and what becomes of an old log."""

import json
import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost import pairing as talk
from milepost.errors import NotFound
from milepost.ids import base32
from milepost.keys import DeviceKeys, Identity, enrol
from milepost.pairing import Account, Code, NewDevice, OldDevice, PairingFailed
from milepost_client.account.pairing import Added, Paired, add_device, pair
from milepost_client.device.home import Home
from milepost_client.device.swap import building_place, finish, swap_in
from milepost_client.device.world import SYSTEM
from milepost_client.store.drafts import Draft
from milepost_client.store.log import Log
from milepost_client.store.trusted import trusted
from milepost_client.sync import join, sync
from tests.client.devices import draft
from tests.support.servers import ServerProcess


def keys(number: int) -> DeviceKeys:
    return DeviceKeys.from_seeds(bytes([number]) * 32, bytes([number + 100]) * 32)


IDENTITY = Identity.from_secret(b"r" * 16)
ACCOUNT = Account(IDENTITY.signing.public, IDENTITY.recovery.public, b"s" * 32)
ROOT = enrol(keys(1), ACCOUNT.identity, ACCOUNT.recovery, None, IDENTITY.signing)


def two(new_nonce: bytes = b"n" * 32, old_nonce: bytes = b"o" * 32) -> tuple[NewDevice, OldDevice]:
    new = NewDevice(keys(2), new_nonce)
    return new, OldDevice(Code.read(new.code.text), keys(1), ACCOUNT, old_nonce)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.text(max_size=100))
def test_two_honest_devices_see_the_same_digits_and_end_with_an_enrolment(n1: bytes, n2: bytes, name: str):
    new, old = two(n1, n2)
    old.offered(new.offer)
    digits = old.revealed(new.answered(old.answer))

    heard = old.confirmed(new.confirm(f" {digits[:3]} {digits[3:]}", name))
    welcomed = new.welcomed(old.welcome([ROOT]))

    assert heard.isprintable()
    assert set(heard) <= set(name)
    assert len(digits) == 6
    assert (welcomed.account, welcomed.lineage) == (ACCOUNT, (ROOT,))
    assert welcomed.enrolment.by == keys(1).device
    assert welcomed.enrolment.device == old.device == keys(2).device


def test_a_code_is_read_however_it_is_typed():
    code = two()[0].code

    assert Code.read(code.text) == Code.read(code.text.upper().replace("-", " ").replace("MP2 ", "mp2-")) == code
    for wrong in ("", "mp2-", "mp1-" + code.text[4:], code.text[:-1], code.text + "0", "mp2-" + "u" * 26):
        with pytest.raises(PairingFailed):
            Code.read(wrong)


def test_an_offer_that_is_not_behind_the_code_is_refused():
    new, old = two()

    with pytest.raises(PairingFailed):
        old.offered(new.offer[:-1] + b"\0")


def test_a_number_that_was_not_promised_is_refused():
    new, old = two()
    old.offered(new.offer)

    with pytest.raises(PairingFailed, match="than it had promised"):
        old.revealed(b"x" * 32)


def test_someone_who_answers_in_place_of_the_old_device_is_seen_in_the_digits():
    new, old = two()
    between = OldDevice(new.code, keys(3), ACCOUNT, b"b" * 32)
    between.offered(new.offer)
    old.offered(new.offer)
    digits = old.revealed(new.answered(between.answer))

    with pytest.raises(PairingFailed, match="the digits differ"):
        new.confirm(digits, "phone")


def test_there_is_one_attempt_at_the_digits():
    new, old = two()
    old.offered(new.offer)
    digits = old.revealed(new.answered(old.answer))
    with pytest.raises(PairingFailed):
        new.confirm(f"{(int(digits) + 1) % 10**6:06d}", "phone")

    with pytest.raises(PairingFailed, match="one attempt"):
        new.confirm(digits, "phone")


@given(st.integers(0, 200), st.integers(1, 255))
def test_no_changed_byte_of_confirm_or_welcome_passes(at: int, change: int):
    new, old = two()
    old.offered(new.offer)
    confirm = new.confirm(old.revealed(new.answered(old.answer)), "phone")
    welcome = old.welcome([ROOT])

    with pytest.raises(PairingFailed):
        old.confirmed(_changed(confirm, at, change))
    with pytest.raises(PairingFailed):
        new.welcomed(_changed(welcome, at, change))
    with pytest.raises(PairingFailed):
        new.welcomed(confirm)


def _changed(blob: bytes, at: int, change: int) -> bytes:
    at %= len(blob)
    return blob[:at] + bytes([blob[at] ^ change]) + blob[at + 1 :]


def test_a_welcome_for_another_account_is_refused():
    new, old = two()
    old.offered(new.offer)
    confirm = new.confirm(old.revealed(new.answered(old.answer)), "phone")
    old.confirmed(confirm)
    other = Identity.from_secret(b"q" * 16)
    old._account = Account(other.signing.public, other.recovery.public, b"s" * 32)

    with pytest.raises(PairingFailed, match="another device or account"):
        new.welcomed(old.welcome([ROOT]))


# Over a real server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    running = ServerProcess(tmp_path_factory.mktemp("server"), {"MILEPOST_SERVER_JOINS_PER_MINUTE": "1000"})
    yield running
    running.http.close()
    running.process.terminate()
    running.process.wait(30)


class Member:
    """Someone with both devices before them: types on one what the other shows."""

    def __init__(self, *, admits: bool = True, mistypes: bool = False) -> None:
        self.code: queue.Queue[str] = queue.Queue()
        self.digits: queue.Queue[str] = queue.Queue()
        self.asked: list[str] = []
        self._admits = admits
        self._mistypes = mistypes

    def show_code(self, code: str, qr: str) -> None:
        assert "█" in qr or "▀" in qr
        self.code.put(code)

    def ask_digits(self) -> str:
        digits = self.digits.get(timeout=30)
        return f"{(int(digits) + 1) % 10**6:06d}" if self._mistypes else digits

    def show_digits(self, digits: str) -> None:
        self.digits.put(digits)

    def ask_admit(self, name: str) -> bool:
        self.asked.append(name)
        return self._admits


def nap(_: float) -> None:
    time.sleep(0.02)


def paired(server: ServerProcess, old: Home, new: Home, member: Member) -> tuple[Added, Paired]:
    """Run both commands at once."""
    arrived: list[Paired] = []
    arriving = threading.Thread(target=lambda: arrived.append(pair(new, SYSTEM, server.url, member, sleep=nap)))
    arriving.start()
    added = add_device(old, SYSTEM, member.code.get(timeout=30), member, sleep=nap)
    arriving.join(60)
    return added, arrived[0]


def joined(server: ServerProcess, path: Path) -> Home:
    """A home that has entries and has joined the server."""
    home = Home(str(path))
    with Log.open(home, SYSTEM, create=True) as log:
        log.append([draft("on the laptop", private="a plan")])
        join.join(log, server.url, server.invite())
    return home


def test_a_paired_device_has_the_account_its_keys_and_its_texts(server: ServerProcess, tmp_path: Path):
    laptop, phone = joined(server, tmp_path / "laptop"), Home(str(tmp_path / "phone"))

    added, arrived = paired(server, laptop, phone, Member())

    assert added.device == arrived.device
    assert (arrived.copied, arrived.set_aside) == (0, None)
    with Log.open(laptop, SYSTEM) as old, Log.open(phone, SYSTEM) as new:
        assert new.user == old.user
        assert b'{"title":"a plan"}' in {stored.event.private.text for stored in new.since() if stored.event.private}
        assert trusted(new).standing.devices.keys() == {old.device, new.device}
        new.append([draft("on the phone", private="another plan")])
    sync.sync_once(phone, SYSTEM)
    report = sync.sync_once(laptop, SYSTEM)
    assert report.set_agrees
    with Log.open(laptop, SYSTEM) as old:
        texts = {stored.event.private.text for stored in old.since() if stored.event.private}
        assert b'{"title":"another plan"}' in texts


def test_entries_from_before_are_copied_once_and_their_log_is_set_aside_whole(server: ServerProcess, tmp_path: Path):
    laptop, phone = joined(server, tmp_path / "laptop"), Home(str(tmp_path / "phone"))
    with Log.open(phone, SYSTEM, create=True) as log:
        (entry,) = log.append([draft("before", private="p")])
        (sealed,) = log.append([Draft("entry.sealed", 1, entry.on, 60, None, b'{"type":"win","private":{"text":"w"}}')])
        retraction = json.dumps({"target": base32(entry.id)}).encode()
        log.append([Draft("entry.retracted", 1, entry.on, 60, retraction, None)])
        before = [stored.event for stored in log.since()]

    _, arrived = paired(server, laptop, phone, Member())

    assert arrived.copied == 3
    with Log.open(phone, SYSTEM) as log:
        assert log.notices == []
        copies = [stored.event for stored in log.since() if stored.event.device == log.device][1:]
        epochs = {event.epoch for event in copies} | {log.append([draft("after")])[0].epoch}
    assert len(epochs) == 1
    first, win, undo = (json.loads((event.facts or event.private).text) for event in copies)  # type: ignore[union-attr]
    assert first["from"] == base32(entry.id)
    assert win["private"] == {"text": "w", "from": base32(sealed.id)}
    assert undo["target"] == base32(copies[0].id)
    assert arrived.set_aside is not None
    with Log.open(Home(arrived.set_aside), SYSTEM) as old:
        assert [stored.event for stored in old.since()] == before
        assert old.secrets.get("device") is not None


@pytest.mark.parametrize("member", [Member(admits=False), Member(mistypes=True)], ids=["declined", "mistyped"])
def test_a_pairing_that_fails_changes_nothing(server: ServerProcess, tmp_path: Path, member: Member):
    laptop, phone = joined(server, tmp_path / "laptop"), Home(str(tmp_path / "phone"))
    with Log.open(laptop, SYSTEM) as log:
        before = [stored.event for stored in log.since()]
    failures: list[Exception] = []
    patience = iter(range(6))

    def impatient(_: float) -> None:
        # Neither may wait five minutes for what the other will not say.
        if next(patience, None) is None:
            raise PairingFailed("the other device did not answer")

    def arrive() -> None:
        try:
            pair(phone, SYSTEM, server.url, member, sleep=impatient)
        except PairingFailed as error:
            failures.append(error)

    arriving = threading.Thread(target=arrive)
    arriving.start()
    with pytest.raises(PairingFailed):
        add_device(laptop, SYSTEM, member.code.get(timeout=30), member, sleep=impatient)
    arriving.join(60)

    assert len(failures) == 1
    with pytest.raises(NotFound):
        Log.open(phone, SYSTEM)
    with Log.open(laptop, SYSTEM) as log:
        assert [stored.event for stored in log.since()] == before


# The swap


@pytest.mark.parametrize("moves", range(8))
def test_a_swap_that_was_cut_short_is_finished_by_the_next_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: int
):
    home = Home(str(tmp_path / "home"))
    with Log.open(home, SYSTEM, create=True) as log:
        old_event = log.append([draft("old")])[0]
    built = building_place(home)
    with Log.open(built, SYSTEM, create=True) as log:
        new_event = log.append([draft("new")])[0]
    _cut_after(monkeypatch, moves)
    try:
        swap_in(home, built)
    except KeyboardInterrupt:
        monkeypatch.undo()

    with Log.open(home, SYSTEM) as log:
        first = log.newest(1)[0].event
        if first == old_event:
            # Cut before the new home had its name: the old one stands, and the next pairing begins anew.
            assert moves <= 1
            return
        assert first == new_event
        assert log.append([draft()])[0].device == new_event.device
    with Log.open(Home(str(tmp_path / "home" / "set-aside-1")), SYSTEM) as log:
        assert log.newest(1)[0].event == old_event
    finish(home)


def _cut_after(monkeypatch: pytest.MonkeyPatch, moves: int) -> None:
    """End the process, as it were, after so many renames."""
    import os

    rename, left = os.rename, iter(range(moves))

    def cut(source: str, target: str) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        rename(source, target)

    monkeypatch.setattr("milepost_client.device.swap.os.rename", cut)


def test_the_slots_have_the_names_that_the_protocol_gives_them():
    assert (talk.OFFER, talk.ANSWER, talk.REVEAL, talk.CONFIRM, talk.WELCOME) == (
        "offer",
        "answer",
        "reveal",
        "confirm",
        "welcome",
    )


def test_the_server_is_looked_at_without_exchanging_anything(server: ServerProcess, tmp_path: Path):
    home = joined(server, tmp_path / "laptop")
    report = sync.sync_once(home, SYSTEM)
    with Log.open(home, SYSTEM) as log:
        log.append([draft("unsent")])

        web, incarnation = sync.look(home, log)
        said = web.get("/v1/digests")

        assert incarnation == log.cursor().incarnation
        assert said["position"] == report.position
        assert log.unsent_count() == 1
