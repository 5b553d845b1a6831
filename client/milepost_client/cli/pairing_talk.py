"""What two devices say and ask while one lets the other in. The six digits may come from a pipe, as any secret may."""

import sys

from milepost.errors import UsageError
from milepost_client.account.pairing import add_device, pair
from milepost_client.account.recovery import save_words
from milepost_client.answer import Answer, Look
from milepost_client.render.counted import counted
from milepost_client.terminal import Terminal


class Talk:
    """Both sides' prompts, on one terminal."""

    def __init__(self, where: Terminal) -> None:
        self._where = where

    def show_code(self, code: str, qr: str) -> None:
        """The new device's code."""
        drawing = qr if sys.stderr.isatty() else ""
        _tell(f"{drawing}On a device that you use already, type:\n\n  mp device add {code}\n")

    def ask_digits(self) -> str:
        """The digits that the old device shows."""
        if self._where.flags.no_input:
            raise UsageError("the six digits are asked for", code="missing", remedy="leave --no-input out")
        return self._where.ask("The six digits that it shows?")

    def show_digits(self, digits: str) -> None:
        """The digits, to be typed over there."""
        _tell(f"Type these six digits on the new device: {digits}")

    def ask_admit(self, name: str) -> bool:
        """Whether the new device may come in."""
        return self._where.confirm(f"Let the device {name!r} into your account?")


def pair_this(where: Terminal, server: str) -> Answer:
    """Join the account of another device."""
    done = pair(where.home, where.world, server, Talk(where))
    data = {"server": server, "copied": done.copied, "set_aside": done.set_aside, "pulled": done.report.pulled}

    def text(look: Look) -> list[str]:
        lines = [
            f"{look.paint('✓', 'good')} this device is in: {counted(done.report.pulled, 'entry', 'entries')} received"
        ]
        if done.set_aside:
            lines.append(f"  {done.copied} entries of this device were copied; its old log lies in {done.set_aside}")
        return lines

    return Answer("pair/1", data, text, [(server, done.report.pulled, done.copied)], talk=("next: mp",))


def add(where: Terminal, code: str) -> Answer:
    """Let a new device in; before the first one, the words are saved."""
    with where.log() as log:
        warnings = save_words(where, log)
    added = add_device(where.home, where.world, code, Talk(where))
    data = {"name": added.name}
    return Answer(
        "device_added/1",
        data,
        lambda look: [f"{look.paint('✓', 'good')} {added.name} is in"],
        [(added.name,)],
        warnings,
        ("next: mp device list",),
    )


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
