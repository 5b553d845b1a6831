"""Values as people type them: a number, a change of it, a share of a hundred, or a time."""

from milepost.errors import UsageError
from milepost.light import NamedTuple
from milepost_client.recording.dates import read_minutes


class Reading(NamedTuple):
    """A value as typed: a decimal string, whether it had a sign, and the unit its last letter names."""

    value: str
    signed: bool
    unit: str | None


def read_value(text: str, field: str = "value") -> Reading:
    """`+12%`, `-8%`, `1200`, `-15m` or `0.5`. Raises UsageError for anything else."""
    typed = text.strip()
    sign = typed[:1] if typed[:1] in ("+", "-") else ""
    body = typed[len(sign) :]
    unit = "percent" if body.endswith("%") else None
    if body[-1:] in ("m", "h") or "h" in body:
        unit, body = "minutes", str(read_minutes(body, field))
    whole, dot, fraction = body.removesuffix("%").replace(",", "").partition(".")
    if not _digits(whole) or (dot and not _digits(fraction)):
        raise UsageError(
            f"{field} {text!r} is not a number", code="number", field=field, remedy="try 1200, +12%, -8% or -15m"
        )
    value = (whole.lstrip("0") or "0") + dot + fraction
    return Reading(("-" if sign == "-" else "") + value, bool(sign), unit)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
