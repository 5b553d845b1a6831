"""`evidence outcome|offering|pay`: what came of it, and what it is worth. Prices and pay stay on one's own devices."""

from milepost.errors import UsageError
from milepost_client.recording.amounts import read_value
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.declare import Args, Param, Word, of_param, on_param, read_whole
from milepost_client.recording.prices import minor_units, say_price
from milepost_client.words.people import CLASSES

OUTCOMES = (
    "relationship",
    "introduction",
    "referral",
    "invitation",
    "interview_request",
    "direct_message",
    "offer",
    "endorsement",
)
_PRIVATE = "on your devices only"


def _outcome(desk: Desk, args: Args) -> Plan:
    kind = args.choice("kind") or args.needed("kind")
    contacts = list(dict.fromkeys(desk.find(("contact",), typed).id for typed in args.many("contact")))
    typed = args.text("count")
    count = max(1, len(contacts)) if typed is None else read_whole(typed, "count")
    values = {
        "kind": kind,
        "count": count,
        "contacts": contacts or None,
        "class": args.choice("class"),
        "ref": desk.refs(args.many("of")),
        "details": desk.words(args.text("details")),
    }
    says = f"{kind.replace('_', ' ')} recorded"
    details = (str(count),) if count > 1 else ()
    return Plan((Intent("outcome.recorded", values),), says, None, desk.on(args), details, "mp evidence outcome list")


OUTCOME = Word(
    "evidence outcome",
    "Record what came of it: a referral, an invitation, an offer.",
    (
        "mp evidence outcome referral --contact dana --contact elif",
        "mp evidence outcome interview_request --count 3 --of CSPO",
        'mp evidence outcome invitation --details "product review panel"',
    ),
    (
        Param("kind", "what it was: " + ", ".join(OUTCOMES), 1, metavar="KIND", choices=OUTCOMES, needed=True),
        Param("count", "how many; the number of contacts if not given", metavar="N"),
        Param("contact", "from whom, or with whom; may be repeated", metavar="CONTACT", many=True),
        Param("class", "what people without a name are: " + ", ".join(CLASSES), metavar="CLASS", choices=CLASSES),
        Param("details", "in words"),
        of_param(),
        on_param(),
    ),
    _outcome,
)


def _offering(desk: Desk, args: Args) -> Plan:
    offering, is_new = desk.find_or_name("offering", args.needed("name"), new=args.flag("new"))
    currency = args.needed("currency").upper()
    amount = minor_units(args.needed("price"), currency)
    values = {
        "offering": offering.id,
        "name": offering.name,
        "amount": amount,
        "currency": currency,
        "per": args.text("per"),
        "rationale": desk.words(args.text("why")),
        "over": desk.over(offering, "priced"),
    }
    details = (say_price(amount, currency, args.text("per")), _PRIVATE)
    says = "offering priced" if is_new else "price changed"
    next_ = 'mp metric "bookings" 1 --own --of {id}'
    return Plan((Intent("offering.priced", values),), says, offering, desk.on(args), details, next_)


OFFERING = Word(
    "evidence offering",
    "Price something of your own; nobody else can even tell that you did.",
    ('mp evidence offering "Portfolio review" 45 EUR --per hour --why "what two people would pay"',),
    (
        Param("name", "what you offer", 1, metavar="NAME", needed=True),
        Param("price", "the price: 45 or 45.50", 2, metavar="PRICE", needed=True),
        Param("currency", "its currency: EUR, USD, JPY", 3, metavar="CURRENCY", needed=True),
        Param("per", "for how much of it: hour, month, piece"),
        Param("why", "why this price"),
        Param("new", "take it as a new offering, however near another name is", flag=True),
        on_param(),
    ),
    _offering,
)


def _pay(desk: Desk, args: Args) -> Plan:
    typed = args.needed("change")
    reading = read_value(typed, "change")
    if reading.unit not in (None, "percent"):
        raise UsageError(f"change {typed!r} is not a percentage", code="number", field="change", remedy="try +25%")
    values = {"percentage": reading.value, "details": desk.words(args.text("details"))}
    return Plan(
        (Intent("pay.changed", values),),
        f"pay {'down' if reading.value.startswith('-') else 'up'} {reading.value.removeprefix('-')} %",
        None,
        desk.on(args),
        (_PRIVATE,),
        "mp evidence pay list",
    )


PAY = Word(
    "evidence pay",
    "Note by how many percent your pay changed; nobody else can even tell that you did.",
    ("mp evidence pay +25%", 'mp evidence pay -5% --details "four days a week"'),
    (
        Param("change", "by how many percent: +25% or -5%", 1, metavar="CHANGE", needed=True),
        Param("details", "in words"),
        on_param(),
    ),
    _pay,
)
