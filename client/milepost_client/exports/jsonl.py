"""The whole log as JSON Lines: an event a line, everything in clear, signed, and read back without a loss.

What this build does not know goes out as it came in; an erased event goes out without its parts. The file holds no
secret of the device: what is read back can be read and replayed, not written for (docs/reference/exports.md).
"""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256

import msgspec

from milepost.chain import head_bytes
from milepost.errors import BadSignature, ChainBroken
from milepost.ids import base32, base64url, from_base64url
from milepost.keys import verify
from milepost.trust import ENROLLED, enrolment_of
from milepost_client.device.secrets import DEVICE, settle
from milepost_client.exports import lines
from milepost_client.exports.lines import End, EventLine, Line, Opening
from milepost_client.store.account import device_keys
from milepost_client.store.log import Log
from milepost_client.store.replica import Outgoing, Replica
from milepost_client.store.settings import KEY_SETTING, URL_SETTING
from milepost_client.store.trusted import LINEAGE_SETTING

LABEL = b"milepost/export/1\0"
# A line holds one event: facts of 8 KiB, a text of 32 KiB, each at worst six bytes a byte as JSON escapes.
LINE_BYTES_MAX = 512 * 1024

Sign = Callable[[bytes], bytes]
"""Signs with the key of this device."""

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def signer(log: Log) -> Sign | None:
    """What signs for this device; None where its keys are not here, as in a log that was read back itself."""
    settle(log.secrets)
    is_kept = log.secrets.get(DEVICE) is not None
    return device_keys(log.secrets).signing.sign if is_kept else None


def written(log: Log, sign: Sign | None) -> Iterator[bytes]:
    """The lines of a log, each with its newline.

    `sign` signs with the key of this device; without one, own events that never left have no head, and the end is
    unsigned. What is appended meanwhile is left out.
    """
    digest = sha256()
    events = log.count
    for line in _lines(log, sign, events):
        text = _encoder.encode(line) + b"\n"
        digest.update(text)
        yield text
    signature = None if sign is None else base64url(sign(LABEL + digest.digest()))
    yield _encoder.encode(End(events, base64url(digest.digest()), signature)) + b"\n"


def read(texts: Iterable[bytes]) -> Iterator[Line]:
    """The lines of an export, the last of them not before all of it proved to be what was written.

    Raises ChainBroken, naming the line, for what is none of ours, was changed or is cut short; BadSignature where the
    signature at the end is not the device's. Whether events are what was hashed, `lines.event_of` says.
    """
    reading = _Reading()
    for number, text in enumerate(texts, 1):
        yield reading.take(number, text)
    if not reading.is_over:
        raise ChainBroken("the file is cut short: its last line is missing", remedy="export it anew")


class _Reading:
    """What was read so far of one export."""

    def __init__(self) -> None:
        self.is_over = False
        self._digest = sha256()
        self._opening: Opening | None = None
        self._signer: bytes | None = None
        self._events = 0

    def take(self, number: int, text: bytes) -> Line:
        """The next line. Raises ChainBroken or BadSignature."""
        if self.is_over:
            raise ChainBroken(f"line {number} comes after the end", remedy="export it anew")
        line = _line(number, text)
        if (self._opening is None) is not isinstance(line, Opening):
            raise ChainBroken(f"line {number} is out of place: a log begins with the line that says whose it is")
        match line:
            case Opening():
                self._open(line)
            case EventLine():
                self._events += 1
                self._signer = self._signer or self._key_in(line)
            case End():
                self._check(line)
        # A file that was mailed may have come with other line ends.
        self._digest.update(text.rstrip(b"\r\n") + b"\n")
        return line

    def _open(self, line: Opening) -> None:
        if line.format != lines.FORMAT:
            raise ChainBroken(f"the format {line.format!r} is not known here", remedy="upgrade milepost")
        self._opening = line

    def _key_in(self, line: EventLine) -> bytes | None:
        """The public key of the device that wrote the file, where this line is its enrolment."""
        device = self._opening.device if self._opening else ""
        if line.type != ENROLLED or line.device != device or line.facts is None:
            return None
        try:
            enrolment = enrolment_of(msgspec.json.decode(line.facts.text or "", type=dict))
        except (msgspec.DecodeError, BadSignature):
            return None
        return enrolment.signing if base64url(enrolment.device) == device else None

    def _check(self, end: End) -> None:
        self.is_over = True
        if end.sha256 != base64url(self._digest.digest()) or end.events != self._events:
            raise ChainBroken("the file is not what was written: lines were changed, added or left out")
        if end.signature is not None and not self._is_signed(end.signature):
            raise BadSignature("the file is not signed by the device that it names")

    def _is_signed(self, signature: str) -> bool:
        try:
            raw = from_base64url(signature)
        except ValueError:
            return False
        return self._signer is not None and verify(self._signer, raw, LABEL + self._digest.digest())


def _lines(log: Log, sign: Sign | None, events: int) -> Iterator[Line]:
    yield opening(log)
    replica = Replica(log, lambda _: {})
    for id_, key in replica.incarnations():
        yield lines.Incarnation(base64url(id_), base64url(key))
    for event_id in log.erased():
        yield lines.Erased(base32(event_id))
    ends: dict[int, int] = {}
    for stored in log.since():
        if stored.n > events:
            break
        ends[stored.line] = stored.event.seq
        yield lines.line_of(stored.event, stored.line)
    for outgoing in replica.everything():
        if outgoing.batch.last.seq <= ends.get(outgoing.line, 0):
            yield from _head(outgoing, sign)
    for receipt in replica.receipts():
        key, incarnation, _, device, epoch, first, last, hash_, position, received_at, signature = receipt
        names = (base64url(key), base64url(incarnation), base64url(device), epoch, first, last, base64url(hash_))
        yield lines.ReceiptLine(*names, position, received_at, base64url(signature))


def opening(log: Log) -> Opening:
    """The first line of an export: whose log it is, and where it stands."""
    state, cursor = log.state(), log.cursor()
    url, key, lineage = (log.setting(name) for name in (URL_SETTING, KEY_SETTING, LINEAGE_SETTING))
    return Opening(
        format=lines.FORMAT,
        user=base64url(state.user),
        device=base64url(state.device),
        line=state.branch,
        server=lines.Server(url.decode("utf-8"), base64url(key)) if url and key else None,
        follows=lines.Follows(base64url(cursor.incarnation), cursor.position) if cursor.incarnation else None,
        lineage=lineage.decode("utf-8") if lineage else None,
    )


def _head(outgoing: Outgoing, sign: Sign | None) -> Iterator[Line]:
    batch = outgoing.batch
    signature = batch.signature or (sign(head_bytes(batch.last)) if sign else b"")
    if signature:
        yield lines.Head(outgoing.line, batch.first.seq, batch.last.seq, base64url(signature))


def _line(number: int, text: bytes) -> Line:
    if len(text) > LINE_BYTES_MAX:
        raise ChainBroken(f"line {number} has {len(text)} bytes, which no entry has")
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ChainBroken(f"line {number} is none of an exported log: {error}") from None
