"""Whole logs: `jsonl` makes an empty home the log that was exported, `bundle` brings what another device has.

Neither is read as rows: events come as they were written, hashes, signatures and all, and what is here already changes
nothing. The files are read where they are written, in `milepost_client.exports`.
"""

from collections.abc import Callable
from typing import NamedTuple

from milepost.errors import NotFound, StorageError
from milepost.ids import base64url
from milepost_client.answer import Answer, Look
from milepost_client.exports import bundle, jsonl
from milepost_client.exports.lines import EventLine, Opening
from milepost_client.exports.replay import replay
from milepost_client.imports.formats import Format
from milepost_client.imports.source import Source
from milepost_client.render.counted import counted
from milepost_client.store.log import Log
from milepost_client.terminal import Terminal


class Brought(NamedTuple):
    """The events of a log in a file, and how many of them are new here. `talk` is what to know afterwards."""

    events: int
    new: int
    talk: tuple[str, ...] = ()


def imported(where: Terminal, format: Format, source: Source, typed: str, *, is_applied: bool) -> Answer:
    """Look at a log in a file, or take it in. Raises StorageError where it cannot become, or enter, the log here."""
    look, take = _WAYS[format.name]
    with where.log(create=True) as log:
        brought = (take if is_applied else look)(log, source)
    return _answer(format, source, brought, typed, is_written=is_applied and bool(brought.new))


def _look_at_export(log: Log, source: Source) -> Brought:
    with source.data() as data:
        events = 0
        for line in jsonl.read(data):
            if isinstance(line, Opening):
                _refuse_a_second(log, line)
            events += isinstance(line, EventLine)
    return Brought(events, events)


def _replay(log: Log, source: Source) -> Brought:
    _look_at_export(log, source)
    with source.data() as data:
        done = replay(log, jsonl.read(data))
    keys = (
        "this device goes on with it" if done.has_keys else "its keys are not here: read it, or pair this device anew"
    )
    return Brought(done.events, done.events, (keys,))


def _refuse_a_second(log: Log, opening: Opening) -> None:
    if not log.is_born:
        return
    if opening.user == base64url(log.user):
        remedy = "to bring what another device of yours has: mp export bundle there, mp import bundle here"
    else:
        remedy = "it is another member's; set MILEPOST_HOME to a new folder, and import there"
    raise StorageError("there is a log here already, and an export replays into an empty home only", remedy=remedy)


def _look_at_bundle(log: Log, source: Source) -> Brought:
    _needs_a_log(log)
    with source.data() as data:
        return Brought(*bundle.missing(log, bundle.read(data)))


def _take_bundle_in(log: Log, source: Source) -> Brought:
    _needs_a_log(log)
    with source.data() as data:
        return Brought(*bundle.take_in(log, bundle.read(data)))


def _needs_a_log(log: Log) -> None:
    if not log.is_born:
        raise NotFound(
            "a bundle is for a device of your account, and this home has none", remedy="pair it: mp init --pair SERVER"
        )


Way = Callable[[Log, Source], Brought]
_WAYS: dict[str, tuple[Way, Way]] = {"jsonl": (_look_at_export, _replay), "bundle": (_look_at_bundle, _take_bundle_in)}


def _answer(format: Format, source: Source, brought: Brought, typed: str, *, is_written: bool) -> Answer:
    data = {
        "format": format.name,
        "source": source.name,
        "written": is_written,
        "events": brought.events,
        "new": brought.new,
    }
    says = f"{source.name}: {counted(brought.events, 'event')}, {brought.new} new here"
    if is_written:
        state, talk = f"{counted(brought.new, 'event')} written", ("next: mp verify", *brought.talk)
    elif brought.new:
        again = "pipe it again into " if source.is_stdin else ""
        state, talk = "nothing is written yet", (f"to write it: {again}{typed} --apply",)
    else:
        state, talk = "nothing is new, nothing was written", ()

    def text(look: Look) -> list[str]:
        mark = look.paint("✓ ", "good") if is_written else ""
        return [look.paint(says, "bold"), mark + state]

    return Answer("import_log/1", data, text, [(format.name, brought.events, brought.new)], talk=talk)
