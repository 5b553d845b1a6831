"""What a check has to say."""

from milepost.light import Literal, NamedTuple

Level = Literal["refuse", "warn"]


class Finding(NamedTuple):
    """One sentence about an entry. `refuse`: nothing may be written; `warn`: it is written, and this is said.

    `code` is stable and documented; `message` is lower case and names the value, `remedy` ends in a correct example.
    """

    level: Level
    code: str
    field: str
    message: str
    remedy: str

    @property
    def sentence(self) -> str:
        """Message and remedy in one line."""
        return f"{self.message}; {self.remedy}"
