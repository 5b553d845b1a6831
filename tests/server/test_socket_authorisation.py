"""Who may say what on the socket: every message, before a proof and after it, for every kind of member, in one table.

A socket is for one's own log alone: leading a pod or a cohort gives nothing there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, get_args

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from milepost.sync import batches, effects, frames
from milepost.sync import messages as m
from tests.support.cast import COHORT_LEAD, FORMER_LEAD, MEMBER, NEIGHBOUR, NOBODY, OTHER_LEAD, POD_LEAD, REVOKED, Cast
from tests.support.clients import Client, open_socket
from tests.support.servers import serving

WAIT_SECONDS = 10
PROVED = (MEMBER, NEIGHBOUR, POD_LEAD, OTHER_LEAD, COHORT_LEAD, FORMER_LEAD)
SENDERS = (NOBODY, *PROVED)

REFUSED = "is not for a server"
OUT_OF_TURN = "out of turn"
TAKEN = "taken"
ENDED = "ended"

Z16, Z32, Z64 = bytes(16), bytes(32), bytes(64)
LIMITS = m.Limits(1, 1, 1)
RECEIPT = m.WireReceipt(Z16, Z16, Z16, Z16, 0, 1, 1, Z32, 1, 0, Z64)
# What no server takes: it ends the conversation, so whatever was taken before it is seen to be.
LAST = m.CaughtUp(1, Z32)

Make = Callable[[Cast, str], m.Message]
MESSAGES: Mapping[type[Any], tuple[Make, str, str]] = {
    #                                                            before the proof, after it
    m.Challenge: (lambda cast, who: m.Challenge(Z32, "", Z16, Z32, [1], LIMITS, 0), REFUSED, REFUSED),
    m.Hello: (lambda cast, who: _hello(), TAKEN, OUT_OF_TURN),
    m.EnrolPlease: (lambda cast, who: m.EnrolPlease(), REFUSED, REFUSED),
    m.Enrol: (lambda cast, who: m.Enrol([], None), OUT_OF_TURN, OUT_OF_TURN),
    m.Welcome: (lambda cast, who: m.Welcome(Z16, [], 0, 0, "", 0), REFUSED, REFUSED),
    m.Push: (lambda cast, who: _push(cast, MEMBER if who == NOBODY else who), OUT_OF_TURN, TAKEN),
    m.ReceiptGiven: (lambda cast, who: m.ReceiptGiven(RECEIPT), REFUSED, REFUSED),
    m.Refused: (lambda cast, who: m.Refused(Z16, 0, 1, Z32, "GAP", ""), REFUSED, REFUSED),
    m.Deliver: (lambda cast, who: m.Deliver(RECEIPT, None), REFUSED, REFUSED),
    m.CaughtUp: (lambda cast, who: LAST, REFUSED, REFUSED),
    m.Credit: (lambda cast, who: m.Credit(1 << 20), OUT_OF_TURN, TAKEN),
    m.Notice: (lambda cast, who: m.Notice("HELLO", ""), TAKEN, TAKEN),
    m.Error: (lambda cast, who: m.Error("HELLO", ""), ENDED, ENDED),
    m.Bye: (lambda cast, who: m.Bye("HELLO", ""), ENDED, ENDED),
}
"""Every message of the protocol, and what comes of sending it. One that is not here fails a test."""

# All that a server says to somebody who has not proved who they are.
SAID_TO_ANYBODY = (m.Challenge, m.EnrolPlease, m.Error)


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """A server of its own, with everybody on it."""
    environment = {"MILEPOST_SERVER_JOINS_PER_MINUTE": "10000", "MILEPOST_SERVER_SOCKETS_PER_ADDRESS": "1000"}
    with serving(tmp_path_factory.mktemp("senders"), environment) as server:
        yield Cast(server)


def test_every_message_has_its_row():
    assert set(MESSAGES) == set(get_args(m.Message))


@pytest.mark.parametrize("message", MESSAGES, ids=lambda each: each.__name__)
def test_a_message_is_taken_only_when_and_from_whom_it_may_be(cast: Cast, message: type[Any]):
    make, before, after = MESSAGES[message]
    for who in SENDERS:
        expected = before if who == NOBODY else after
        came = _sent(cast, who, make(cast, who), *([LAST] if expected == TAKEN else []))
        assert _outcome(came, message) == expected, (who, came)
        if who == NOBODY:
            assert [each for each in came if not isinstance(each, SAID_TO_ANYBODY)] == []


def test_nobody_pushes_into_another_account_whomever_they_lead(cast: Cast):
    for who in (POD_LEAD, COHORT_LEAD, NEIGHBOUR):
        came = _sent(cast, who, _push(cast, MEMBER))
        assert [each.sentence for each in came if isinstance(each, m.Error)] == ["a push into another account"]


def test_what_is_delivered_is_ones_own_whomever_one_leads(cast: Cast):
    for who in PROVED:
        client = cast.clients[who]
        assert client.receipts, who
        assert {receipt.user for receipt in client.receipts} == {client.device.member.user}


def test_a_revoked_device_is_told_nothing_but_that(cast: Cast):
    client = cast.clients[REVOKED]
    client.connect(cast.server.url)
    client.until(lambda effect: False)
    client.close()
    assert client.failure is not None
    assert client.failure.code == "REVOKED"


def _sent(cast: Cast, who: str, *messages: m.Message) -> list[m.Message]:
    """All that comes of messages, the last of which ends the conversation."""
    if who == NOBODY:
        with open_socket(cast.server.url) as socket:
            return _answers(socket, messages)
    client = Client(cast.clients[who].device, cast.server.key, mark=b"installation 007")
    client.connect(cast.server.url)
    assert client.until(lambda effect: isinstance(effect, effects.Settled)) is not None
    assert client._socket is not None
    try:
        return _answers(client._socket, messages)
    finally:
        client.close()


def _answers(socket: ClientConnection, messages: Sequence[m.Message]) -> list[m.Message]:
    found: list[m.Message] = []
    for each in messages:
        socket.send(frames.encode(each))
    try:
        while True:
            said = frames.decode(bytes(socket.recv(WAIT_SECONDS, decode=False)))
            assert said is not None
            found.append(said)
    except ConnectionClosed:
        return found


def _outcome(came: list[m.Message], message: type[Any]) -> str:
    errors = [each.sentence for each in came if isinstance(each, m.Error)]
    if not errors:
        return ENDED
    [sentence] = errors
    if sentence == f"{message.__name__} {OUT_OF_TURN}":
        return OUT_OF_TURN
    return REFUSED if sentence == f"{message.__name__} {REFUSED}" else TAKEN


def _hello() -> m.Hello:
    """By somebody whom no server knows."""
    return m.Hello(1, Z16, Z16, 1, Z16, "test", [], None, 0, "127.0.0.1", [1], Z64)


def _push(cast: Cast, who: str) -> m.Push:
    """The log of somebody, as they may push it again."""
    device = cast.clients[who].device
    return m.Push(batches.pack(device.batch(device.events)))
