"""The hybrid logical clock and the order of events (log.md, Clock and order).

A value is a 64-bit integer: 48 bits of Unix milliseconds above a 16-bit counter. The clock orders; it never blocks:
a wrong wall clock is clamped and flagged, and heals when the clock does. Pure arithmetic, no clock is read here.
"""

from milepost.light import NamedTuple

COUNTER_BITS = 16
HLC_MAX = (1 << 63) - 1
FIVE_MINUTES_MS = 5 * 60 * 1000
# How far a device's clock may lead before events are clamped to the server's stamp (log.md).
LEAD = FIVE_MINUTES_MS << COUNTER_BITS


class Order(NamedTuple):
    """The order key: the same on every replica that holds the same stamps."""

    at: int
    device: bytes
    epoch: int
    seq: int
    hash: bytes


def from_ms(milliseconds: int) -> int:
    """The first clock value of a Unix millisecond, held inside 0 .. 2^63-1: no wall clock can break an append."""
    return min(max(milliseconds, 0) << COUNTER_BITS, HLC_MAX - LEAD)


def to_ms(hlc: int) -> int:
    """The Unix millisecond of a clock value."""
    return hlc >> COUNTER_BITS


def tick(now_ms: int, last: int, top: int) -> int:
    """The clock value of the next event.

    `now_ms` is the wall clock, `last` this device's newest value, `top` the highest `at` among the stamped events it
    has applied. Always above `top`: a write follows what its author had on the screen. A `last` from a day when the
    clock was wrong is left behind after five minutes' lead, so the device heals with its clock.
    """
    now = from_ms(now_ms)
    return min(max(now, top + 1, min(last + 1, max(now, top) + LEAD)), HLC_MAX)


def stamp(hlc: int, previous_at: int, received_at_ms: int | None) -> int:
    """The `at` of an event: its clock, at most five minutes after the server had it, never before its predecessor.

    `received_at_ms` is None while the event is unsent.
    """
    if received_at_ms is not None:
        hlc = min(hlc, from_ms(received_at_ms) + LEAD)
    return max(previous_at, hlc)


def is_clock_off(hlc: int, received_at_ms: int) -> bool:
    """Whether the author's clock led the server's by more than five minutes: the CLOCK notice of `verify`."""
    return hlc > from_ms(received_at_ms) + LEAD
