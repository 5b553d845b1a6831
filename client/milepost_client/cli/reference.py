"""The reference of the command line, made from the commands themselves: one Markdown page, one man page."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from milepost_client.answer import FLAG_HELP
from milepost_client.cli.app import root
from milepost_client.cli.frame import Group, examples_of, options_of, sentence_of, usage_of
from milepost_client.cli.index import GROUPS, LISTS
from milepost_client.cli.overview import SENTENCE
from milepost_client.cli.topics import TOPICS
from milepost_client.device.config import SETTINGS


class Entry(NamedTuple):
    """One command of the reference: how it is typed, and the command itself."""

    path: str
    command: Any


def commands() -> Iterator[Entry]:
    """Every command there is, groups before what is in them."""
    every = root()
    for group in GROUPS.values():
        for name in group:
            yield from _within(f"mp {name}", every.get_command(None, name))
    for name in LISTS:
        yield Entry(f"mp {name}", every.get_command(None, name))


def _within(path: str, command: Any) -> Iterator[Entry]:
    yield Entry(path, command)
    if isinstance(command, Group):
        for name, child in command.commands.items():
            yield from _within(f"{path} {name}", child)


def markdown(generated: str) -> str:
    """docs/reference/cli.md."""
    parts = [generated, "# The command line", SENTENCE + " `milepost` and `mp` are the same program."]
    parts += ["## Flags of every command", _table(FLAG_HELP)]
    parts += ["## Commands", *(_section(entry) for entry in commands())]
    parts += ["## Settings", _settings(), "## Topics"]
    parts += [f"### {name}\n\n```text\n{topic().strip()}\n```" for name, topic in TOPICS.items()]
    parts += ["## JSON", "Every answer to `--json` fits [output.json](schema/output.json)."]
    return "\n\n".join(parts) + "\n"


def _section(entry: Entry) -> str:
    lines = [f"### {entry.path}", sentence_of(entry.command)]
    if examples := examples_of(entry.command):
        lines.append("```sh\n" + "\n".join(examples) + "\n```")
    lines.append(f"Usage: `{usage_of(entry.command, entry.path)}`")
    if options := options_of(entry.command):
        lines.append(_table(options))
    return "\n\n".join(lines)


def _table(rows: Any) -> str:
    return "\n".join(["| flag | meaning |", "|---|---|", *(f"| `{flag}` | {_cell(text)} |" for flag, text in rows)])


def _settings() -> str:
    rows = []
    for one in SETTINGS:
        values = ", ".join(one.choices) or "any text"
        rows.append(f"| `{one.name}` | `{one.variable}` | {values} | {one.default or '(empty)'} | {one.help} |")
    return "\n".join(["| setting | variable | values | default | meaning |", "|---|---|---|---|---|", *rows])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def man() -> str:
    """The man page milepost(1)."""
    lines = ['.TH MILEPOST 1 "" "Milepost" "User Commands"', ".SH NAME", f"milepost, mp \\- {_roff(SENTENCE)}"]
    lines += [".SH SYNOPSIS", ".B milepost", "COMMAND [flags]", ".SH OPTIONS OF EVERY COMMAND"]
    lines += _flags(FLAG_HELP)
    lines.append(".SH COMMANDS")
    for entry in commands():
        lines += [".SS " + _roff(usage_of(entry.command, entry.path).replace("mp ", "milepost ", 1))]
        lines += [_roff(sentence_of(entry.command))]
        lines += _flags(options_of(entry.command))
    lines += [".SH EXIT STATUS", ".nf", _roff(TOPICS["exit-codes"]().strip()), ".fi"]
    return "\n".join(lines) + "\n"


def _flags(rows: Any) -> list[str]:
    return [line for flag, text in rows for line in (".TP", f".B {_roff(flag)}", _roff(text))]


def _roff(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("-", "\\-")
    # A line that begins so would be an instruction.
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in escaped.split("\n"))
