"""Repair: of what is sound here and what the server has, a whole log; the damaged one is set aside, untouched.

The new log is built and synced beside the old one, and takes its place only when all of it is there. Entries that can
still be read, but stood behind damage and had not been sent, are copied; what is lost is named. Repair never guesses:
what it cannot prove it leaves behind.
"""

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from milepost.errors import MilepostError, StorageError
from milepost_client.account.copying import copy_entries
from milepost_client.account.pairing import export_secrets
from milepost_client.care.checking import drift_of
from milepost_client.care.sound import Sound
from milepost_client.care.verify import DAMAGE, fits_hash, verify
from milepost_client.device.home import Home
from milepost_client.device.installation import here
from milepost_client.device.secrets import NAMES, FileSecrets, secrets_of
from milepost_client.device.swap import building_place, swap_in
from milepost_client.device.world import World
from milepost_client.exports.replay import replay
from milepost_client.store.log import REPAIRED, Log
from milepost_client.store.settings import URL_SETTING
from milepost_client.sync.sync import sync_once
from milepost_client.views.views import Views

DRIFT = "DRIFT"


class Repaired(NamedTuple):
    """What was done: `codes` were found; events kept from here, received from the server, copied; and those lost."""

    codes: tuple[str, ...]
    kept: int = 0
    received: int = 0
    copied: int = 0
    left_behind: tuple[str, ...] = ()
    set_aside: str | None = None


def damage(home: Home, world: World) -> tuple[str, ...]:
    """What `verify --deep` calls damage here; empty where there is none. Raises NotFound where nothing is recorded."""
    verdict = verify(home, world, deep=True, drift=drift_of(home))
    return tuple(code for code in verdict.codes if code in DAMAGE)


def repair(home: Home, world: World, codes: Sequence[str]) -> Repaired:
    """Repair what `damage` found.

    Raises Unreachable where a server was joined and does not answer: it may have what is damaged here. Raises
    StorageError for a file that cannot be read at all; nothing has changed then.
    """
    if tuple(codes) == (DRIFT,):
        with Log.open(home, world) as log, Views.open(home, log) as views:
            views.rebuild()
        return Repaired(tuple(codes))
    built = building_place(home)
    for name in NAMES:
        secret = secrets_of(home).get(name)
        if secret is not None:
            FileSecrets(built.keys).put(name, secret)
    with Log.open(home, world) as old:
        sound = _sound(old)
        with Log.open(built, world, create=True, secrets=FileSecrets(built.keys)) as new:
            kept = replay(new, sound.lines()).events
            _go_on(new)
        received = sync_once(built, world).pulled if old.setting(URL_SETTING) else 0
        copied, left_behind = _bring_the_rest(built, world, old, sound)
    if copied and received:
        sync_once(built, world)
    export_secrets(home)
    set_aside = swap_in(home, built)
    with Log.open(home, world) as log:
        log.claim(here(home.log))
    return Repaired(tuple(codes), kept, received, copied, left_behind, set_aside)


def _sound(old: Log) -> Sound:
    try:
        return Sound(old)
    except MilepostError as error:
        raise StorageError(
            f"too little of the log can be read: {error.message}",
            code="beyond_repair",
            remedy="copy the folder; then pair a fresh home, or `mp init --recover SERVER`",
        ) from None


def _go_on(new: Log) -> None:
    with new.transaction():
        new.connection.execute("UPDATE replica SET fresh_epoch = ?", (REPAIRED,))


def _bring_the_rest(built: Home, world: World, old: Log, sound: Sound) -> tuple[int, tuple[str, ...]]:
    """Copy the readable entries of this device that came back from nowhere; how many, and what is lost."""
    with Log.open(built, world) as new:
        missing = [one for one in sound.readable if new.get(one.event.id) is None]
        whole = [one for one in missing if fits_hash(one.event) and one.event.device == old.device]
        copied = copy_entries(whole, new)
        gone = [f"{one.event.type} at seq {one.event.seq}" for one in missing if one not in whole]
        gone += _unread(old, new, {one.n for one in sound.readable})
    return copied, tuple(gone)


def _unread(old: Log, new: Log, read: Container[int]) -> Iterator[str]:
    """Events that cannot be read here and that nobody else had."""
    branches = {branch.n: branch for branch in old.reader.branches()}
    for n, (line, seq) in old.places([n for n in range(1, old.count + 1) if n not in read]).items():
        branch = branches[line]
        if not any(
            each.device == branch.device and each.epoch == branch.epoch and _reaches(new, each.n, each.first_seq, seq)
            for each in new.reader.branches()
        ):
            yield f"event {n}, seq {seq}, which cannot be read"


def _reaches(new: Log, line: int, first_seq: int, seq: int) -> bool:
    tip = new.tip(line)
    return tip is not None and first_seq <= seq <= tip.seq
