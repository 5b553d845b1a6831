"""The fast path: the daily words and `milestone` in their common form, without importing the full command line.

It parses by the same declarations and records through the same `Desk` as the slow path, and gives way (None) whenever
the line is anything but plain: an unknown flag, a verb, help, a value that is missing. Tests hold that both parse
alike, and that nothing heavy is imported here. The looks that people type all day, or have in their shell's prompt,
take it too, word for word; they read views, so they import more.
"""

from collections.abc import Mapping, Sequence

from milepost_client import words
from milepost_client.answer import Answer, Flags, write
from milepost_client.device.world import World
from milepost_client.recording.declare import Args, parse
from milepost_client.terminal import Terminal

LOOKS = frozenset(((), ("today",), ("status",), ("status", "--due"), ("inbox",)))


def parsed(argv: Sequence[str]) -> Args | None:
    """The word of `argv` with its parameters, when both are in the common form."""
    found = words.typed(argv)
    if found is None:
        return None
    word, rest = found
    args = parse(word, rest)
    is_whole = args is not None and all(param.name in args for param in word.params if param.needed)
    return args if is_whole else None


def run(argv: Sequence[str], flags: Flags, environ: Mapping[str, str], world: World) -> int | None:
    """Record a daily word or take a look, and print the answer; None when the full command line should do it."""
    terminal = Terminal(flags, environ, world)
    answer = looked(argv, terminal)
    if answer is None:
        args = parsed(argv)
        answer = None if args is None else record(args, terminal)
    return None if answer is None else write(answer, flags, terminal.color)


def looked(argv: Sequence[str], terminal: Terminal) -> Answer | None:
    """The answer of a look that is typed without any choice; None for every other line."""
    if tuple(argv) not in LOOKS:
        return None
    match tuple(argv):
        case ("status",):
            from milepost_client.pages.status import status

            return status(terminal)
        case ("status", "--due"):
            from milepost_client.pages.reminders import due

            return due(terminal)
        case ("inbox",):
            from milepost_client.pages.inbox import inbox

            return inbox(terminal)
        case _:
            from milepost_client.pages.today import today

            return today(terminal)


def record(args: Args, terminal: Terminal) -> Answer:
    """Plan and append what a daily word says."""
    with terminal.desk() as desk:
        return desk.record(args.word.plan(desk, args))
