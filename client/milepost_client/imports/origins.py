"""Names that follow from what a source says: two devices that import one file before they meet choose the same.

A thing gets its id from its name, an entry the `from` that makes a repeat count once from all that it says. Each is a
MAC under a key that only this account's devices can open, so that to everybody else, the server among them, it is as
random as any other id: a guessed name cannot be tried against it (docs/decisions/0027).
"""

import hmac
import json
from collections.abc import Mapping
from datetime import date
from typing import Self

from milepost.errors import StorageError
from milepost.event import NONCE_BYTES, event_id
from milepost.ids import ENTITY_BYTES, base32
from milepost.keys import derive
from milepost_client.imports.wanted import Thing
from milepost_client.recording.dates import days_of
from milepost_client.store.account import device_keys
from milepost_client.store.log import Log
from milepost_client.store.trusted import trusted

_KEY_INFO = b"milepost/import/1\0"
_KEY_BYTES = 32
_DAY_MS = 24 * 60 * 60 * 1000
_COUNTER_BITS = 16
_spelt = json.JSONEncoder(separators=(",", ":")).encode
# What a device finds among its own things for a name in the source, and so may differ where the source does not.
_FOUND_HERE = frozenset(("ref",))


class Origins:
    """The names that one account gives to what its devices import."""

    def __init__(self, key: bytes) -> None:
        """Names under the user key that seals new text."""
        self._key = derive(key, _KEY_INFO, _KEY_BYTES)

    @classmethod
    def of(cls, log: Log) -> Self | None:
        """The names of the account of `log`; None where its key is not here: nothing tells its devices' names apart.

        That is before the first entry, when no other device can have any; on a device that was paired and did not sync
        yet; and where a log is read without its keys.
        """
        if not log.is_born:
            return None
        try:
            opening = device_keys(log.secrets).agreement
        except StorageError:
            return None
        trust = trusted(log)
        key = trust.sealing_key(trust.user_keys(log.device, opening))
        return None if key is None else cls(key.key)

    def thing(self, named: Thing) -> str:
        """The id of a thing."""
        return base32(self._mac("thing", *named)[:ENTITY_BYTES])

    def entry(self, type_: str, on: date | None, values: Mapping[str, object], number: int) -> str:
        """The id that stands for the `number`th of the entries that say exactly this, of a day or of no day.

        It begins with its day, as the id of an event begins with its time: an index on it stays local.
        """
        said = sorted((name, value) for name, value in values.items() if name not in _FOUND_HERE)
        day = days_of(on) if on is not None else None
        mac = self._mac("entry", type_, day, said, number)
        return base32(event_id(max(0, day or 0) * _DAY_MS << _COUNTER_BITS, mac[:NONCE_BYTES]))

    def _mac(self, *said: object) -> bytes:
        # Python's own spelling of JSON, all of it ASCII: an import makes two of these a row.
        return hmac.digest(self._key, _spelt(said).encode("ascii"), "sha256")
