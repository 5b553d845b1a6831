"""The error tree: whose fault it is, what to do, and how a command ends.

    MilepostError                      anything said on purpose; never a traceback
    ├── UserError                      the input; nothing was written
    │   ├── UsageError                 exit 2   words or flags that do not parse
    │   ├── NotFound                   exit 3   an id or name that is not there
    │   ├── Ambiguous                  exit 3   an id or name that fits several
    │   ├── PairingNeeded              exit 4   this device has no account on a server yet
    │   └── CheckRefused               exit 5   a rule of the catalogue
    ├── PeerError                      the other end
    │   ├── Unreachable                exit 6   no server answers; local work is untouched
    │   ├── RemoteProtocolError        exit 1   it broke the protocol
    │   └── VersionMismatch            exit 1   one end is too old for the other
    └── DataError                      what is stored or was sent does not verify
        ├── ChainBroken                a hash, place or `prev` does not fit
        ├── BadSignature               a head, receipt or enrolment is not signed by its key
        ├── LimitExceeded              over a size that the format fixes
        └── StorageError               the disk or the file refuses: full, read-only, damaged

Messages are lower case, name the value and end with the remedy.
"""


class MilepostError(Exception):
    """Something to tell a person in one sentence. `code` is stable and documented."""

    code = "error"
    exit_code = 1

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.remedy = remedy
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}" if self.remedy else self.message


class UserError(MilepostError):
    """The input is at fault; nothing was written."""

    code = "user_error"


class UsageError(UserError):
    """Words or flags that do not parse."""

    code = "usage"
    exit_code = 2


class NotFound(UserError):
    """An id or a name that is not there."""

    code = "not_found"
    exit_code = 3


class Ambiguous(UserError):
    """An id or a name that fits more than one thing; the message lists them."""

    code = "ambiguous"
    exit_code = 3


class PairingNeeded(UserError):
    """A command that needs an account on a server, on a device that has none."""

    code = "pairing_needed"
    exit_code = 4


class CheckRefused(UserError):
    """A rule of the catalogue refuses the entry."""

    code = "check_refused"
    exit_code = 5


class PeerError(MilepostError):
    """The other end is at fault, or away."""

    code = "peer_error"


class Unreachable(PeerError):
    """No server answers. Everything recorded stays saved on this device."""

    code = "unreachable"
    exit_code = 6


class RemoteProtocolError(PeerError):
    """The other end sent something the protocol does not allow."""

    code = "protocol"


class VersionMismatch(PeerError):
    """The two ends share no protocol version."""

    code = "version"


class DataError(MilepostError):
    """Stored or received bytes that do not verify. Reported, never repaired in silence."""

    code = "data"


class ChainBroken(DataError):
    """A hash, a place or a `prev` does not fit."""

    code = "CHAIN"


class BadSignature(DataError):
    """A signature is not by the key that it names."""

    code = "BADSIG"


class LimitExceeded(DataError):
    """Larger than the format allows."""

    code = "LIMIT"


class StorageError(DataError):
    """The disk or the file refuses: full, read-only, locked or damaged."""

    code = "storage"
