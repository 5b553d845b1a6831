"""What is said and asked when an account comes back. The words may come from a pipe, as any secret may."""

import sys

from milepost.errors import UsageError
from milepost_client.account.recovering import recover
from milepost_client.answer import Answer, Look
from milepost_client.render.counted import counted
from milepost_client.terminal import Terminal


def recover_this(where: Terminal, server: str) -> Answer:
    """Make this machine a device of the account that the twelve words are of."""
    done = recover(where.home, where.world, server, typed_words(where), lambda key: is_right(where, server, key))
    data = {"server": server, **done._asdict()}

    def text(look: Look) -> list[str]:
        received = counted(done.pulled, "entry", "entries")
        lines = [f"{look.paint('✓', 'good')} your account is back: {received} received, {done.keys} keys opened"]
        if done.set_aside:
            lines.append(
                f"  {done.copied} entries that only this device had were copied; its old log: {done.set_aside}"
            )
        return lines

    talk = ("next: mp status", "a device that is lost: mp device list, then mp device revoke DEVICE")
    return Answer("recover/1", data, text, [(server, done.pulled, done.keys, done.copied)], talk=talk)


def typed_words(where: Terminal) -> str:
    """The twelve words, asked for or read from a pipe."""
    if where.can_ask:
        return where.ask("The twelve words?")
    if sys.stdin.isatty() or where.flags.no_input:
        raise UsageError("the twelve words are asked for", code="missing", remedy="leave --no-input out")
    return where.read_text()


def is_right(where: Terminal, server: str, key: str) -> bool:
    """Whether the server with that key is the right one."""
    return where.confirm(f"{server} has the key {key}. Is that your server?")
