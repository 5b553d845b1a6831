"""Client and server machine against each other, conversation by conversation."""

import pytest

from milepost.chain import Batch
from milepost.keys import SigningKey
from milepost.sync import effects as e
from milepost.sync import frames
from milepost.sync import messages as m
from milepost.sync.client import CREDIT_WINDOW
from tests.support.authors import START_MS, Author, drawn, identity
from tests.support.conversation import ClientEnd, Conversation, Device, ServerEnd, Town
from tests.support.model_store import ModelServer

MEMBER = identity()


@pytest.fixture
def town() -> Town:
    return Town(ModelServer(SigningKey(drawn(32, "server")), START_MS + 10**9))


@pytest.fixture
def laptop(town: Town) -> Device:
    laptop = Device(Author(MEMBER, "laptop"))
    town.server.join(laptop.author.enrolment)
    return laptop


@pytest.fixture
def phone(laptop: Device) -> Device:
    return Device(Author(MEMBER, "phone", by=laptop.author), laptop.path)


def told(conversation: Conversation, kind: type[e.Failed] | type[e.Declined] | type[e.Tell]) -> list[str]:
    return [each.code for each in conversation.client.heard(kind)]


def is_settled(conversation: Conversation) -> bool:
    return bool(conversation.client.heard(e.Settled))


def has_all(town: Town, *devices: Device) -> bool:
    digest = town.server.streams[MEMBER.user].digest()
    return all(device.replica.digest() == digest for device in devices)


def test_a_first_sync_pushes_everything_and_settles(town, laptop):
    laptop.write(3)
    conversation = town.sync(laptop)
    assert is_settled(conversation)
    assert has_all(town, laptop)
    assert not laptop.replica.unsent(town.server.incarnation, own_only=False)
    assert laptop.replica.position == 4


def test_a_first_sync_of_nothing_new_settles_too(town, laptop):
    town.sync(laptop)
    town.hang_up()
    assert is_settled(town.sync(laptop))


def test_a_sibling_receives_what_was_pushed(town, laptop, phone):
    laptop.write(3)
    town.sync(laptop)
    conversation = town.sync(phone)
    assert is_settled(conversation)
    assert has_all(town, laptop, phone)


def test_what_is_written_while_both_are_live_reaches_the_other_without_a_further_write(town, laptop, phone):
    here, there = town.sync(laptop), town.sync(phone)
    here.client.said.clear()
    laptop.write(2)
    here.client.todo += here.client.machine.appended()
    town.settle()
    assert has_all(town, laptop, phone)
    assert is_settled(here)
    assert here.client.machine.is_live
    assert there.client.machine.is_live


def test_a_device_gets_its_own_batches_back_as_stubs(town, laptop):
    for _ in range(20):
        laptop.write(2)
    conversation = town.sync(laptop)
    assert [effect.batch for effect in conversation.client.stored] == [None] * 21
    # and a device that announced what it holds gets the stamps alone
    town.hang_up()
    laptop.replica.adopt(town.server.incarnation)
    assert [effect.batch for effect in town.sync(laptop).client.stored] == [None] * 21


def test_never_more_than_four_pushes_await_receipts(town, laptop):
    for _ in range(20):
        laptop.write()
    conversation = town.connect(laptop)
    # The server carries nothing out, so no receipt comes.
    for _ in range(200):
        for name in conversation.moves():
            if name != "server acts" or not isinstance(conversation.server.todo[0], e.Ingest):
                conversation.move(name)
    assert sum(isinstance(effect, e.Ingest) for effect in conversation.server.todo) == 4
    town.settle()
    assert has_all(town, laptop)


def test_a_fifth_push_without_a_receipt_ends_the_conversation(town, laptop):
    conversation = town.sync(laptop)
    client, server = conversation.client, conversation.server
    for number in range(5):
        client.todo += client.machine.offer(laptop.write(), None)
        while client.todo:
            client.step()
        server.take(client.out.popleft())
        assert (server.machine.is_welcomed) == (number < 4)
    town.settle()
    assert told(conversation, e.Failed) == ["protocol"]


def test_a_push_that_overlaps_what_is_stored_is_cut_and_answered_with_all_its_receipts(town, laptop):
    # given a log that went up in two batches
    laptop.write(2)
    town.sync(laptop)
    town.hang_up()
    # when the same events, cut otherwise and with two more, come again
    events = [event for batch in laptop.replica.batches for event in batch.events]
    again = laptop.author.batch([*events, laptop.author.write(), laptop.author.write()])
    copy = Device(Author(MEMBER, "laptop"))
    copy.replica.batches, copy.replica.events = [], {}
    copy.replica.add(again)
    conversation = town.sync(copy)
    # then the stored rows are as they were, the rest is a row of its own, and all is receipted
    rows = town.server.streams[MEMBER.user].rows
    assert [(row.receipt.first_seq, row.receipt.last_seq) for row in rows] == [(1, 1), (2, 3), (4, 5)]
    assert is_settled(conversation)
    assert not copy.replica.unsent(town.server.incarnation, own_only=False)


def test_a_wiped_server_is_healed_by_whoever_comes_first(town, laptop, phone):
    laptop.write(3)
    town.sync(laptop)
    phone.write(2)
    town.sync(phone)
    town.hang_up()
    before = [row.receipt.received_at for row in town.server.streams[MEMBER.user].rows]
    # when the server lost everything, and time went on, and only the phone comes
    town.server.wipe()
    town.server.now_ms += 10**9
    conversation = town.sync(phone)
    # then the laptop's events are back too, with the stamps that they had
    assert is_settled(conversation)
    assert has_all(town, phone)
    assert sorted(row.receipt.received_at for row in town.server.streams[MEMBER.user].rows) == sorted(before)
    # and when the laptop comes, nothing is left to do
    rows = len(town.server.streams[MEMBER.user].rows)
    assert is_settled(town.sync(laptop))
    assert has_all(town, laptop, phone)
    assert len(town.server.streams[MEMBER.user].rows) == rows


def test_two_siblings_heal_a_wiped_server_at_the_same_time(town, laptop, phone):
    laptop.write(3)
    town.sync(laptop)
    town.sync(phone)
    town.settle()
    town.hang_up()
    town.server.wipe()
    conversations = [town.connect(laptop), town.connect(phone)]
    town.settle()
    assert all(is_settled(conversation) for conversation in conversations)
    assert has_all(town, laptop, phone)


def test_a_device_without_a_receipt_is_unknown_to_a_wiped_server(town, laptop):
    town.server.wipe()
    assert told(town.sync(laptop), e.Failed) == ["UNKNOWN"]


def test_a_receipt_under_another_key_readmits_nobody(town, laptop):
    town.sync(laptop)
    town.hang_up()
    town.server.wipe()
    laptop.replica.receipts = [laptop.replica.receipts[0]._replace(signature=bytes(64))]
    assert told(town.sync(laptop), e.Failed) == ["UNKNOWN"]


def test_a_new_device_of_a_known_account_is_let_in_by_its_enrolment(town, laptop, phone):
    town.sync(laptop)
    conversation = town.sync(phone)
    assert conversation.server.machine.is_welcomed
    assert is_settled(conversation)


def test_a_device_whose_sponsor_has_not_synced_yet_blocks_nobody(town, laptop, phone):
    # given a tablet enrolled by a phone whose own log is not on the server yet
    town.sync(laptop)
    tablet = Device(Author(MEMBER, "tablet", by=phone.author), phone.path)
    # when the tablet syncs, then its log comes first, and everybody takes it
    assert is_settled(town.sync(tablet))
    assert is_settled(town.sync(phone))
    town.settle()
    assert has_all(town, laptop, phone, tablet)


def test_a_device_whose_enrolment_reaches_no_identity_stays_out(town, laptop):
    town.sync(laptop)
    stranger = Device(Author(identity("stranger"), "s"))
    stranger.replica.user = MEMBER.user
    stranger.replica.receipts = laptop.replica.receipts.copy()
    conversation = town.sync(stranger)
    assert told(conversation, e.Failed) == ["UNKNOWN"]


def test_a_revoked_device_is_told_so_and_is_not_asked_to_come_again(town, laptop):
    town.server.streams[MEMBER.user].revoked.add(laptop.author.device)
    conversation = town.sync(laptop)
    failed = conversation.client.heard(e.Failed)
    assert [(each.code, each.is_final) for each in failed] == [("REVOKED", True)]
    assert conversation.server.closed is not None
    assert conversation.server.closed.code == 1008


def test_a_proof_by_another_key_is_refused(town, laptop):
    laptop.author.keys = Author(MEMBER, "thief").keys
    assert told(town.sync(laptop), e.Failed) == ["BADSIG"]


def test_a_proof_made_for_another_connection_is_refused(town, laptop):
    # given a Hello recorded on the wire
    first = town.connect(laptop)
    while not first.client.out:
        for name in first.moves():
            first.move(name)
    recorded = first.client.out[0]
    # when it is played to a new connection
    second = town.connect(laptop)
    second.server.take(recorded)
    while second.server.todo:
        second.server.step()
    assert not second.server.machine.is_welcomed


def test_a_server_with_another_key_is_left_at_once_without_a_proof(town, laptop):
    client = ClientEnd(laptop, SigningKey(drawn(32, "pinned")).public)
    conversation = Conversation(client, ServerEnd(town.server, town.peers, bytes(32)))
    town.open.append(conversation)
    town.settle()
    assert told(conversation, e.Failed) == ["SERVER_KEY"]
    assert not client.out


def test_a_name_that_is_not_the_servers_is_refused(town, laptop):
    conversation = town.connect(laptop, name="évil.example.org" * 10)
    town.settle()
    assert told(conversation, e.Failed) == ["NAME"]
    # what a peer said must not make the close frame too long
    assert conversation.server.closed is not None
    assert len(conversation.server.closed.reason.encode()) <= 123


def test_a_server_that_lost_positions_it_gave_is_truncated(town, laptop):
    laptop.write(3)
    town.sync(laptop)
    town.hang_up()
    town.server.streams[MEMBER.user].rows.pop()
    conversation = town.sync(laptop)
    assert told(conversation, e.Failed) == ["TRUNCATED"]
    assert not conversation.client.heard(e.Settled)


def test_a_server_that_lost_what_it_receipted_beyond_the_cursor_is_truncated_too(town, laptop):
    # given a receipt that came just before the connection broke, so that the cursor does not know of it
    town.sync(laptop)
    town.hang_up()
    position = laptop.replica.position
    laptop.write(3)
    town.sync(laptop)
    town.hang_up()
    laptop.replica.position = position
    # when the server loses just that
    town.server.streams[MEMBER.user].rows.pop()
    assert told(town.sync(laptop), e.Failed) == ["TRUNCATED"]


def test_a_restored_copy_learns_that_it_is_behind(town, laptop):
    # given a backup of the log, after which three events were written and sent
    backup = Device(Author(MEMBER, "laptop"))
    laptop.write(3)
    town.sync(laptop)
    # when the backup connects
    conversation = town.sync(backup)
    behind = conversation.client.heard(e.Behind)
    assert [each.leaf.seq for each in behind] == [4]
    assert has_all(town, backup)


def test_a_fork_travels_to_everyone(town, laptop, phone):
    first = laptop.replica.batches[0].events[0]
    clone = Device(Author(MEMBER, "laptop"))
    laptop.write(2)
    town.sync(laptop)
    clone.author.fork_after(first)
    clone.author.written += 50
    clone.write(3)
    town.sync(clone)
    town.sync(phone)
    town.settle()
    assert has_all(town, laptop, clone, phone)
    assert len([leaf for leaf in laptop.replica.leaves() if leaf.device == laptop.author.device]) == 2


class Stranger:
    """A machine at the other end that says what it likes."""

    def __init__(self, town: Town, device: Device) -> None:
        self.town = town
        self.conversation = town.connect(device)

    def says(self, *messages: m.Message) -> Conversation:
        client = self.conversation.client
        for message in messages:
            client.take(frames.encode(message))
            while client.todo:
                client.step()
        return self.conversation


def welcomed(town: Town, device: Device) -> Conversation:
    conversation = town.sync(device)
    conversation.client.said.clear()
    return conversation


def test_a_hole_in_the_positions_ends_the_conversation(town, laptop, phone):
    laptop.write()
    laptop.write()
    town.sync(laptop)
    conversation = town.connect(phone)
    rows = town.server.streams[MEMBER.user].rows
    del rows[1]
    town.settle()
    # The server's machine notices it in its own store; nothing was stored past the hole.
    assert told(conversation, e.Failed) == ["protocol"]
    assert phone.replica.position == 1


def test_a_batch_after_a_hole_is_never_stored(town, laptop, phone):
    laptop.write()
    town.sync(laptop)
    conversation = welcomed(town, phone)
    row = town.server.ingest(laptop.write(), None)[0]
    later = row._replace(first_position=row.first_position + 1)
    later = later._replace(signature=town.server.key.sign(later.signed))
    conversation.client.take(frames.encode(m.Deliver(m.WireReceipt.of(later), None)))
    town.settle()
    assert told(conversation, e.Failed) == ["protocol"]


def test_a_receipt_that_comes_late_or_twice_changes_nothing(town, laptop):
    laptop.write(2)
    conversation = welcomed(town, laptop)
    receipts, position = laptop.replica.receipts.copy(), laptop.replica.position
    for receipt in receipts * 2:
        conversation.client.take(frames.encode(m.ReceiptGiven(m.WireReceipt.of(receipt), b"")))
    town.settle()
    assert (laptop.replica.receipts, laptop.replica.position) == (receipts, position)
    assert not conversation.client.heard(e.Failed)


def test_a_receipt_for_what_we_do_not_hold_ends_the_conversation(town, laptop, phone):
    town.sync(phone)
    town.sync(laptop)
    conversation = town.connect(Device(Author(MEMBER, "tablet", by=laptop.author), laptop.path))
    town.settle()
    stranger = Author(MEMBER, "nobody", by=laptop.author)
    receipt = town.server.ingest(stranger.batch(stranger.log(1)), None)[0]
    conversation.client.take(frames.encode(m.ReceiptGiven(m.WireReceipt.of(receipt), b"")))
    town.settle()
    assert told(conversation, e.Failed) == ["protocol"]


@pytest.mark.parametrize("field", ["user", "incarnation", "key_id", "received_at", "last_seq"])
def test_a_receipt_that_is_not_this_servers_word_about_us_ends_the_conversation(town, laptop, field):
    conversation = welcomed(town, laptop)
    receipt = laptop.replica.receipts[0]
    value = getattr(receipt, field)
    forged = receipt._replace(**{field: 0 if isinstance(value, int) else drawn(16, "other")})
    if field != "received_at":
        forged = forged._replace(signature=town.server.key.sign(forged.signed))
    conversation.client.take(frames.encode(m.ReceiptGiven(m.WireReceipt.of(forged), b"")))
    town.settle()
    assert conversation.client.heard(e.Failed)


def test_a_refused_push_does_not_stall_those_after_it(town, laptop, phone):
    # given a batch of the laptop under a broken head, and good ones of the phone after it
    town.sync(laptop)
    town.hang_up()
    bad = laptop.write(2)
    laptop.replica.batches[-1] = Batch(bad.events, bytes(64))
    town.sync(phone)
    town.hang_up()
    for author in (laptop, phone):
        author.write()
    conversation = town.sync(laptop)
    # then the one is declined, what continues it is a gap, and the round is done
    assert told(conversation, e.Declined) == ["BADSIG", "GAP"]
    assert is_settled(conversation)
    # and the next connection tries again
    town.hang_up()
    laptop.replica.batches[1] = bad
    conversation = town.sync(laptop)
    assert told(conversation, e.Declined) == []
    assert has_all(town, laptop)


def test_a_shell_that_offers_the_same_batches_again_and_again_comes_to_an_end(town, laptop):
    # given a shell without a memory of what it offered
    for _ in range(20):
        laptop.write()
    conversation = town.connect(laptop)
    forgetful = conversation.client
    load = forgetful._load

    def forget(effect: e.Load) -> None:
        forgetful._offered = 0
        load(effect)

    forgetful._load = forget
    town.settle()
    # then no batch goes twice, and all go
    assert is_settled(conversation)
    assert has_all(town, laptop)
    assert len(town.server.streams[MEMBER.user].rows) == 21


def test_events_written_while_batches_are_being_offered_are_not_forgotten(town, laptop):
    conversation = town.connect(laptop)
    client = conversation.client
    while not any(isinstance(effect, e.Load) for effect in client.todo):
        for name in conversation.moves():
            conversation.move(name)
    # when the answer to Load was made before the new events, and arrives after
    load = next(effect for effect in client.todo if isinstance(effect, e.Load))
    client.todo.remove(load)
    late = laptop.replica.unsent(load.incarnation, load.own_only)
    laptop.write()
    client.todo += client.machine.appended()
    for batch, old in late:
        client.todo += client.machine.offer(batch, old)
    client.todo += client.machine.offered(more=False)
    client._offered = len(late)
    town.settle()
    assert has_all(town, laptop)
    assert is_settled(conversation)


def test_catching_up_while_own_batches_are_being_offered_still_heals_the_server(town, laptop, phone):
    # given a server that lost what the laptop wrote, and a phone that has it
    laptop.write()
    town.sync(laptop)
    town.sync(phone)
    town.hang_up()
    town.server.wipe()
    town.server.readmit(MEMBER.user, [laptop.author.enrolment, phone.author.enrolment], phone.replica.receipts[0])
    conversation = town.connect(phone)
    client = conversation.client
    held: list[e.Effect] = []
    # when CaughtUp overtakes the answer to the first Load
    for _ in range(100):
        for name in conversation.moves():
            if name == "client acts" and isinstance(client.todo[0], e.Load) and not client.machine.is_live:
                held.append(client.todo.popleft())
                continue
            conversation.move(name)
    assert client.machine.is_live
    client.todo += held
    town.settle()
    assert has_all(town, phone, laptop)


def test_a_slow_reader_gets_no_more_than_its_credit(town, laptop, phone):
    # given much to deliver, and a client that stores nothing
    for number in range(30):
        event = laptop.author.write(facts=drawn(8000, number))
        run = [event, *(laptop.author.write(facts=drawn(8000, number, more)) for more in range(40))]
        laptop.write_batch(*run)
    town.sync(laptop)
    town.hang_up()
    conversation = town.connect(phone)
    client, server = conversation.client, conversation.server
    for _ in range(300):
        for name in conversation.moves():
            if name != "client acts" or not isinstance(client.todo[0], e.Store):
                conversation.move(name)
    sent = sum(effect.frame_bytes for effect in client.todo if isinstance(effect, e.Store))
    assert CREDIT_WINDOW <= sent < CREDIT_WINDOW + frames.FRAME_BYTES_MAX
    assert server.reads < 30
    # when it goes on, then everything comes
    town.settle()
    assert is_settled(conversation)
    assert has_all(town, phone)


def test_nothing_is_pushed_before_the_last_control_event_has_been_seen(town, laptop, phone):
    laptop.write(2)
    town.sync(laptop)
    town.hang_up()
    town.server.streams[MEMBER.user].control_position = 3
    laptop.replica.adopt(town.server.incarnation)
    laptop.write()
    conversation = town.connect(laptop)
    client = conversation.client
    for _ in range(100):
        for name in conversation.moves():
            if name == "client acts" and isinstance(client.todo[0], e.Load):
                assert laptop.replica.position >= 3
            conversation.move(name)
    assert is_settled(conversation)


def test_settled_comes_after_the_stubs_of_what_was_pushed(town, laptop):
    laptop.write(2)
    conversation = town.connect(laptop)
    while not is_settled(conversation):
        for name in conversation.moves():
            conversation.move(name)
    assert laptop.replica.position == town.server.streams[MEMBER.user].head


def test_waking_a_live_client_settles_once_more(town, laptop):
    conversation = welcomed(town, laptop)
    conversation.client.todo += conversation.client.machine.wake()
    town.settle()
    assert len(conversation.client.heard(e.Settled)) == 1


def test_the_digest_at_caught_up_is_the_one_of_our_own_log(town, laptop, phone):
    laptop.write(2)
    town.sync(laptop)
    conversation = town.sync(phone)
    caught = conversation.client.heard(e.Caught)
    assert caught[-1].set_digest == phone.replica.digest()


def test_a_notice_is_told_and_the_conversation_goes_on(town, laptop):
    conversation = welcomed(town, laptop)
    conversation.server.todo += conversation.server.machine.notice("CLOCK", "x" * 3000)
    laptop.write()
    conversation.client.todo += conversation.client.machine.appended()
    town.settle()
    assert told(conversation, e.Tell) == ["CLOCK"]
    assert has_all(town, laptop)


@pytest.mark.parametrize(("code", "is_final"), [("REPLACED", True), ("RATE", False), ("protocol", False)])
def test_an_error_ends_the_conversation_and_says_whether_to_come_again(town, laptop, code, is_final):
    conversation = welcomed(town, laptop)
    server = conversation.server
    server.todo += server.machine.end(code, "because", 4001, retry_after=7)
    assert server.machine.end(code, "again", 4001) == []
    town.settle()
    failed = conversation.client.heard(e.Failed)
    assert failed == [e.Failed(code, "because", 7, is_final)]
    assert not conversation.client.machine.is_open


def test_after_the_end_a_server_sends_nothing_whatever_its_store_answers(town, laptop):
    conversation = welcomed(town, laptop)
    machine = conversation.server.machine
    batch = laptop.write()
    machine.end("REPLACED", "another connection of this device", 4001)
    receipts = town.server.ingest(batch, None)
    assert machine.ingested(receipts, batch.last.hash) == []
    assert machine.refused(e.Ingest(batch, None, batch.last.hash), "GAP", "", None) == []
    assert machine.read([], 9, bytes(32)) == []
    assert machine.wake(9) == []
    assert machine.notice("CLOCK", "") == []


def test_a_cursor_that_no_delivery_left_there_ends_the_conversation(town, laptop):
    laptop.write(3)
    town.sync(laptop)
    town.hang_up()
    laptop.replica.position = 2
    laptop.replica.receipts.clear()
    assert told(town.sync(laptop), e.Failed) == ["protocol"]


OUT_OF_TURN = [
    m.CaughtUp(0, bytes(32)),
    m.EnrolPlease(),
    m.Refused(bytes(16), 1, 1, bytes(32), "GAP", ""),
    m.Welcome(bytes(16), [], 0, 0, "", 0),
    m.Credit(1),
]


@pytest.mark.parametrize("message", OUT_OF_TURN, ids=lambda message: type(message).__name__)
def test_nothing_but_a_challenge_opens_a_conversation(town, laptop, message):
    # CaughtUp before all would have made a client push to whoever answers, without having seen the pinned key.
    conversation = Stranger(town, laptop).says(message)
    assert told(conversation, e.Failed) == ["protocol"]
    assert not conversation.client.out


def challenge(town: Town, **changes: object) -> m.Challenge:
    key = town.server.key
    fields = {"nonce": bytes(32), "name": "", "key_id": key.name, "key": key.public, "versions": [1]}
    limits = m.Limits(frames.FRAME_BYTES_MAX, 1000, 4)
    return m.Challenge(**(fields | {"limits": limits, "server_time": 0} | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("versions", "says"), [([], "the server is too old"), ([0], "the server is too old"), ([2, 3], "on this device")]
)
def test_two_ends_without_a_common_version_say_which_one_is_too_old(town, laptop, versions, says):
    conversation = Stranger(town, laptop).says(challenge(town, versions=versions))
    failed = conversation.client.heard(e.Failed)
    assert [(each.code, each.is_final) for each in failed] == [("VERSION", True)]
    assert says in failed[0].sentence


def test_a_newer_server_is_spoken_to_in_the_highest_version_in_common(town, laptop):
    conversation = Stranger(town, laptop).says(challenge(town, versions=[1, 2, 3]))
    hello = frames.decode(conversation.client.out[0])
    assert isinstance(hello, m.Hello)
    assert hello.version == 1


def test_a_server_asks_for_enrolments_once(town, laptop):
    conversation = Stranger(town, laptop).says(challenge(town), m.EnrolPlease(), m.EnrolPlease())
    assert told(conversation, e.Failed) == ["protocol"]


def test_a_control_event_after_the_last_event_is_a_lie(town, laptop):
    # Believed, it would keep this device from ever pushing.
    conversation = Stranger(town, laptop).says(challenge(town), m.Welcome(bytes(16), [], 5, 6, "", 0))
    assert told(conversation, e.Failed) == ["protocol"]


def test_a_server_that_takes_fewer_pushes_at_once_is_heeded(town, laptop):
    for _ in range(9):
        laptop.write()
    slow = challenge(town, limits=m.Limits(frames.FRAME_BYTES_MAX, 1000, 1))
    conversation = Stranger(town, laptop).says(slow, m.Welcome(bytes(16), [], 0, 0, "", 0))
    sent = [frames.decode(frame) for frame in conversation.client.out]
    assert [type(message) for message in sent] == [m.Hello, m.Credit, m.Push]


@pytest.mark.parametrize("version", [0, 2])
def test_a_client_of_an_unknown_version_is_told_so(town, laptop, version):
    conversation = town.connect(laptop)
    zero = bytes(16)
    hello = m.Hello(version, MEMBER.user, zero, 1, zero, "", [], None, 0, "sync.example.org", [version], bytes(64))
    conversation.server.take(frames.encode(hello))
    town.settle()
    assert told(conversation, e.Failed) == ["VERSION"]


@pytest.mark.parametrize(
    "message",
    [m.Credit(1), m.Enrol([], None), m.CaughtUp(0, bytes(32)), m.EnrolPlease()],
    ids=lambda each: type(each).__name__,
)
def test_nothing_but_a_hello_opens_a_conversation_for_a_server(town, laptop, message):
    conversation = town.connect(laptop)
    conversation.server.take(frames.encode(message))
    town.settle()
    assert told(conversation, e.Failed) == ["protocol"]
    assert conversation.server.closed is not None
    assert conversation.server.closed.code == 1002


def test_a_frame_over_a_cap_closes_with_1009(town, laptop):
    conversation = welcomed(town, laptop)
    bomb = b"\0" + b"\x91" * 200_000
    conversation.server.take(bomb)
    conversation.client.take(bomb)
    town.settle()
    for end in (conversation.server, conversation.client):
        assert end.closed is not None
        assert end.closed.code == 1009


def test_a_push_into_another_account_ends_the_conversation(town, laptop):
    conversation = welcomed(town, laptop)
    stranger = Author(identity("stranger"))
    conversation.client.todo += conversation.client.machine.offer(stranger.batch(stranger.log(1)), None)
    town.settle()
    assert told(conversation, e.Failed) == ["protocol"]
    assert set(town.server.streams) == {MEMBER.user}
