"""What the server refuses on its own account, beside the errors of the core."""

from milepost.errors import MilepostError


class Unauthorized(MilepostError):
    """No token, or one that does not work."""

    code = "unauthorized"


class TooMany(MilepostError):
    """A rate limit."""

    code = "rate"

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many attempts from this address", remedy=f"try again in {retry_after} s")
        self.retry_after = retry_after


class Conflict(MilepostError):
    """What is there already is not what was sent."""

    code = "conflict"
