"""Pairing over HTTP: `init --pair` on the new device, `device add` on an old one.

`milepost.pairing` decides what is said; this carries the blobs over the server's meeting place and writes what
follows. The command line implements `NewPrompts` and `OldPrompts`; each is called at most once, in the order in which
they stand there.
"""

import io
import json
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

import segno

from milepost import pairing
from milepost.errors import StorageError
from milepost.ids import base64url
from milepost.keys import SEED_BYTES, wrap, wrap_info
from milepost.pairing import NewDevice, OldDevice, PairingFailed, Welcomed
from milepost.trust import facts_of
from milepost_client.account.copying import copy_entries
from milepost_client.device.home import Home
from milepost_client.device.installation import here, machine_name
from milepost_client.device.secrets import DEVICE, RECOVERY, FileSecrets, secrets_of
from milepost_client.device.swap import building_place, swap_in
from milepost_client.device.world import World
from milepost_client.store.account import device_keys, device_keys_of, enrolled, issued
from milepost_client.store.drafts import Birth
from milepost_client.store.log import Log
from milepost_client.store.trusted import LINEAGE_SETTING, trusted
from milepost_client.sync.join import Server, server_of, settings_of
from milepost_client.sync.sync import SyncReport, sync_once
from milepost_client.sync.web import Web, address

POLL_SECONDS = 0.5


class NewPrompts(Protocol):
    """What the new device says and asks."""

    def show_code(self, code: str, qr: str) -> None:
        """Show the pairing code, and the same as a QR code of block characters. It is no secret."""

    def ask_digits(self) -> str:
        """Ask for the six digits that the old device shows. They are compared once."""


class OldPrompts(Protocol):
    """What the old device says and asks."""

    def show_digits(self, digits: str) -> None:
        """Show the six digits, to be typed on the new device; return at once."""

    def ask_admit(self, name: str) -> bool:
        """The digits were typed there. Ask whether the device that calls itself `name` is to be let in."""


class Paired(NamedTuple):
    """A new device of the account. `copied` entries came from the log it had before, which now lies in `set_aside`."""

    device: bytes
    copied: int
    set_aside: str | None
    report: SyncReport


class Added(NamedTuple):
    """A device that was let in."""

    device: bytes
    name: str


def pair(
    home: Home, world: World, url: str, prompts: NewPrompts, *, sleep: Callable[[float], None] = time.sleep
) -> Paired:
    """Make this device one of an account that lives on others. Blocks until the old one let it in, or five minutes.

    Entries recorded here before are copied into the account; their log is set aside, whole. Raises PairingFailed,
    Unreachable, StorageError; until the end nothing here has changed then.
    """
    web = Web(address(url))
    seeds = world.random(2 * SEED_BYTES)
    new = NewDevice(device_keys_of(seeds), world.random(pairing.NONCE_BYTES))
    table = _Table(web, new.code.rendezvous, sleep)
    table.put(pairing.OFFER, new.offer)
    prompts.show_code(new.code.text, _qr(new.code.text))
    table.put(pairing.REVEAL, new.answered(table.wait(pairing.ANSWER)))
    table.put(pairing.CONFIRM, new.confirm(prompts.ask_digits(), machine_name()))
    welcomed = new.welcomed(table.wait(pairing.WELCOME))
    copied, set_aside = _move_into(home, world, seeds, welcomed, Server(web.server, welcomed.account.server_key))
    return Paired(welcomed.enrolment.device, copied, set_aside, sync_once(home, world))


def add_device(
    home: Home, world: World, code: str, prompts: OldPrompts, *, sleep: Callable[[float], None] = time.sleep
) -> Added:
    """Let a new device into this account: the code is what it shows. Blocks until its member typed the digits there.

    Raises PairingFailed, PairingNeeded where no server was joined, Unreachable. Syncs before and after, so that whoever
    meets the new device knows the old one.
    """
    read = pairing.Code.read(code)
    sync_once(home, world)
    with Log.open(home, world) as log:
        server, keys, trust = server_of(log), device_keys(log.secrets), trusted(log)
        root = trust.enrolments[log.device]
        account = pairing.Account(root.identity, root.recovery, server.key)
        old = OldDevice(read, keys, account, world.random(pairing.NONCE_BYTES))
        table = _Table(Web(server.address), read.rendezvous, sleep)
        old.offered(table.wait(pairing.OFFER))
        table.put(pairing.ANSWER, old.answer)
        prompts.show_digits(old.revealed(table.wait(pairing.REVEAL)))
        name = old.confirmed(table.wait(pairing.CONFIRM))
        if not prompts.ask_admit(name):
            raise PairingFailed(f"{name} was not let in", code="pairing_declined")
        log.append(
            [
                issued(world, kid, {base64url(old.device): wrap(key, old.agreement, wrap_info(log.user, kid))})
                for kid, key in trust.user_keys(log.device, keys.agreement).items()
            ]
        )
        welcome = old.welcome(trust.lineage(log.device))
    sync_once(home, world)
    table.put(pairing.WELCOME, welcome)
    return Added(old.device, name)


class _Table:
    """The meeting place of one attempt: a few slots, each written once, gone after five minutes."""

    def __init__(self, web: Web, rendezvous: str, sleep: Callable[[float], None]) -> None:
        self._web = web
        self._path = f"/v1/pairing/{rendezvous}"
        self._sleep = sleep

    def put(self, slot: str, blob: bytes) -> None:
        """Lay a blob into a slot."""
        self._web.put_blob(f"{self._path}/{slot}", blob)

    def wait(self, slot: str) -> bytes:
        """The blob in a slot, once it is there. Raises PairingFailed after five minutes."""
        for _ in range(round(pairing.LIFETIME_SECONDS / POLL_SECONDS)):
            blob = self._web.get_blob(f"{self._path}/{slot}")
            if blob:
                return blob
            self._sleep(POLL_SECONDS)
        raise PairingFailed("the other device did not answer within five minutes", remedy="begin again with a new code")


def _move_into(home: Home, world: World, seeds: bytes, welcomed: Welcomed, server: Server) -> tuple[int, str | None]:
    """Build the paired home, with the entries of the log that is here, and put it in place."""
    built = building_place(home)
    secrets = FileSecrets(built.keys)
    secrets.put(DEVICE, seeds)
    lineage = json.dumps([facts_of(each) for each in welcomed.lineage]).encode("ascii")
    birth = Birth(
        welcomed.account.user,
        welcomed.enrolment.device,
        (enrolled(world, welcomed.enrolment, machine_name()),),
    )
    with Log.open(built, world, create=True, secrets=secrets) as new:
        new.begin(birth, [*settings_of(server), (LINEAGE_SETTING, lineage)])
        copied = _copy_old(home, world, new)
    export_secrets(home)
    set_aside = swap_in(home, built)
    with Log.open(home, world) as log:
        log.claim(here(home.log))
    return copied, set_aside


def _copy_old(home: Home, world: World, new: Log) -> int:
    with Log.open(home, world, create=True) as old:
        if old.is_born and old.user == new.user:
            raise StorageError("this device belongs to that account already", remedy="use `mp sync`")
        return copy_entries(old.since(), new)


def export_secrets(home: Home) -> None:
    """Put the keys of the log in `home` from the keychain into files, which go aside with it."""
    old, files = secrets_of(home), FileSecrets(home.keys)
    for name in (DEVICE, RECOVERY):
        secret = old.get(name)
        if secret is not None and not isinstance(old, FileSecrets):
            old.drop(name)
            files.put(name, secret)


def _qr(text: str) -> str:
    drawn = io.StringIO()
    segno.make(text.upper(), micro=False).terminal(drawn, compact=True)
    return drawn.getvalue()
