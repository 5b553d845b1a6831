"""What is said and asked before an account, or what is on this device, is erased for good."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from milepost.errors import MilepostError, PairingNeeded, UsageError
from milepost.ids import base64url
from milepost_client.account.devices import devices_of
from milepost_client.account.erasure import Erased, erase_account, erase_local, erase_recovered
from milepost_client.answer import Answer, Look, Warn
from milepost_client.cli.recovery_talk import is_right, typed_words
from milepost_client.pod import membership
from milepost_client.render.counted import counted
from milepost_client.store.log import Log
from milepost_client.sync.join import server_of
from milepost_client.terminal import Terminal

_KEPT = "what you recorded stays on this device: mp export, or mp erase --local"


class _Here(NamedTuple):
    """What is about to go, as this device knows it. `name` is what has to be typed."""

    name: str
    server: str
    entries: int
    unsent: int
    pod: str | None
    others: tuple[str, ...]


def erase_this_account(where: Terminal, *, local: bool) -> Answer:
    """Erase the account of this device on its server, and with `local` what is here too."""
    with where.log() as log:
        if not log.is_born:
            raise PairingNeeded("nothing is recorded here yet", code="no_log")
        server_of(log)
        here = _here(log)
        _confirm(where, _account_lines(here, local=local), here.name)
        done = erase_account(log)
        membership.take_away(log)
    return _finish(where, done, here.others, local=local)


def erase_by_words(where: Terminal, server: str, *, local: bool) -> Answer:
    """Erase the account that the twelve words are of."""
    words = typed_words(where)
    done = erase_recovered(server, words, lambda key: _goes_on(where, server, key, local=local))
    return _finish(where, done, (), local=local)


def erase_here(where: Terminal) -> Answer:
    """Delete what is on this device; the account stays where it is."""
    name, lines = "erase", ["This deletes everything that Milepost has on this device: log, views and keys."]
    try:
        with where.log() as log:
            if log.is_born:
                here = _here(log)
                name, lines = here.name, [*lines, *_here_lines(here)]
    except MilepostError:
        # What cannot be opened can be deleted all the same; a deletion that was cut off is finished so.
        lines = [*lines, "  there   nothing that can be read, or a deletion that was not finished"]
    _confirm(where, lines, name)
    return _finish(where, None, (), local=True)


def _here(log: Log) -> _Here:
    try:
        server = server_of(log).address.url
    except PairingNeeded:
        server = ""
    devices = devices_of(log)
    own = next((one.name for one in devices if one.is_this and one.name), "erase")
    place = membership.placed(log)
    others = tuple(one.name or one.short for one in devices if not one.is_this and not one.is_revoked)
    name = membership.own_name(log) or own
    return _Here(name, server, log.count, log.unsent_count(), place.pod_name if place else None, others)


def _account_lines(here: _Here, *, local: bool) -> list[str]:
    pod = f", your place in {here.pod}" if here.pod else ""
    return [
        f"This erases your account at {here.server}, for good. Nobody can bring it back.",
        f"  goes    your {counted(here.entries, 'entry', 'entries')} there, keys, devices, consents and sign-ins{pod},",
        "          what you asked and said, and the answers to it",
        "  stays   counts that your cohort has published, without your name; that there was an account, by its key;",
        "          what others remember or wrote down",
        "  closes  this week of your pod; its earlier totals are hidden",
        *_left_lines(here, local=local),
    ]


def _left_lines(here: _Here, *, local: bool) -> list[str]:
    kept = "is deleted, keys and all" if local else "stays; --local deletes it too"
    lines = [f"  here    what is on this device {kept}"]
    if here.others:
        lines.append(f"  others  {_listed(here.others)}: keeps what it has, and says so at its next sync")
    return lines


def _here_lines(here: _Here) -> list[str]:
    lines = [f"  goes    {counted(here.entries, 'entry', 'entries')}, and the keys that open their texts"]
    if not here.server:
        lines.append("  stays   nothing: these entries are nowhere else")
        return lines
    if here.unsent:
        lines.append(f"  lost    {counted(here.unsent, 'entry', 'entries')} that were never sent: mp sync first")
    lines.append(f"  stays   your account at {here.server}; mp erase --account erases that")
    if not here.others:
        lines.append("  needs   your twelve words: without them nobody comes back to the account from here")
    return lines


def _confirm(where: Terminal, lines: Sequence[str], name: str) -> None:
    """Say what happens, and have the name typed. Raises UsageError for anything else."""
    if where.flags.yes:
        return
    if not where.can_ask:
        raise UsageError("this cannot be taken back, and needs a yes", code="confirm", remedy="add --yes")
    sys.stderr.write("\n".join((*lines, "", "")))
    if where.ask(f"Type {name} to go on:") != name:
        raise UsageError("nothing was erased", code="confirm", remedy="to take a copy first: mp export jsonl")


def _goes_on(where: Terminal, server: str, key: str, *, local: bool) -> bool:
    if not is_right(where, server, key):
        return False
    here = _Here("erase", server, 0, 0, None, ())
    lines = [line for line in _account_lines(here, local=local) if not line.startswith("  goes")]
    _confirm(where, lines, here.name)
    return True


def _finish(where: Terminal, done: Erased | None, others: Sequence[str], *, local: bool) -> Answer:
    warnings = _deleted(where) if local else []
    gone = local and not warnings
    data = {
        "server": done.server if done else None,
        "erased_at": _instant(done.at) if done else None,
        "receipt": base64url(done.signature) if done else None,
        "swept_by": done.swept_by if done else None,
        "local": gone,
        "devices": list(others),
    }

    def text(look: Look) -> list[str]:
        tick = look.paint("✓", "good")
        lines = []
        if done:
            lines.append(f"{tick} your account at {done.server} is erased; the receipt is signed")
            lines.append(f"  its files hold nothing of it by {done.swept_by}, nor does a backup that is put back")
        if gone:
            lines.append(f"{tick} what was on this device is deleted")
        return lines

    talk = [] if gone else [_KEPT]
    talk += [f"{_listed(others)}: keeps what it has; there, mp erase --local deletes it"] if others else []
    return Answer("erased/1", data, text, [tuple(data.values())], warnings, talk)


def _deleted(where: Terminal) -> list[Warn]:
    try:
        erase_local(where.home)
    except MilepostError as error:
        return [Warn(error.code, f"what is on this device is not deleted: {error.message}", None, "mp erase --local")]
    return []


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _instant(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
