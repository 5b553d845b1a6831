"""Every cap is checked before anything is decoded, and no bytes bring down the decoder."""

from contextlib import suppress

import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from milepost.errors import LimitExceeded, RemoteProtocolError
from milepost.sync import frames
from milepost.sync import messages as m
from tests.support.drawn_messages import any_message

PLAIN, ZSTD = bytes([frames.PLAIN]), bytes([frames.ZSTD])


def compressed(body: bytes) -> bytes:
    return ZSTD + zstandard.ZstdCompressor(write_content_size=True).compress(body)


def fields_of(message: m.Message) -> list[object]:
    fields = msgspec.msgpack.decode(msgspec.msgpack.encode(message))
    assert isinstance(fields, list)
    return fields


@given(any_message)
def test_any_message_comes_back_from_its_frame(message):
    assert frames.decode(frames.encode(message)) == message


@given(any_message)
def test_any_message_may_come_plain_or_compressed(message):
    body = msgspec.msgpack.encode(message)
    assert frames.decode(PLAIN + body) == frames.decode(compressed(body)) == message


@given(
    any_message, st.lists(st.none() | st.integers(0, 9) | st.text(max_size=9) | st.just([1]), min_size=1, max_size=3)
)
def test_fields_that_a_newer_build_added_at_the_end_are_always_ignored(message, extra):
    # Trailing optional fields are written out by the encoder, so what comes after them is new to this build.
    body = msgspec.msgpack.encode([*fields_of(message), *extra])
    assert frames.decode(PLAIN + body) == message


@given(st.integers(64, 1 << 32), st.lists(st.integers() | st.text(max_size=5), max_size=4).map(lambda raw: raw[:3]))
def test_any_unknown_message_from_tag_64_up_is_skipped(tag, fields):
    body = msgspec.msgpack.encode([tag, *(field for field in fields if isinstance(field, str))])
    assert frames.decode(PLAIN + body) is None


@pytest.mark.parametrize("tag", [-1, 0, 15, 63, True, None, "1", 1.0, [1], b"1"])
def test_a_tag_below_64_that_this_build_does_not_know_ends_the_conversation(tag):
    with pytest.raises(RemoteProtocolError):
        frames.decode(PLAIN + msgspec.msgpack.encode([tag]))


def test_a_frame_over_512_kib_is_refused_unread():
    with pytest.raises(LimitExceeded, match="a frame of 524289 bytes"):
        frames.decode(PLAIN + b"\xff" * frames.FRAME_BYTES_MAX)


def test_a_message_that_does_not_fit_a_frame_is_not_sent():
    with pytest.raises(LimitExceeded, match="does not fit a frame"):
        frames.encode(m.ReceiptGiven(RECEIPT, bytes(frames.BODY_BYTES_MAX)))


def test_a_bomb_that_declares_its_size_is_refused_unopened():
    with pytest.raises(LimitExceeded, match="a body of 104857600 bytes"):
        frames.decode(compressed(bytes(100 * 1024 * 1024)))


def test_a_bomb_that_lies_about_its_size_is_read_no_further_than_it_said():
    # given a frame of 100 MiB whose header says 64 bytes (single segment, one byte of content size)
    body = compressed(bytes(100 * 1024 * 1024))
    honest = zstandard.get_frame_parameters(body[1:])
    assert honest.content_size == 100 * 1024 * 1024
    header_size = zstandard.frame_header_size(body[1:])
    lying = ZSTD + body[1:5] + bytes([0b0010_0000, 64]) + body[1 + header_size :]
    with pytest.raises((RemoteProtocolError, LimitExceeded)):
        frames.decode(lying)


def test_a_compressed_frame_without_a_declared_size_is_refused():
    stream = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(1000))
    with pytest.raises(RemoteProtocolError, match="does not declare its size"):
        frames.decode(ZSTD + stream)


@pytest.mark.parametrize("opening", [b"\x91", b"\xdc\x00\x01", b"\xdd\x00\x00\x00\x01", b"\x81\xc0"])
def test_nesting_of_200_000_is_refused_before_the_decoder_sees_it(opening):
    body = opening * 200_000 + b"\xc0"
    for frame in (PLAIN + body[: frames.FRAME_BYTES_MAX - 1], compressed(body)):
        with pytest.raises(LimitExceeded, match="nested over 16"):
            frames.decode(frame)


def test_nesting_of_16_is_accepted_by_the_scan_and_17_is_not():
    frames.scan(b"\x91" * 16 + b"\xc0")
    with pytest.raises(LimitExceeded):
        frames.scan(b"\x91" * 17 + b"\xc0")


def test_a_million_values_are_refused():
    with pytest.raises(LimitExceeded, match="over 65536 values"):
        frames.decode(compressed(b"\xdd\x00\x0f\x42\x40" + b"\xc0" * 1_000_000))


def test_a_list_that_claims_four_billion_values_is_refused():
    with pytest.raises(RemoteProtocolError, match="cut short"):
        frames.decode(PLAIN + b"\xdd\xff\xff\xff\xff" + b"\xc0" * 100)


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (b"", "an empty frame"),
        (b"\x02", "codec 2"),
        (PLAIN, "cut short"),
        (PLAIN + b"\xc1", "0xc1"),
        (PLAIN + b"\x92\x0c", "cut short"),
        (PLAIN + b"\x91\x0c\x00", "bytes after"),
        (PLAIN + b"\xc6\xff\xff\xff\xff", "cut short"),
        (PLAIN + b"\x0c", "not a message"),
        (PLAIN + b"\x90", "without a tag"),
        (PLAIN + b"\x93\x0c\xa1\xff\xa0", "not a message"),
        (ZSTD + b"nonsense", "not zstd"),
    ],
)
def test_bytes_that_are_no_message_are_refused_with_a_reason(frame, says):
    with pytest.raises(RemoteProtocolError, match=says):
        frames.decode(frame)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_a_refusal(raw):
    for frame in (raw, PLAIN + raw, ZSTD + raw, compressed(raw)):
        decode_or_refuse(frame)


@given(any_message, st.data())
def test_any_damage_to_any_message_leaves_a_message_or_a_refusal(message, data):
    frame = bytearray(frames.encode(message))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(frame) - 1))
        frame[at] = data.draw(st.integers(0, 255))
    decode_or_refuse(bytes(frame))
    decode_or_refuse(bytes(frame[: data.draw(st.integers(0, len(frame)))]))


def decode_or_refuse(frame: bytes) -> None:
    # Any other exception ends the test.
    with suppress(LimitExceeded, RemoteProtocolError):
        frames.decode(frame)


RECEIPT = m.WireReceipt(bytes(16), bytes(16), bytes(16), bytes(16), 1, 1, 1, bytes(32), 1, 1, bytes(64))
LEAF = m.WireLeaf(b"\xff" * 16, (1 << 32) - 1, (1 << 63) - 1, b"\xff" * 32)


def test_a_hello_with_as_many_leaves_as_are_allowed_fits_a_frame():
    body = msgspec.msgpack.encode(LEAF)
    # Leaves are hashes: compression gains nothing, so the plain size decides.
    assert m.LEAVES_MAX * len(body) + 8192 <= frames.FRAME_BYTES_MAX
    assert m.LEAVES_MAX * 5 + 100 <= frames.VALUES_MAX
