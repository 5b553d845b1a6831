"""Settings: flags over `MILEPOST_*` over the user's file over defaults, each with its origin.

The file is TOML, read only when a setting is asked for: the daily words rarely need one. Aliases live in its `[alias]`
table. Neighbours: home.py says where the file is; cli/settings.py types and shows it.
"""

import os
from collections.abc import Iterator, Mapping

from milepost.errors import NotFound, StorageError, UsageError
from milepost.light import NamedTuple
from milepost_client.device.home import make_folder, write_file

ALIAS = "alias"


class Setting(NamedTuple):
    """One setting: its name in the file, what it may be (empty: any text), its default, and a sentence about it."""

    name: str
    choices: tuple[str, ...]
    default: str
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that overrides the file."""
        return "MILEPOST_" + self.name.replace(".", "_").upper()


SETTINGS = (
    Setting("color", ("auto", "always", "never"), "auto", "when to colour; auto means on a terminal that wants it"),
    Setting("editor", (), "", "the editor for long texts; empty means VISUAL, EDITOR, then vi"),
    Setting("input", ("yes", "no"), "yes", "whether to ask on a terminal for what is missing"),
    Setting("nudge.between_goals", ("yes", "no"), "no", "whether to point out four weeks without an open goal"),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


class Value(NamedTuple):
    """A setting's value and where it comes from: `default`, the file's path, or the variable's name."""

    name: str
    value: str
    origin: str


class Config:
    """The settings of one home. `overrides` are what flags said; the file is read on first need."""

    def __init__(self, path: str, environ: Mapping[str, str] = os.environ, **overrides: str) -> None:
        self.path = path
        self._environ = environ
        self._overrides = overrides
        self._file: dict[str, str] | None = None

    def get(self, name: str) -> str:
        """The value in force.

        Raises NotFound for a name that is no setting, UsageError for a value that is no choice.
        """
        return self.look(name).value

    def look(self, name: str) -> Value:
        """The value in force and its origin."""
        setting = _setting(name)
        if name in self._overrides:
            return Value(name, self._overrides[name], "flag")
        if (from_environment := self._environ.get(setting.variable)) is not None:
            return Value(name, _checked(setting, from_environment, setting.variable), setting.variable)
        if (from_file := self.file().get(name)) is not None:
            return Value(name, _checked(setting, from_file, self.path), self.path)
        return Value(name, setting.default, "default")

    def all(self) -> Iterator[Value]:
        """Every setting in force, then every alias."""
        for setting in SETTINGS:
            yield self.look(setting.name)
        for name, words in self.aliases().items():
            yield Value(f"{ALIAS}.{name}", words, self.path)

    def aliases(self) -> dict[str, str]:
        """The member's own words and what each stands for."""
        prefix = ALIAS + "."
        return {name.removeprefix(prefix): value for name, value in self.file().items() if name.startswith(prefix)}

    def file(self) -> dict[str, str]:
        """The file as dotted names; empty when there is none."""
        if self._file is None:
            self._file = _flat(_read(self.path))
        return self._file

    def put(self, name: str, value: str | None) -> None:
        """Write one setting or alias to the file, or take it out (None); comments and order stay."""
        if not name.startswith(ALIAS + "."):
            setting = _setting(name)
            if value is not None:
                _checked(setting, value, name)
        _write(self.path, _edited(_read(self.path), name, value))
        self._file = None


def _setting(name: str) -> Setting:
    setting = _BY_NAME.get(name)
    if setting is None:
        from difflib import get_close_matches

        near = get_close_matches(name, _BY_NAME, n=1)
        remedy = f"did you mean: {near[0]}" if near else "see: mp config list"
        raise NotFound(f"there is no setting {name!r}", field="name", remedy=remedy)
    return setting


def _checked(setting: Setting, value: str, origin: str) -> str:
    if setting.choices and value not in setting.choices:
        choices = ", ".join(setting.choices)
        raise UsageError(
            f"{origin} says {setting.name} is {value!r}, which is not one of {choices}", field=setting.name
        )
    return value


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8 text", remedy="see: mp config path") from None


def _write(path: str, text: str) -> None:
    make_folder(os.path.dirname(path))
    write_file(path, text.encode("utf-8"))


def _flat(text: str) -> dict[str, str]:
    if not text:
        return {}
    # Imported here: it costs a daily word three milliseconds, and most homes have no file.
    import tomllib

    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the settings file is not TOML: {error}", remedy="see: mp config path") from None
    return dict(_leaves(tree, ""))


def _leaves(tree: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        elif isinstance(value, bool):
            yield prefix + key, "yes" if value else "no"
        else:
            yield prefix + key, str(value)


def _edited(text: str, name: str, value: str | None) -> str:
    """`text` with one `key = "value"` line set, added or taken out, in the table that the dotted name says."""
    table, _, key = name.rpartition(".")
    lines = text.splitlines()
    first, last = _table(lines, table)
    line = None if value is None else f"{key} = {_quoted(value)}"
    for number in range(first, last):
        if lines[number].partition("=")[0].strip() == key:
            lines[number : number + 1] = [] if line is None else [line]
            break
    else:
        if line is not None:
            header = [] if first <= last else ["", f"[{table}]"] if lines else [f"[{table}]"]
            place = last if first <= last else len(lines)
            lines[place:place] = [*header, line]
    return "\n".join(lines) + "\n" if lines else ""


def _table(lines: list[str], table: str) -> tuple[int, int]:
    """Where the lines of `table` begin and end; the first after the second when there is no such table."""
    heads = [number for number, line in enumerate(lines) if line.lstrip().startswith("[")]
    ends = [*heads, len(lines)]
    if not table:
        return 0, ends[0]
    for head, end in zip(heads, ends[1:], strict=True):
        if lines[head].strip() == f"[{table}]":
            return head + 1, end
    return 1, 0


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    if not escaped.isprintable():
        raise UsageError("a setting is one line of text", field="value")
    return f'"{escaped}"'
