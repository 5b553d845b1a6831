"""`capacity`: minutes a day that there are, from a day on; none for a while is a pause."""

from collections.abc import Sequence

from milepost.errors import UsageError
from milepost.light import date, timedelta
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.dates import read_date, read_minutes, read_span, say_date, say_minutes
from milepost_client.recording.declare import Args, Param, Word, on_param

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPANS = {"all": DAYS, "weekdays": DAYS[:5], "weekend": DAYS[5:]}


def read_weekdays(text: str) -> tuple[str, ...]:
    """The weekdays of `mon-fri`, `sat,sun`, `all`, `weekdays` or `weekend`, in the order of the week."""
    found = {day for part in text.lower().split(",") for day in _span(part.strip(), text)}
    return tuple(day for day in DAYS if day in found)


def _span(part: str, text: str) -> Sequence[str]:
    if part in _SPANS:
        return _SPANS[part]
    first, _, last = part.partition("-")
    start, end = _weekday(first, text), _weekday(last or first, text)
    return [DAYS[(start + step) % len(DAYS)] for step in range((end - start) % len(DAYS) + 1)]


def _weekday(name: str, text: str) -> int:
    if name[:3] not in DAYS:
        raise UsageError(
            f"days {text!r} are not weekdays",
            code="weekdays",
            field="days",
            remedy="try mon-fri, sat,sun, all, weekdays or weekend",
        )
    return DAYS.index(name[:3])


def _capacity(desk: Desk, args: Args) -> Plan:
    days = read_weekdays(args.needed("days"))
    minutes = read_minutes(args.needed("minutes"))
    on = desk.on(args)
    typed = args.text("from")
    start = on if typed is None else read_date(typed, desk.today, "due", "from")
    intents = [_set(start, dict.fromkeys(days, minutes))]
    details = [f"{_said(days)}: {say_minutes(minutes)} a day from {say_date(start, desk.today)}"]
    span = args.text("for")
    if span is not None:
        end = read_span(span, start)
        intents.append(_set(end, _earlier(desk, days, end)))
        details.append(f"as before from {say_date(end, desk.today)}")
    says = "pause set" if minutes == 0 and days == DAYS else "capacity set"
    return Plan(tuple(intents), says, None, on, (*details, "on your devices only"), "mp capacity list")


def _set(start: date, minutes: dict[str, int]) -> Intent:
    return Intent("capacity.set", {"from_date": start.isoformat(), "minutes": minutes})


def _earlier(desk: Desk, days: Sequence[str], start: date) -> dict[str, int]:
    """What these weekdays have from `start` on as things stand. Raises UsageError where nobody ever said."""
    found: dict[str, int] = {}
    for step in range(len(DAYS)):
        day = start + timedelta(days=step)
        minutes = desk.seen.capacity_minutes(day)
        if DAYS[day.weekday()] in days:
            if minutes is None:
                raise UsageError(
                    f"what {DAYS[day.weekday()]} has after that is not known",
                    code="missing",
                    field="for",
                    remedy="first say what a week has: mp capacity mon-fri 90m, mp capacity weekend 0",
                )
            found[DAYS[day.weekday()]] = minutes
    return found


def _said(days: Sequence[str]) -> str:
    named = next((name for name, span in _SPANS.items() if tuple(span) == tuple(days)), None)
    return named or ", ".join(days)


CAPACITY = Word(
    "capacity",
    "Say how many minutes a day you have; a week of none is a pause.",
    (
        "mp capacity mon-fri 90m --from mon",
        "mp capacity all 0 --from mon --for 1w",
    ),
    (
        Param("days", "mon-fri, sat,sun, all, weekdays or weekend", 1, metavar="DAYS", needed=True),
        Param("minutes", "how long on each: 90m, 1h30, 0", 2, metavar="DURATION", needed=True),
        Param("from", "the first day it holds; today if not given", metavar="DATE"),
        Param("for", "how long it holds: 1w, 10d; then it is as it was before", metavar="SPAN"),
        on_param(),
    ),
    _capacity,
)
