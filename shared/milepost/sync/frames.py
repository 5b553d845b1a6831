"""Frames: one codec byte, then msgpack or zstd of msgpack, with every cap checked before anything is decoded.

A peer may be hostile: sizes first, then a bounded decompression, then a scan of the nesting, and only then the decoder.
"""

import io

import msgspec
import zstandard

from milepost.errors import LimitExceeded, RemoteProtocolError
from milepost.sync import messages

PLAIN = 0
ZSTD = 1

FRAME_BYTES_MAX = 512 * 1024
BODY_BYTES_MAX = 4 * 1024 * 1024
NESTING_MAX = 16
# A batch of 1000 events is about 60 values; a Hello with all its leaves 37,500. More is an attack on the decoder.
VALUES_MAX = 65_536
# Below this zstd gains less than its header costs.
COMPRESS_BYTES_MIN = 192
LEVEL = 3

_encoder = msgspec.msgpack.Encoder()


def encode(message: "messages.Message") -> bytes:
    """A message as one frame. Raises LimitExceeded when it does not fit."""
    body = _encoder.encode(message)
    if len(body) >= COMPRESS_BYTES_MIN:
        packed = zstandard.ZstdCompressor(level=LEVEL, write_content_size=True).compress(body)
        frame = bytes((ZSTD,)) + packed if len(packed) < len(body) else bytes((PLAIN,)) + body
    else:
        frame = bytes((PLAIN,)) + body
    if len(frame) > FRAME_BYTES_MAX or len(body) > BODY_BYTES_MAX:
        raise LimitExceeded(f"a message of {len(body)} bytes does not fit a frame of {FRAME_BYTES_MAX}")
    return frame


def decode(frame: bytes) -> "messages.Message | None":
    """The message in a frame, or None for an optional one that this build does not know.

    Raises LimitExceeded over a cap (close 1009), RemoteProtocolError for anything else that is not a message.
    """
    body = _unpack(frame)
    scan(body)
    try:
        return messages.decode(body)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise RemoteProtocolError(f"not a message: {error}") from None


def _unpack(frame: bytes) -> bytes:
    if len(frame) > FRAME_BYTES_MAX:
        raise LimitExceeded(f"a frame of {len(frame)} bytes is over {FRAME_BYTES_MAX}")
    if not frame:
        raise RemoteProtocolError("an empty frame")
    codec, body = frame[0], frame[1:]
    if codec == PLAIN:
        return body
    if codec == ZSTD:
        return _decompress(body)
    raise RemoteProtocolError(f"codec {codec} is unknown")


def _decompress(body: bytes) -> bytes:
    try:
        declared = zstandard.frame_content_size(body)
        if declared < 0:
            raise RemoteProtocolError("a compressed frame that does not declare its size")
        if declared > BODY_BYTES_MAX:
            raise LimitExceeded(f"a body of {declared} bytes is over {BODY_BYTES_MAX}")
        # The declared size is the sender's word; the stream is read up to the cap and not a byte further.
        with zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024).stream_reader(io.BytesIO(body)) as reader:
            out = reader.read(declared + 1)
    except zstandard.ZstdError as error:
        raise RemoteProtocolError(f"not zstd: {error}") from None
    if len(out) != declared:
        raise RemoteProtocolError("a compressed frame whose size is not the declared one")
    return out


def scan(body: bytes) -> None:
    """Walk the msgpack values without decoding them: a deep nesting can overflow the decoder's C stack.

    Raises LimitExceeded for nesting over 16 or more values than any message has, RemoteProtocolError for a torn body.
    """
    at, size, values = 0, len(body), 0
    pending = [1]
    while pending:
        if pending[-1] == 0:
            pending.pop()
            continue
        pending[-1] -= 1
        values += 1
        if at >= size:
            raise RemoteProtocolError("a message cut short")
        if values > VALUES_MAX:
            raise LimitExceeded(f"a message of over {VALUES_MAX} values")
        step, children = _head(body, at)
        at += step
        if children:
            pending.append(children)
            if len(pending) > NESTING_MAX + 1:
                raise LimitExceeded(f"a message nested over {NESTING_MAX} deep")
    if at != size:
        raise RemoteProtocolError("bytes after the message, or a message cut short")


def _head(body: bytes, at: int) -> tuple[int, int]:
    """(bytes to step over, values nested inside) of the msgpack value that begins at `at`."""
    byte = body[at]
    if byte < 0x80 or byte >= 0xE0:
        return 1, 0
    if byte < 0x90:
        return 1, 2 * (byte & 0x0F)
    if byte < 0xA0:
        return 1, byte & 0x0F
    if byte < 0xC0:
        return 1 + (byte & 0x1F), 0
    fixed = _FIXED.get(byte)
    if fixed is not None:
        return fixed, 0
    sized = _SIZED.get(byte)
    if sized is not None:
        width, extra = sized
        return 1 + width + extra + int.from_bytes(body[at + 1 : at + 1 + width], "big"), 0
    nested = _NESTED.get(byte)
    if nested is not None:
        width, factor = nested
        return 1 + width, factor * int.from_bytes(body[at + 1 : at + 1 + width], "big")
    raise RemoteProtocolError(f"byte {byte:#x} is not msgpack")


# nil, false, true, floats, integers, fixext: all bytes known from the first.
_FIXED = {
    0xC0: 1, 0xC2: 1, 0xC3: 1, 0xCA: 5, 0xCB: 9, 0xCC: 2, 0xCD: 3, 0xCE: 5, 0xCF: 9,
    0xD0: 2, 0xD1: 3, 0xD2: 5, 0xD3: 9, 0xD4: 3, 0xD5: 4, 0xD6: 6, 0xD7: 10, 0xD8: 18,
}  # fmt: skip
# bin, ext and str by the width of their length, and what stands between length and content.
_SIZED = {
    0xC4: (1, 0), 0xC5: (2, 0), 0xC6: (4, 0), 0xC7: (1, 1), 0xC8: (2, 1), 0xC9: (4, 1),
    0xD9: (1, 0), 0xDA: (2, 0), 0xDB: (4, 0),
}  # fmt: skip
_NESTED = {0xDC: (2, 1), 0xDD: (4, 1), 0xDE: (2, 2), 0xDF: (4, 2)}
