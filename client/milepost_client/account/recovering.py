"""Recovery: of twelve words, a server and an empty machine, a new device of the account, let in by its root.

The words make the identity, which signs the enrolment, and the key that every user key is wrapped to. The new home is
built and synced beside the old one and takes its place only when all of it is there; the old log is set aside, whole,
and what it alone held is copied. The words are used and forgotten: whoever typed them has them.
"""

from collections.abc import Callable
from typing import NamedTuple

from milepost.errors import StorageError, UsageError
from milepost.ids import base64url
from milepost.keys import SEED_BYTES, Identity, enrol, name_of, secret_of, wrap, wrap_info
from milepost_client.account.copying import copy_entries
from milepost_client.account.pairing import export_secrets
from milepost_client.device.home import Home
from milepost_client.device.installation import here, machine_name
from milepost_client.device.secrets import DEVICE, FileSecrets
from milepost_client.device.swap import building_place, swap_in
from milepost_client.device.world import World
from milepost_client.store.account import device_keys_of, enrolled, issued
from milepost_client.store.drafts import Birth
from milepost_client.store.log import Log
from milepost_client.store.trusted import trusted
from milepost_client.sync.join import Server, key_in, settings_of
from milepost_client.sync.sync import sync_once
from milepost_client.sync.web import Web, address


class Recovered(NamedTuple):
    """What came back: events received, user keys opened; `copied` entries of the log that now lies in `set_aside`."""

    pulled: int
    keys: int
    copied: int
    set_aside: str | None


def recover(home: Home, world: World, url: str, words: str, is_right: Callable[[str], bool]) -> Recovered:
    """Make this machine a new device of the account that the words are of.

    `is_right` is shown the id of the server's key, and says whether to go on. Raises CheckRefused for wrong words
    before anything is written or sent, UsageError where the key is not the right one, Unreachable, and what the server
    says; until the end nothing here has changed then.
    """
    identity = Identity.from_secret(secret_of(words))
    web = Web(address(url))
    key = key_in(web.get("/v1/server"), "public", "key")
    if not is_right(base64url(name_of(key))):
        raise UsageError("nothing was sent and nothing was written", code="confirm", remedy="ask for the right address")
    built = building_place(home)
    _begin(built, world, identity, Server(web.server, key))
    pulled = sync_once(built, world).pulled
    keys, copied = _take_keys(built, world, identity), _copy_old(home, built, world)
    # With the keys, what came sealed is opened, and what is new here can be sent.
    sync_once(built, world)
    export_secrets(home)
    set_aside = swap_in(home, built)
    with Log.open(home, world) as log:
        log.claim(here(home.log))
    return Recovered(pulled, keys, copied, set_aside)


def _begin(built: Home, world: World, identity: Identity, server: Server) -> None:
    """A log whose first event is this device's enrolment, signed by the identity."""
    seeds = world.random(2 * SEED_BYTES)
    FileSecrets(built.keys).put(DEVICE, seeds)
    keys = device_keys_of(seeds)
    enrolment = enrol(keys, identity.signing.public, identity.recovery.public, None, identity.signing)
    with Log.open(built, world, create=True) as log:
        birth = Birth(identity.user, keys.device, (enrolled(world, enrolment, machine_name()),))
        log.begin(birth, settings_of(server))


def _take_keys(built: Home, world: World, identity: Identity) -> int:
    """Wrap every user key that recovery can open to this device; how many."""
    with Log.open(built, world) as log:
        trust = trusted(log)
        own = trust.enrolments[log.device]
        keys = trust.user_keys(None, identity.recovery)
        wraps = [
            issued(world, kid, {base64url(own.device): wrap(key, own.agreement, wrap_info(log.user, kid))})
            for kid, key in keys.items()
        ]
        if not wraps:
            raise StorageError(
                "the account has no key that the words open", code="no_keys", remedy="sync the device that has one"
            )
        log.append(wraps)
    return len(keys)


def _copy_old(home: Home, built: Home, world: World) -> int:
    with Log.open(home, world, create=True) as old, Log.open(built, world) as new:
        if not old.is_born:
            return 0
        # What any server has of this very account comes back by itself.
        is_same = old.user == new.user
        return copy_entries((one for one in old.since() if one.position is None or not is_same), new)
