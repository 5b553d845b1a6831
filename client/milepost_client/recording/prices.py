"""Prices as people type them, and as the log keeps them: whole minor units, so that nothing is ever rounded."""

from milepost.errors import UsageError
from milepost_client.recording.amounts import read_value

DIGITS_USUAL = 2
# ISO 4217: the currencies whose minor unit is not a hundredth.
_DIGITS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(),  # noqa: SIM905 -- reads as a list
        0,
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),  # noqa: SIM905
}


def minor_units(text: str, currency: str) -> int:
    """`45.50` EUR as 4550 cents. Raises UsageError for more decimals than the currency has, or a sign or unit."""
    reading = read_value(text, "price")
    digits = _DIGITS.get(currency, DIGITS_USUAL)
    whole, _, fraction = reading.value.partition(".")
    if reading.signed or reading.unit or len(fraction) > digits:
        raise UsageError(
            f"price {text!r} is not an amount of {currency}",
            code="price",
            field="price",
            remedy=f"try {say_amount(45 * 10**digits, currency)}",
        )
    return int(whole + fraction.ljust(digits, "0"))


def say_amount(amount: int, currency: str) -> str:
    """4550 cents as `45.50`."""
    digits = _DIGITS.get(currency, DIGITS_USUAL)
    if not digits:
        return str(amount)
    whole, rest = divmod(amount, 10**digits)
    return f"{whole}.{rest:0{digits}d}"


def say_price(amount: int, currency: str, per: str | None) -> str:
    """`45.50 EUR per hour`."""
    return f"{say_amount(amount, currency)} {currency}" + (f" per {per}" if per else "")
