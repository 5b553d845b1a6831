"""The grammar of a daily word: its parameters as plain data, read by the fast parser and the full one alike.

Every positional has a flag of the same name; positionals fill, in order, what no flag has filled. Neighbours: one
file a noun beside this one declares words and says what each records; fast.py and cli/daily.py only turn argv into
`Args`. Standard library only.
"""

from collections.abc import Callable, Mapping, Sequence

from milepost.errors import UsageError
from milepost.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from milepost_client.recording.commands import Desk, Plan

Values = Mapping[str, str | list[str] | bool]

OTHER = "other"
# How the day of a goal is said by those who have not met `--due`.
_BY = ("by", "due", "until", "before", "on")
# Positionals that hold words rather than a number or a choice: they are what lacks its quotes.
_TEXTS = ("TEXT", "ID", "TITLE", "SENTENCE")
_UNITS = ("m", "min", "mins", "minute", "minutes", "h", "hr", "hrs", "hour", "hours")
_NEEDED = {"what": "id or name", "minutes": "duration", "of": "id or name"}
"""What a parameter is called where it is missing, if its own name says little."""


class Param(NamedTuple):
    """One parameter. `place` numbers the positionals from 1; `many` may be repeated; `flag` takes no value."""

    name: str
    help: str
    place: int = 0
    metavar: str = "TEXT"
    short: str = ""
    many: bool = False
    flag: bool = False
    choices: tuple[str, ...] = ()
    needed: bool = False

    @property
    def long(self) -> str:
        """The flag as typed."""
        return "--" + self.name.replace("_", "-")


class Word(NamedTuple):
    """One daily word: its sentence, its examples, its parameters, and what it records."""

    name: str
    help: str
    examples: tuple[str, ...]
    params: tuple[Param, ...]
    plan: "Callable[[Desk, Args], Plan]"

    @property
    def positionals(self) -> list[Param]:
        """The positionals in their order."""
        return sorted((param for param in self.params if param.place), key=lambda param: param.place)

    @property
    def usage(self) -> str:
        """The positionals as help writes them: `CONTACT KIND [MINUTES]`."""
        return " ".join(param.metavar if param.needed else f"[{param.metavar}]" for param in self.positionals)


class Args:
    """The bound parameters of one call. A parameter that was not given is None, False or an empty list."""

    __slots__ = ("_values", "word")

    def __init__(self, word: Word, values: Values) -> None:
        self.word = word
        self._values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Args) and (self.word.name, self._values) == (other.word.name, other._values)

    def __repr__(self) -> str:
        return f"Args({self.word.name}, {self._values!r})"

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def put(self, name: str, value: str | list[str]) -> "Args":
        """These parameters, and one more."""
        return Args(self.word, {**self._values, name: value})

    def text(self, name: str) -> str | None:
        """The value of a parameter that takes one."""
        value = self._values.get(name)
        return value if isinstance(value, str) else None

    def needed(self, name: str) -> str:
        """The value of a parameter that must be there. Raises UsageError with an example when it is not."""
        value = self.text(name)
        if value is None:
            raise self.missing(name)
        return value

    def missing(self, name: str, remedy: str = "") -> UsageError:
        """The refusal of a call without a parameter that must be there."""
        message = f"{self.word.name} needs {_article(name)}"
        return UsageError(message, code="missing", field=name, remedy=remedy or f"try: {self.word.examples[0]}")

    def many(self, name: str) -> list[str]:
        """The values of a parameter that may be repeated."""
        value = self._values.get(name, [])
        return list(value) if isinstance(value, list) else []

    def flag(self, name: str) -> bool:
        """Whether a flag was given."""
        return self._values.get(name) is True

    def choice(self, name: str) -> str | None:
        """One of the parameter's choices, which a unique beginning and hyphens may spell."""
        typed = self.text(name)
        if typed is None:
            return None
        choices = next(param.choices for param in self.word.params if param.name == name)
        return choose(typed, choices, name)


def read_whole(text: str, field: str) -> int:
    """A whole number as typed. Raises UsageError; whether it is in range is the catalogue's to say."""
    try:
        return int(text)
    except ValueError:
        raise UsageError(
            f"{field} {text!r} is not a whole number", code="number", field=field, remedy="try 3"
        ) from None


def choose(typed: str, choices: Sequence[str], field: str) -> str:
    """The choice that `typed` spells or begins. Raises UsageError listing them when it is none, or several."""
    wanted = typed.strip().lower().replace("-", "_")
    if wanted in choices:
        return wanted
    fits = [choice for choice in choices if wanted and choice.startswith(wanted)]
    if len(fits) == 1:
        return fits[0]
    several = f"several begin so: {', '.join(fits)}" if fits else ""
    raise UsageError(
        f"{field} {typed!r} is not one of {', '.join(choices)}",
        code="choice",
        field=field,
        remedy=several or (f"try: {OTHER}" if OTHER in choices else f"try: {choices[0]}"),
    )


def bind(word: Word, positionals: Sequence[str], options: Values) -> Args:
    """The parameters of one call. Raises UsageError for a positional too many."""
    values = dict(options)
    open_places = [param for param in word.positionals if param.name not in values]
    if len(positionals) > len(open_places):
        raise UsageError(
            f"{word.name} takes {_count(len(word.positionals))}, and {positionals[len(open_places)]!r} is one too many",
            code="extra",
            remedy=_quoted(word, positionals),
        )
    values.update({param.name: value for param, value in zip(open_places, positionals, strict=False)})
    return Args(word, values)


def parse(word: Word, argv: Sequence[str]) -> Args | None:
    """`argv` bound, when it is in the common form; None for everything the full command line should answer."""
    by_flag = {param.long: param for param in word.params}
    by_flag.update({param.short: param for param in word.params if param.short})
    positionals: list[str] = []
    options: dict[str, str | list[str] | bool] = {}
    rest = iter(argv)
    for token in rest:
        if not is_option(token):
            positionals.append(token)
            continue
        name, equals, value = token.partition("=") if token.startswith("--") else (token, "", "")
        param = by_flag.get(name)
        if param is None or (param.flag and equals):
            return None
        if not param.flag and not equals:
            value = next(rest, "--")
            if is_option(value):
                return None
        _put(options, param, value)
    try:
        return bind(word, positionals, options)
    except UsageError:
        return None


def is_option(token: str) -> bool:
    """Whether a token is read as a flag: `-` and a digit is a value, so no flag is ever numeric."""
    return len(token) > 1 and token[0] == "-" and not token[1].isdigit()


def _put(options: dict[str, str | list[str] | bool], param: Param, value: str) -> None:
    if param.flag:
        options[param.name] = True
    elif param.many:
        before = options.get(param.name, [])
        options[param.name] = [*(before if isinstance(before, list) else []), value]
    else:
        options[param.name] = value


def _quoted(word: Word, typed: Sequence[str]) -> str:
    """How a line with a word too many was probably meant: the words of its text in quotes, its day behind a flag."""
    if not word.positionals:
        return f"as in: {word.examples[0]}"
    if len(whole := _with_units(typed)) <= len(word.positionals):
        return f"did you mean: mp {word.name} {' '.join(whole)}"
    if len(typed) > 2 and typed[-2].lower() in _BY and any(param.name == "due" for param in word.params):
        return f"did you mean: mp {word.name} {_in_quotes(typed[:-2])} --due {typed[-1]}"
    count = len(typed) - len(word.positionals) + 1
    if word.positionals[-1].metavar in _TEXTS:
        parts = [*typed[:-count], _in_quotes(typed[-count:])]
    else:
        parts = [_in_quotes(typed[:count]), *typed[count:]]
    return f"put texts of several words in quotes: mp {word.name} {' '.join(parts)}"


def _with_units(typed: Sequence[str]) -> list[str]:
    """`90 minutes` as the one word that it should have been."""
    joined: list[str] = []
    for word in typed:
        if joined and joined[-1].isdigit() and word.lower() in _UNITS:
            joined[-1] += word[0].lower()
        else:
            joined.append(word)
    return joined


def _in_quotes(texts: Sequence[str]) -> str:
    text = " ".join(texts)
    return f'"{text}"' if '"' not in text else f"'{text}'"


def _article(name: str) -> str:
    named = _NEEDED.get(name, name.replace("_", " "))
    return ("an " if named[0] in "aeiou" else "a ") + named


def _count(count: int) -> str:
    return "one value" if count == 1 else f"{count} values"


def on_param() -> Param:
    """`--on`, which every word has: the day it happened."""
    return Param("on", "the day it happened; today if not given", metavar="DATE", short="-d")


def of_param() -> Param:
    """`--of`: what the entry hangs off."""
    return Param("of", "what it belongs to: an id, or a name; may be repeated", metavar="ID", many=True)
