"""What the two machines ask of their shells. Values: the shell carries them out, in order, and reports back."""

from typing import NamedTuple, TypeAlias

from milepost.chain import Batch, Leaf, Receipt
from milepost.sync.messages import Hello, ViewDigest

# RFC 6455: a control frame holds 125 bytes, two of them the code.
REASON_BYTES_MAX = 123


class Send(NamedTuple):
    """Put this frame on the wire."""

    frame: bytes


class Close(NamedTuple):
    """Close the socket with this WebSocket code and reason, after what was sent."""

    code: int
    reason: str

    @classmethod
    def because(cls, code: int, reason: str) -> "Close":
        """With as much of `reason` as a close frame takes: some of it may be the other end's words."""
        return cls(code, reason.encode("utf-8", "replace")[:REASON_BYTES_MAX].decode("utf-8", "ignore"))


# Client


class Adopt(NamedTuple):
    """The server's data are of another incarnation than the cursor's: start the cursor at (incarnation, 0)."""

    incarnation: bytes


class Entered(NamedTuple):
    """Welcomed. The token opens the HTTP interface for `token_seconds`; `server_time` is Unix ms."""

    token: str
    token_seconds: int
    server_time: int


class Load(NamedTuple):
    """Offer up to `limit` batches that have no receipt of `incarnation`: `ClientSync.offer` each, then `offered`.

    In order of arrival, and going on from the last one offered: those await receipts, or were refused. `own_only`
    before the first CaughtUp, for what others wrote may still arrive as delivered; when it changes, from the start.
    """

    incarnation: bytes
    limit: int
    own_only: bool


class Store(NamedTuple):
    """Commit a delivered batch (None: we hold it, stamp only) with its receipt and the cursor, then `stored`.

    `frame_bytes` goes back into `stored`.
    """

    batch: Batch | None
    receipt: Receipt
    frame_bytes: int


class MarkReceived(NamedTuple):
    """The server has these events, durably. May repeat or come late, never moves back, never moves the cursor."""

    receipt: Receipt


class Behind(NamedTuple):
    """The server knows more of our own epoch than we do, or another event at one of its places: write under a new
    epoch from now on."""

    leaf: Leaf


class Caught(NamedTuple):
    """All up to `position` has been stored; compare digests."""

    position: int
    set_digest: bytes
    views: tuple[ViewDigest, ...]


class Settled(NamedTuple):
    """Nothing to push, nothing unanswered, nothing undelivered: one round of sync is done."""


class Declined(NamedTuple):
    """The server refused a push; the events stay here, unsent."""

    code: str
    sentence: str


class Tell(NamedTuple):
    """Say this to the user."""

    code: str
    sentence: str


class Failed(NamedTuple):
    """The conversation is over. `retry_after` seconds where the server asked for it; `is_final`: retrying is no use."""

    code: str
    sentence: str
    retry_after: int
    is_final: bool


# Server


class LookUp(NamedTuple):
    """Find the account and device of this Hello: `ServerSync.looked_up`."""

    hello: Hello


class Readmit(NamedTuple):
    """A device this server does not know shows its enrolments (facts JSON) and a receipt: admit it when they reach the
    identity and it is a member by that receipt, then `looked_up` again."""

    hello: Hello
    enrolments: tuple[bytes, ...]
    receipt: Receipt | None


class Subscribe(NamedTuple):
    """Wake this connection with `ServerSync.wake` when its stream grows."""

    hello: Hello


class Ingest(NamedTuple):
    """Commit this batch: `ingested` with the receipts, or `refused`. `answers` is the push's last hash."""

    batch: Batch
    receipt: Receipt | None
    answers: bytes


class Read(NamedTuple):
    """Read up to `limit` batches after position `after`: `ServerSync.read`."""

    after: int
    limit: int


Effect: TypeAlias = (
    Send
    | Close
    | Adopt
    | Entered
    | Load
    | Store
    | MarkReceived
    | Behind
    | Caught
    | Settled
    | Declined
    | Tell
    | Failed
    | LookUp
    | Readmit
    | Subscribe
    | Ingest
    | Read
)
