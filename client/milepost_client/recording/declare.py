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
            raise UsageError(
                f"{self.word.name} needs {_article(name)}",
                code="missing",
                field=name,
                remedy=f"try: {self.word.examples[0]}",
            )
        return value

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
    raise UsageError(f"{field} {typed!r} is not one of {', '.join(choices)}", code="choice", field=field)


def bind(word: Word, positionals: Sequence[str], options: Values) -> Args:
    """The parameters of one call. Raises UsageError for a positional too many."""
    values = dict(options)
    open_places = [param for param in word.positionals if param.name not in values]
    if len(positionals) > len(open_places):
        raise UsageError(
            f"{word.name} takes {_count(len(word.positionals))}, and {positionals[len(open_places)]!r} is one too many",
            code="extra",
            remedy=f"quote texts of several words, as in: {word.examples[0]}",
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


def _article(name: str) -> str:
    return ("an " if name[0] in "aeiou" else "a ") + name.replace("_", " ")


def _count(count: int) -> str:
    return "one value" if count == 1 else f"{count} values"


def on_param() -> Param:
    """`--on`, which every word has: the day it happened."""
    return Param("on", "the day it happened; today if not given", metavar="DATE", short="-d")


def of_param() -> Param:
    """`--of`: what the entry hangs off."""
    return Param("of", "what it belongs to: an id, or a name; may be repeated", metavar="ID", many=True)
