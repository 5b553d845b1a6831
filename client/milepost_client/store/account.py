"""The account: how a log is born, what its first events say, and which keys this device holds.

A log begins with `device.enrolled` and, for a new account, `key.issued`, in the transaction of whatever the member
typed first. Secrets are saved before that transaction commits and get their lasting names after it, so that a crash
in between leaves either no account or a whole one.
"""

import json
from collections.abc import Mapping

from milepost.errors import StorageError
from milepost.ids import base64url
from milepost.keys import (
    RECOVERY_SECRET_BYTES,
    SEED_BYTES,
    USER_KEY_BYTES,
    DeviceKeys,
    Enrolment,
    Identity,
    Wrap,
    enrol,
    wrap,
    wrap_info,
)
from milepost.sealing import UserKey
from milepost.trust import ENROLLED, facts_of
from milepost_client.device.installation import Installation
from milepost_client.device.secrets import DEVICE, RECOVERY, UNBORN, Secrets, settle
from milepost_client.device.world import World
from milepost_client.store.drafts import Birth, Draft

KEY_ISSUED = "key.issued"
CONTROL_VERSION = 1
RECOVERY_NAME = "recovery"


def create(world: World, secrets: Secrets, installation: Installation, *, wrap: Wrap = wrap) -> Birth:
    """A new account, and this as its first device. The secrets are saved; the log is the caller's to commit.

    Raises StorageError where a log was here before: its keys still are, and an account is not begun twice.
    """
    refuse_lost_log(secrets)
    recovery = world.random(RECOVERY_SECRET_BYTES)
    seeds = world.random(2 * SEED_BYTES)
    secrets.put(RECOVERY + UNBORN, recovery)
    secrets.put(DEVICE + UNBORN, seeds)
    identity, keys = Identity.from_secret(recovery), device_keys_of(seeds)
    user_key = UserKey.of(world.random(USER_KEY_BYTES))
    enrolment = enrol(keys, identity.signing.public, identity.recovery.public, None, identity.signing)
    wraps = {
        base64url(keys.device): wrap(user_key.key, keys.agreement.public, wrap_info(identity.user, user_key.kid)),
        RECOVERY_NAME: wrap(user_key.key, identity.recovery.public, wrap_info(identity.user, user_key.kid)),
    }
    return Birth(
        identity.user,
        keys.device,
        (enrolled(world, enrolment, installation.name), issued(world, user_key.kid, wraps)),
    )


def refuse_lost_log(secrets: Secrets) -> None:
    """Raise StorageError when a device's keys are here without its log: nothing may pretend it never was."""
    if secrets.get(DEVICE) is not None:
        raise StorageError(
            "the keys of a log are here, but the log itself is gone",
            code="log_lost",
            remedy="put log.db back, or move the keys folder away and run `mp init --recover SERVER`",
        )


def enrolled(world: World, enrolment: Enrolment, name: str) -> Draft:
    """The first event of a device. Its name is private text."""
    return control(world, ENROLLED, facts_of(enrolment), {"name": name})


def issued(world: World, kid: bytes, wraps: Mapping[str, bytes]) -> Draft:
    """A user key for the devices (base64url id) and `recovery` that `wraps` names; a known kid adds wraps."""
    listed = [{"to": to, "wrap": base64url(wrapped)} for to, wrapped in wraps.items()]
    return control(world, KEY_ISSUED, {"kid": base64url(kid), "wraps": listed})


def control(
    world: World, type_: str, facts: Mapping[str, object], private: Mapping[str, object] | None = None
) -> Draft:
    """A control event dated now.

    Their facts are frozen at version 1, so they are written here, not by the catalogue.
    """
    offset = world.offset_minutes()
    on = (world.now_ms() // 60_000 + offset) // 1440
    return Draft(type_, CONTROL_VERSION, on, offset, compact(facts), compact(private) if private else None)


def compact(value: Mapping[str, object]) -> bytes:
    """Compact UTF-8 JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def device_keys(secrets: Secrets) -> DeviceKeys:
    """The keys of this device. Raises StorageError when they are gone."""
    settle(secrets)
    seeds = secrets.get(DEVICE)
    if seeds is None or len(seeds) != 2 * SEED_BYTES:
        raise StorageError(
            "the keys of this device are gone", code="keys_lost", remedy="enrol it anew with `mp init --recover SERVER`"
        )
    return device_keys_of(seeds)


def device_keys_of(seeds: bytes) -> DeviceKeys:
    """The keys that 64 bytes of seeds make."""
    return DeviceKeys.from_seeds(seeds[:SEED_BYTES], seeds[SEED_BYTES:])
