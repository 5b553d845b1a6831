"""The two machines under any schedule: frames and effects in any interleaving, connections cut, data lost and copied.

Checked at every step: each stored event continues a stored one. Checked after quiet: everything is everywhere, every
client has settled, and it took a bounded number of steps.
"""

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from milepost.keys import SigningKey
from milepost.sync import effects as e
from tests.support.authors import START_MS, Author, drawn, identity
from tests.support.conversation import Conversation, Device, Town
from tests.support.model_store import ModelServer

MEMBER = identity()
NAMES = ["laptop", "phone", "tablet"]


class AnySchedule(RuleBasedStateMachine):
    """Three devices, each enrolled by the one before, one server, up to four connections."""

    def __init__(self) -> None:
        super().__init__()
        self.town = Town(ModelServer(SigningKey(drawn(32, "server")), START_MS + 10**9))
        self.devices: list[Device] = []
        self.has_joined = False

    @initialize()
    def meet(self) -> None:
        for name in NAMES:
            sponsor = self.devices[-1] if self.devices else None
            author = Author(MEMBER, name, by=sponsor.author if sponsor else None)
            self.devices.append(Device(author, sponsor.path if sponsor else []))
        # The first one was there before: it can be taken back after a wipe.
        self.town.server.join(self.devices[0].author.enrolment)
        self.town.sync(self.devices[0])
        self.town.hang_up()

    @rule(number=st.integers(0, 2), count=st.integers(1, 3))
    def write(self, number: int, count: int) -> None:
        device = self.devices[number]
        device.write(count)
        for conversation in self.town.open:
            if conversation.client.device is device:
                conversation.client.todo += conversation.client.machine.appended()

    @rule(number=st.integers(0, 2))
    def connect(self, number: int) -> None:
        device = self.devices[number]
        for conversation in [each for each in self.town.open if each.client.device is device]:
            self._cut(conversation)
        self.town.connect(device)

    @rule(data=st.data(), moves=st.integers(1, 40))
    def talk(self, data: st.DataObject, moves: int) -> None:
        for _ in range(moves):
            choices = [(conversation, name) for conversation in self.town.open for name in conversation.moves()]
            if not choices:
                return
            conversation, name = data.draw(st.sampled_from(choices))
            conversation.move(name)

    @precondition(lambda self: self.town.open)
    @rule(data=st.data())
    def break_off(self, data: st.DataObject) -> None:
        self._cut(data.draw(st.sampled_from(self.town.open)))

    @rule()
    def lose_the_servers_data(self) -> None:
        self.town.hang_up()
        self.town.server.wipe()
        self.town.server.now_ms += 10**6

    @rule(number=st.integers(0, 2))
    def restore_a_backup(self, number: int) -> None:
        """The device forgets all but its first event, is told so by nobody, and writes on in a new epoch."""
        device = self.devices[number]
        for conversation in [each for each in self.town.open if each.client.device is device]:
            self._cut(conversation)
        author = device.author
        written, epoch = author.written, author.epoch
        author.written, author.epoch = 0, 1
        restored = Device(Author(MEMBER, author.seed, by=self.devices[number - 1].author if number else None))
        restored.replica.enrolments.update(device.replica.enrolments)
        restored.path = device.path
        restored.author.written = written + 1
        restored.author.new_epoch(epoch + 1)
        restored.replica.receipts = [each for each in device.replica.receipts if each.last_seq == 1][:1]
        restored.replica.receipts = [
            each for each in restored.replica.receipts if each.last_hash in restored.replica.events
        ]
        self.devices[number] = restored

    def _cut(self, conversation: Conversation) -> None:
        conversation.cut()
        self.town.open.remove(conversation)

    @invariant()
    def every_event_continues_a_stored_one(self) -> None:
        for device in self.devices:
            device.replica.check()
        for stream in self.town.server.streams.values():
            stream.check()

    @invariant()
    def the_cursor_is_never_ahead_of_the_server_it_belongs_to(self) -> None:
        stream = self.town.server.streams.get(MEMBER.user)
        for device in self.devices:
            if stream and device.replica.incarnation == self.town.server.incarnation:
                assert device.replica.position <= stream.head

    def teardown(self) -> None:
        if not self.devices:
            return
        # The faults are over. Somebody with a receipt opens the account again where it was lost; twice, for what was
        # refused in one connection is offered in the next.
        for _ in range(2):
            self.town.hang_up()
            for device in sorted(self.devices, key=lambda each: not each.replica.receipts):
                self.town.connect(device)
                self.town.settle()
        settled = [bool(each.client.heard(e.Settled)) for each in self.town.open]
        if MEMBER.user not in self.town.server.streams:
            # Every copy that had a receipt was itself lost.
            assert not any(device.replica.receipts for device in self.devices)
            return
        assert settled == [True] * len(NAMES)
        digest = self.town.server.streams[MEMBER.user].digest()
        assert [device.replica.digest() for device in self.devices] == [digest] * len(NAMES)
        failed = [each for conversation in self.town.open for each in conversation.client.heard(e.Failed)]
        assert failed == []


AnySchedule.TestCase.settings = hypothesis.settings(max_examples=30, stateful_step_count=30)
TestAnySchedule = AnySchedule.TestCase
