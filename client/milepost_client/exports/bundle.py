"""A bundle: the log as it travels, in a file, for two of one's own devices with no network between them.

The batches that a server would be sent, texts sealed and heads signed, and the receipts that servers gave: frames of
the protocol, each between its length and the sum of the file so far. Taking one in is what pulling from a server is:
admission checks every batch, and what is here already changes nothing. No secret is in it, and nobody without a key of
the account reads its texts.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from milepost.chain import Batch, Receipt, head_bytes
from milepost.errors import BadSignature, ChainBroken, LimitExceeded, PairingNeeded, RemoteProtocolError
from milepost.keys import DeviceKeys, verify
from milepost.sealing import UserKey
from milepost.sync import batches, frames
from milepost.sync.messages import Push, ReceiptGiven, WireReceipt
from milepost_client.store.account import device_keys
from milepost_client.store.log import Log
from milepost_client.store.replica import Outgoing, Receipted, Replica
from milepost_client.store.settings import KEY_SETTING
from milepost_client.sync.session import sealed

if TYPE_CHECKING:
    from hashlib import _Hash

MAGIC = b"milepost bundle 1\n"
LENGTH_BYTES = 4
# Ends the frames; the sum of all before it follows.
END = bytes(LENGTH_BYTES)

Carried = Batch | Receipt


class Bundle(NamedTuple):
    """A bundle on its way out: its pieces, and what will be in them."""

    pieces: Iterator[bytes]
    events: int


class Taken(NamedTuple):
    """What a bundle brought: its events, and how many of them are new here."""

    events: int
    new: int


def written(log: Log) -> Bundle:
    """The bundle of a log.

    Raises StorageError where the keys of this device are gone, PairingNeeded where it has no key of the account yet.
    """
    keys = device_keys(log.secrets)
    replica = _replica(log, keys)
    key = replica.trust.sealing_key(replica.keys)
    if key is None:
        raise PairingNeeded(
            "this device has no key of the account yet", remedy="sync, or take in a bundle of the device that paired it"
        )
    return Bundle(_pieces(replica, keys, key), log.count)


def read(file: BinaryIO) -> Iterator[Carried]:
    """What a bundle carries, each batch with its hashes computed anew.

    Raises ChainBroken for a file that is none, was changed, or is cut short.
    """
    digest = sha256()
    if _take(file, digest, len(MAGIC)) != MAGIC:
        raise ChainBroken("this is no bundle", remedy="make one with: mp export bundle FILE")
    while size := int.from_bytes(_take(file, digest, LENGTH_BYTES), "big"):
        if size > frames.FRAME_BYTES_MAX:
            raise ChainBroken(f"a piece of {size} bytes, which no bundle has")
        frame = _take(file, digest, size)
        # Before it is believed: no signature covers sealed text, and damaged text would stay where good text may come.
        _check_sum(file, digest)
        yield _carried(frame)
    _check_sum(file, digest)
    if file.read(1):
        raise ChainBroken("something comes after the end of the bundle")


def missing(log: Log, carried: Iterator[Carried]) -> Taken:
    """What taking a bundle in would bring."""
    known = Taken(0, 0)
    for each in carried:
        if isinstance(each, Batch):
            _check_account(log, each)
            new = sum(log.get(event.id) is None for event in each.events)
            known = Taken(known.events + len(each.events), known.new + new)
    return known


def take_in(log: Log, carried: Iterator[Carried]) -> Taken:
    """Take a bundle in, a batch a transaction; whatever came before something that may not enter stays.

    Raises as a sync does for a batch that does not verify. Receipts are kept where this device follows the server data
    that gave them, and only under the key that it pinned.
    """
    replica = _replica(log, device_keys(log.secrets))
    server_key = log.setting(KEY_SETTING)
    followed = {id_ for id_, _ in replica.incarnations()}
    events = new = 0
    for each in carried:
        match each:
            case Batch():
                _check_account(log, each)
                new += replica.put_in(each)
                events += len(each.events)
            case Receipt() if each.incarnation in followed and server_key is not None:
                if not verify(server_key, each.signature, each.signed):
                    raise BadSignature("a receipt in the bundle is not signed by your server")
                replica.commit([Receipted(each, None)])
            case Receipt():
                # Of a server that this device has not met: it will hear from it when it does.
                continue
    return Taken(events, new)


def _take(file: BinaryIO, digest: "_Hash", size: int) -> bytes:
    """The next bytes of a bundle. Raises ChainBroken where there are no more."""
    taken = file.read(size)
    digest.update(taken)
    if len(taken) < size:
        raise ChainBroken("the bundle is cut short", remedy="copy it anew")
    return taken


def _check_sum(file: BinaryIO, digest: "_Hash") -> None:
    """Raise ChainBroken unless what comes next is the sum of everything before it."""
    if file.read(digest.digest_size) != digest.digest():
        raise ChainBroken("the bundle is not what was written", remedy="copy it anew")


def _check_account(log: Log, batch: Batch) -> None:
    if batch.first.user != log.user:
        raise BadSignature("the bundle is of another account", remedy="pair this device first: mp init --pair SERVER")


def _replica(log: Log, keys: DeviceKeys) -> Replica:
    return Replica(log, lambda trust: trust.user_keys(keys.device, keys.agreement), keys.signing.sign)


def _pieces(replica: Replica, keys: DeviceKeys, key: UserKey) -> Iterator[bytes]:
    digest = sha256(MAGIC)
    yield MAGIC
    for frame in _frames(replica, keys, key):
        piece = len(frame).to_bytes(LENGTH_BYTES, "big") + frame
        digest.update(piece)
        yield piece + digest.digest()
    digest.update(END)
    yield END + digest.digest()


def _frames(replica: Replica, keys: DeviceKeys, key: UserKey) -> Iterator[bytes]:
    for outgoing in replica.everything():
        yield frames.encode(Push(batches.pack(_signed(outgoing, keys, key))))
    for receipt in replica.receipts():
        yield frames.encode(ReceiptGiven(WireReceipt.of(receipt)))


def _signed(outgoing: Outgoing, keys: DeviceKeys, key: UserKey) -> Batch:
    events = tuple(sealed(event, key) for event in outgoing.batch.events)
    return Batch(events, outgoing.batch.signature or keys.signing.sign(head_bytes(events[-1])))


def _carried(frame: bytes) -> Carried:
    try:
        message = frames.decode(frame)
        match message:
            case Push(batch):
                return batches.unpack(batch)
            case ReceiptGiven(receipt):
                return receipt.receipt()
    except (RemoteProtocolError, LimitExceeded) as error:
        raise ChainBroken(f"the bundle is damaged: {error}") from None
    raise ChainBroken("the bundle holds what no bundle has")
