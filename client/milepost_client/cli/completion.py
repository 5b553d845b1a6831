"""Shell completion: short scripts that ask `mp` itself, so that they never go stale and know the member's names.

The shell calls `mp _complete WORD...` with the words so far, the last being completed, and gets `value<TAB>sentence`
lines.
"""

import os
from collections.abc import Iterator, Sequence
from typing import Any

from milepost.errors import MilepostError
from milepost_client.answer import FLAG_HELP
from milepost_client.cli.frame import options_of, sentence_of
from milepost_client.cli.index import MODULES
from milepost_client.recording.declare import choose
from milepost_client.terminal import Terminal

SHELLS = ("bash", "zsh", "fish")
NAMES_MAX = 50
_NAMED = ("goal", "milestone", "skill", "contact", "metric", "role", "value", "position")
# Commands that take names of one kind only; all others take any.
_TAKES = {"rate": ("skill",), "touch": ("contact",)} | {kind: (kind,) for kind in _NAMED if kind != "goal"}

_BASH = """_milepost() {
    local IFS=$'\\n' value
    COMPREPLY=()
    while IFS=$'\\t' read -r value _; do
        [ -n "$value" ] && COMPREPLY+=("$(printf '%q' "$value")")
    done < <(PROGRAM _complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o nosort -F _milepost mp milepost"""

_ZSH = """#compdef mp milepost
_milepost() {
    local -a found
    local value sentence
    while IFS=$'\\t' read -r value sentence; do
        found+=("${value//:/\\\\:}:$sentence")
    done < <(PROGRAM _complete "${(@)words[2,CURRENT]}" 2>/dev/null)
    _describe -V milepost found
}
# From a folder of fpath this file is the function that Tab calls, under the file's name; else it is being sourced.
case $funcstack[1] in
    _mp | _milepost) _milepost "$@" ;;
    *) compdef _milepost mp milepost ;;
esac"""

_FISH = """function __milepost
    set -l words (commandline -opc) (commandline -ct)
    PROGRAM _complete $words[2..-1] 2>/dev/null
end
complete -c mp -f -a '(__milepost)'
complete -c milepost -f -a '(__milepost)'"""


def script(shell: str) -> str:
    """The script that a shell sources. Raises UsageError for a shell we do not know."""
    scripts = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
    return scripts[choose(shell, SHELLS, "shell")].replace("PROGRAM", "milepost")


def candidates(root: Any, words: Sequence[str], where: Terminal) -> list[tuple[str, str]]:
    """What the last of `words` may become, with a sentence each."""
    *before, typed = words or [""]
    command, path = _command(root, before)
    if typed.startswith("-"):
        found = [*_flags(command), *((flag, text) for flags, text in FLAG_HELP for flag in flags.split(", "))]
    elif hasattr(command, "commands"):
        found = [(name, sentence_of(_child(root, command, name))) for name in _children(root, command)]
    elif path == ["import"]:
        found = list(_imports(before[1:], typed))
    else:
        found = list(_names(where, path, typed))
    return [(value, text) for value, text in found if value.casefold().startswith(typed.casefold())]


def _command(root: Any, before: Sequence[str]) -> tuple[Any, list[str]]:
    command = root
    path: list[str] = []
    for word in before:
        child = _child(root, command, word) if hasattr(command, "commands") else None
        if child is None:
            break
        command, path = child, [*path, word]
    return command, path


def _children(root: Any, command: Any) -> list[str]:
    return list(MODULES) if command is root else list(command.commands)


def _child(root: Any, command: Any, name: str) -> Any:
    return root.get_command(None, name) if command is root else command.commands.get(name)


def _flags(command: Any) -> Iterator[tuple[str, str]]:
    for flags, text in options_of(command):
        yield flags.split(" ")[0] if "," not in flags else flags.split(", ")[1].split(" ")[0], text


def _imports(before: Sequence[str], typed: str) -> Iterator[tuple[str, str]]:
    """What `import` takes: a format, then a file."""
    from milepost_client.imports.formats import FORMATS

    if not before:
        yield from ((one.name, one.says) for one in FORMATS)
    elif len(before) == 1:
        yield from _files(typed)


def _files(typed: str) -> Iterator[tuple[str, str]]:
    folder, slash, beginning = typed.rpartition("/")
    try:
        with os.scandir(folder + slash or ".") as entries:
            for entry in sorted(entries, key=lambda one: one.name):
                if entry.name.startswith(beginning or "") and (beginning or not entry.name.startswith(".")):
                    yield folder + slash + entry.name + ("/" if entry.is_dir() else ""), ""
    except OSError:
        return


def _names(where: Terminal, path: Sequence[str], typed: str) -> Iterator[tuple[str, str]]:
    """The member's own names, where a command takes one."""
    try:
        with where.desk() as desk:
            for named in desk.seen.named(_TAKES.get(path[0] if path else "", _NAMED), typed, NAMES_MAX):
                yield named.name or named.id, named.kind
    except MilepostError:
        # Half a command line is no place to complain; the command itself will.
        return
