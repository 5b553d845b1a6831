"""An export replays: read back into an empty home it is the same log, event for event and view for view."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.errors import BadSignature, DataError, StorageError
from milepost.event import Event
from milepost.ids import base32, base64url
from milepost.projections.fold import Stamped
from milepost.trust import facts_of
from milepost_client.care.verify import DAMAGE, verify_log
from milepost_client.device.installation import Installation
from milepost_client.device.secrets import DEVICE
from milepost_client.exports.jsonl import read, signer, written
from milepost_client.exports.replay import Replayed, replay
from milepost_client.store.drafts import Draft
from milepost_client.store.log import Log
from milepost_client.store.settings import KEY_SETTING, URL_SETTING
from milepost_client.store.trusted import LINEAGE_SETTING, trusted
from milepost_client.views.views import Views
from tests.client.devices import OPEN, draft, in_memory, sibling
from tests.client.meeting_place import MeetingPlace, connect
from tests.support.histories import histories

TODAY = date(2026, 3, 4)


def exported(log: Log) -> list[bytes]:
    """The lines of a log."""
    return [*written(log, signer(log))]


def replayed(lines: Sequence[bytes], seed: int = 99) -> Log:
    """A log of its own made of lines."""
    log = in_memory(seed)
    replay(log, read(lines))
    return log


def shown(log: Log) -> tuple[object, ...]:
    """What a log says: its views in whole, their digest, its inbox, and what is unsent."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection, Views(connection, log, "") as views:
        views.refresh()
        return dict(views.tables.digests()), views.digest(), views.inbox(), views.progress(TODAY)


def held(log: Log) -> list[tuple[Event, int, int | None]]:
    """Every event in order of arrival, byte for byte, with its stamp and position."""
    return [(stored.event, stored.at, stored.position) for stored in log.since()]


def joined(log: Log, place: MeetingPlace) -> None:
    """Pin the meeting place's key, as joining it would."""
    log.set_settings([(URL_SETTING, b"https://meet.example"), (KEY_SETTING, place.key.public)])


class Home:
    """Two devices of a member and a meeting place, to which a made-up history happens."""

    def __init__(self) -> None:
        laptop = in_memory(1)
        laptop.append([draft("begins")])
        self.place = MeetingPlace(laptop.user)
        self.devices = [laptop, sibling(laptop, 2)]
        for log in self.devices:
            joined(log, self.place)
        self._names: dict[bytes, bytes] = {}
        self._wipes = 0

    def happen(self, one: Stamped, then: str) -> None:
        """One entry on the device that wrote it, and what follows: a sync, a loss of the server's data, a new epoch."""
        event = one.event
        log = self.devices[event.device[0] - 1]
        facts, private = (self._renamed(part.text) if part else None for part in (event.facts, event.private))
        [written_] = log.append([Draft(event.type, event.version, event.on, event.offset, facts, private)])
        self._names[base32(event.id).encode()] = base32(written_.id).encode()
        match then:
            case "sync":
                connect(self.place, log)
            case "wipe":
                self._wipes += 1
                self.place = self.place.wiped(bytes([self._wipes]) * 16)
            case "epoch":
                log.want_epoch("a test says so")

    def _renamed(self, text: bytes) -> bytes:
        """The text, naming the entries of these logs where it named those of the made-up one."""
        for old, new in self._names.items():
            text = text.replace(old, new)
        return text


ODD_VALUES: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.text(max_size=30)
    | st.binary(max_size=40).map(base64url)
    | st.just({})
    | st.just({"salt": "", "text": "x"})
    | st.just({"commitment": "AAAA", "sealed": "AAAA"})
)
steps = st.lists(st.sampled_from(("", "", "sync", "sync", "wipe", "epoch")), min_size=24, max_size=24)


@settings(max_examples=25)
@given(histories(), steps)
def test_any_history_exports_and_replays_to_the_same_log_and_views(history: list[Stamped], thens: list[str]) -> None:
    # Given a history on two devices that sync now and then, with erasures and entries of newer builds in it
    home = Home()
    for one, then in zip(history, thens, strict=False):
        home.happen(one, then)
    for log in home.devices:
        # When it is exported and read back
        lines = exported(log)
        copy = replayed(lines)
        # Then every byte, stamp and position is the same, and so is every view
        assert held(copy) == held(log)
        assert shown(copy) == shown(log)
        assert (copy.erased(), copy.leaves(), copy.cursor()) == (log.erased(), log.leaves(), log.cursor())
        assert copy.state().top == log.state().top
        # And the copy says the same of itself, in an export too, as far as signatures go
        assert verify_log(copy, deep=True).codes == verify_log(log, deep=True).codes
        assert exported(copy)[:-1] == lines[:-1]
    while OPEN:
        OPEN.pop().close()


def test_a_fork_is_still_a_fork_when_it_is_read_back() -> None:
    # Given a laptop of which a copy wrote on, so that the phone holds two events at one place
    laptop = in_memory(1)
    laptop.append([draft("one")])
    place = MeetingPlace(laptop.user)
    joined(laptop, place)
    phone = sibling(laptop, 2)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    OPEN.append(connection)
    laptop.connection.backup(connection)
    clone = Log(connection, laptop.world, lambda: laptop.secrets, Installation("", "device 1"))
    for log, text in ((laptop, "on the laptop"), (clone, "on its copy")):
        log.append([draft(text), draft(text)])
        connect(place, log)
    joined(phone, place)
    connect(place, phone)
    assert "FORK" in verify_log(phone).codes
    # When the phone's log is read back
    copy = replayed(exported(phone))
    # Then both lines are there
    assert held(copy) == held(phone)
    assert verify_log(copy, deep=True).codes == verify_log(phone, deep=True).codes


def test_what_is_read_back_goes_on_in_an_epoch_of_its_own() -> None:
    # Given a log that was read back where its keys are not
    log = in_memory(1)
    log.append([draft("one")])
    copy = replayed(exported(log))
    # When something is recorded there
    copy.append([draft("two")])
    # Then nothing stands at a place that the old device may use, and the log is sound
    assert copy.epoch != log.epoch
    assert copy.notices[0][0] == "NEW_EPOCH"
    assert verify_log(copy).codes == []
    assert signer(copy) is None


def test_a_home_that_kept_its_keys_is_the_same_device_again() -> None:
    # Given a log that is lost, and its export and keys, which are not
    log = in_memory(1)
    log.append([draft("one")])
    seeds = log.secrets.get(DEVICE)
    assert seeds is not None
    home = in_memory(2)
    home.secrets.put(DEVICE, seeds)
    # When it is read back there
    said = replay(home, read(exported(log)))
    home.append([draft("two")])
    place = MeetingPlace(home.user)
    # Then it writes and syncs as before
    assert said == Replayed(3, has_keys=True)
    assert connect(place, home).session.settled
    assert len(place.events) == 4


def test_a_device_that_was_just_paired_is_still_rooted_when_its_log_is_read_back() -> None:
    # Given a phone that was paired, and has not heard from the laptop yet: its lineage is all that roots it
    laptop = in_memory(1)
    laptop.append([draft("one")])
    phone = sibling(laptop, 2)
    lineage = [facts_of(each) for each in trusted(laptop).lineage(laptop.device)]
    phone.set_settings([(LINEAGE_SETTING, json.dumps(lineage).encode())])
    phone.append([draft("two")])
    assert verify_log(phone).codes == []
    # When its log is read back elsewhere
    copy = replayed(exported(phone))
    # Then it is rooted there too, and shows the same
    assert verify_log(copy, deep=True).codes == []
    assert shown(copy) == shown(phone)


@pytest.mark.parametrize("lineage", ["", "{}", "[1]", "[{}]", '[{"device": "x"}]'])
def test_a_lineage_that_is_none_is_refused(lineage: str) -> None:
    log = in_memory(1)
    log.append([draft("one")])
    opening, *rest = exported(log)
    with pytest.raises(DataError, match=r"lineage|enrolment"):
        replayed([json.dumps({**json.loads(opening), "lineage": lineage}).encode() + b"\n", *rest])


def test_the_keys_of_another_account_are_not_mixed_with_a_log() -> None:
    log = in_memory(1)
    log.append([draft("one")])
    other = in_memory(2)
    other.secrets.put(DEVICE, bytes(64))
    with pytest.raises(StorageError, match="a device that the file does not know"):
        replay(other, read(exported(log)))
    assert not other.is_born


def test_a_log_is_made_only_where_none_is() -> None:
    log = in_memory(1)
    log.append([draft("one")])
    with pytest.raises(StorageError, match="has an account already"):
        replay(log, read(exported(log)))


@settings(max_examples=50)
@given(st.data())
def test_no_change_to_a_file_goes_unnoticed(data: st.DataObject) -> None:
    # Given the lines of a log
    log = in_memory(1)
    log.append([draft("one", private="Mara"), draft("two")])
    lines = exported(log)
    # When any byte of them is another
    number = data.draw(st.integers(0, len(lines) - 1))
    at = data.draw(st.integers(0, len(lines[number]) - 2))
    byte = data.draw(st.integers(32, 126).filter(lambda byte: byte != lines[number][at]))
    lines[number] = lines[number][:at] + bytes([byte]) + lines[number][at + 1 :]
    # Then nothing is made of it
    with pytest.raises(DataError):
        replayed(lines)
    while OPEN:
        OPEN.pop().close()


@settings(max_examples=50)
@given(st.data())
def test_a_file_that_lost_or_repeats_lines_is_refused(data: st.DataObject) -> None:
    log = in_memory(1)
    log.append([draft("one"), draft("two")])
    lines = exported(log)
    number = data.draw(st.integers(0, len(lines) - 1))
    damaged = data.draw(
        st.sampled_from((lines[:number], lines[:number] + lines[number + 1 :], [*lines[: number + 1], *lines[number:]]))
    )
    with pytest.raises(DataError):
        replayed(damaged)
    while OPEN:
        OPEN.pop().close()


def test_a_change_whose_sums_were_made_anew_breaks_what_the_device_signed() -> None:
    # Given a file in which somebody changed an entry, and took the signature at the end away
    log = in_memory(1)
    log.append([draft("one")])
    *lines, end = exported(log)
    changed = [line.replace(b'\\"minutes\\":45', b'\\"minutes\\":46') for line in lines]
    digest = sha256(b"".join(changed)).digest()
    closing_ = {**json.loads(end), "sha256": base64url(digest), "signature": None}
    # Then the entry is not what was hashed
    with pytest.raises(DataError, match="not what was hashed"):
        replayed([*changed, json.dumps(closing_).encode()])


@settings(max_examples=60)
@given(st.data())
def test_whatever_stands_in_a_field_replaying_refuses_it_or_nothing_is_damaged(data: st.DataObject) -> None:
    # Given a synced log of which one field of one line says something else, and whose sum was made anew
    log = in_memory(1)
    log.append([draft("one", private="Mara"), draft("two")])
    place = MeetingPlace(log.user)
    joined(log, place)
    connect(place, log)
    *lines, _ = [json.loads(line) for line in exported(log)]
    line = lines[data.draw(st.integers(0, len(lines) - 1))]
    name = data.draw(st.sampled_from(sorted(line)))
    line[name] = data.draw(ODD_VALUES)
    said = b"".join(json.dumps(one).encode() + b"\n" for one in lines)
    end = {"kind": "end", "events": 4, "sha256": base64url(sha256(said).digest()), "signature": None}
    # Then it is refused, or what was made of it has no damage; nothing else is raised
    try:
        copy = replayed([*said.splitlines(keepends=True), json.dumps(end).encode()])
    except DataError:
        pass
    else:
        assert not DAMAGE.intersection(verify_log(copy, deep=True).codes)
    finally:
        while OPEN:
            OPEN.pop().close()


def test_a_receipt_with_a_number_that_none_can_have_is_refused() -> None:
    # Given a synced log, and an export of it in which a receipt names a position before the first
    log = in_memory(1)
    log.append([draft("one")])
    place = MeetingPlace(log.user)
    joined(log, place)
    connect(place, log)
    *lines, _ = [json.loads(line) for line in exported(log)]
    for line in lines:
        if line["kind"] == "receipt":
            line["first_position"] = -1
    said = b"".join(json.dumps(one).encode() + b"\n" for one in lines)
    end = {"kind": "end", "events": 3, "sha256": base64url(sha256(said).digest()), "signature": None}
    # Then it is refused as what nobody signed
    with pytest.raises(BadSignature, match="receipt for seq"):
        replayed([*said.splitlines(keepends=True), json.dumps(end).encode()])


@given(st.lists(st.binary(max_size=80), max_size=3))
def test_no_bytes_make_reading_raise_anything_but_a_refusal(lines: list[bytes]) -> None:
    with pytest.raises(DataError):
        [*read(lines)]


def test_a_file_that_came_by_mail_with_other_line_ends_is_the_same() -> None:
    log = in_memory(1)
    log.append([draft("one")])
    assert held(replayed([line.rstrip(b"\n") + b"\r\n" for line in exported(log)])) == held(log)


def test_lines_are_what_any_json_library_reads() -> None:
    # Given an entry with both parts
    log = in_memory(1)
    log.append([draft("Zürich", private="Mara")])
    # When its line is read by the standard library
    line = json.loads(exported(log)[-3])
    # Then day, type and texts are there for people, and the texts are those that were hashed
    assert (line["kind"], line["type"], line["on"]) == ("event", "time.spent", "2026-01-01")
    assert json.loads(line["facts"]["text"]) == {"minutes": 45, "activity": "Zürich"}
    assert json.loads(line["private"]["text"]) == {"title": "Mara"}


def test_a_signature_of_another_device_is_no_signature() -> None:
    log, other = in_memory(1), in_memory(2)
    log.append([draft("one")])
    other.append([draft("one")])
    with pytest.raises(BadSignature, match="not signed by the device"):
        [*read(written(log, signer(other)))]
