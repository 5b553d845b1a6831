"""Devices for tests: logs in memory with a world of their own, and a sibling that is paired without a network."""

import itertools
import random
import sqlite3
from collections.abc import Iterator

from milepost.ids import base64url
from milepost.keys import SEED_BYTES, enrol, wrap, wrap_info
from milepost_client.device.installation import Installation
from milepost_client.device.secrets import DEVICE, UNBORN, MemorySecrets
from milepost_client.device.world import World
from milepost_client.store.account import device_keys, device_keys_of, enrolled, issued
from milepost_client.store.drafts import Birth, Draft
from milepost_client.store.log import Log
from milepost_client.store.trusted import trusted

NOW_MS = 1_767_225_600_000  # 2026-01-01
TODAY = NOW_MS // 86_400_000

OPEN: list[sqlite3.Connection] = []
"""Connections of logs in memory, for conftest.py to close: from Python 3.13 on a forgotten one is a warning."""


class Clock:
    """A wall clock that a test sets."""

    def __init__(self, now_ms: int = NOW_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


def world(seed: int, clock: Clock | None = None) -> World:
    """A world whose randomness is drawn from `seed`; its clock goes on by a millisecond at every look."""
    chance = random.Random(seed)
    if clock is not None:
        return World(clock, chance.randbytes, lambda: 60)
    ticks: Iterator[int] = itertools.count(NOW_MS)
    return World(lambda: next(ticks), chance.randbytes, lambda: 60)


def in_memory(seed: int, clock: Clock | None = None) -> Log:
    """A log in memory, empty."""
    secrets = MemorySecrets()
    connection = sqlite3.connect(":memory:", isolation_level=None)
    OPEN.append(connection)
    return Log(connection, world(seed, clock), lambda: secrets, Installation("", f"device {seed}"))


def sibling(old: Log, seed: int, clock: Clock | None = None) -> Log:
    """A second device of the account of `old`, enrolled by it."""
    new = in_memory(seed, clock)
    seeds = new.world.random(2 * SEED_BYTES)
    new.secrets.put(DEVICE + UNBORN, seeds)
    keys, by = device_keys_of(seeds), device_keys(old.secrets)
    trust = trusted(old)
    root = trust.enrolments[old.device]
    enrolment = enrol(keys, root.identity, root.recovery, old.device, by.signing)
    opened = trust.user_keys(old.device, by.agreement)
    for kid, key in opened.items():
        old.append(
            [
                issued(
                    old.world, kid, {base64url(keys.device): wrap(key, keys.agreement.public, wrap_info(old.user, kid))}
                )
            ]
        )
    new.begin(Birth(old.user, keys.device, (enrolled(new.world, enrolment, f"device {seed}"),)))
    return new


def draft(text: str = "x", *, private: str | None = None) -> Draft:
    """An entry with facts and, if asked for, private text."""
    title = None if private is None else f'{{"title":"{private}"}}'.encode()
    return Draft("time.spent", 1, TODAY, 60, f'{{"minutes":45,"activity":"{text}"}}'.encode(), title)
