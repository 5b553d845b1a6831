"""A hole in the positions: nothing after it is stored, however sound the batch and its receipt are."""

from milepost.keys import SigningKey
from milepost.sync import effects as e
from milepost.sync import frames
from milepost.sync import messages as m
from milepost.sync.batches import pack
from tests.support.authors import START_MS, Author, drawn, identity, receipt_for
from tests.support.conversation import Device, Town
from tests.support.model_store import ModelServer

MEMBER = identity()


def test_a_sound_batch_whose_position_leaves_one_out_is_not_stored():
    town = Town(ModelServer(SigningKey(drawn(32, "server")), START_MS + 10**9))
    laptop = Device(Author(MEMBER, "laptop"))
    town.server.join(laptop.author.enrolment)
    phone = Device(Author(MEMBER, "phone", by=laptop.author), laptop.path)
    town.sync(laptop)
    client = town.sync(phone).client
    position = client.stored[-1].receipt.last_position
    batch = laptop.write()
    receipt = receipt_for(batch, town.server.key, town.server.incarnation, position + 2, START_MS + 2 * 10**9)

    effects = client.machine.feed(frames.encode(m.Deliver(m.WireReceipt.of(receipt), pack(batch))))

    assert [effect.code for effect in effects if isinstance(effect, e.Failed)] == ["protocol"]
    assert not [effect for effect in effects if isinstance(effect, e.Store)]
