"""The devices of an account and its user keys, as the control entries in the log tell them."""

import json
from typing import NamedTuple

from milepost.errors import Ambiguous, NotFound, UsageError
from milepost.ids import base64url, from_base64url
from milepost.trust import ENROLLED
from milepost_client.recording.commands import Desk, Intent, Plan
from milepost_client.recording.dates import from_days
from milepost_client.store.account import device_keys
from milepost_client.store.control import facts_of
from milepost_client.store.log import Log
from milepost_client.store.stored import Stored
from milepost_client.store.trusted import RENAMED, trusted

SHORT_LENGTH = 6


class Device(NamedTuple):
    """One device. `unsent` is known for this one alone; `last_on` is the day of its newest entry here."""

    id: str
    name: str
    is_this: bool
    is_revoked: bool
    entries: int
    last_on: str | None
    unsent: int | None

    @property
    def short(self) -> str:
        """The beginning of its id, after hyphens: what begins with one would be taken for a flag."""
        return self.id.lstrip("-")[:SHORT_LENGTH]

    def is_called(self, typed: str) -> bool:
        """Whether its id or its name begins so."""
        return self.id.lstrip("-").startswith(typed.lstrip("-")) or self.name.casefold().startswith(typed.casefold())

    def data(self) -> dict[str, object]:
        """The device as JSON shows it."""
        return {
            "id": self.id,
            "name": self.name or None,
            "this": self.is_this,
            "revoked": self.is_revoked,
            "entries": self.entries,
            "last_on": self.last_on,
            "unsent": self.unsent,
        }


class Key(NamedTuple):
    """One user key: its name, whether this device can open it, and whether new text is sealed under it."""

    kid: str
    is_open: bool
    is_sealing: bool


def devices_of(log: Log) -> list[Device]:
    """Every device that has written to this log, this one first."""
    trust = trusted(log)
    names = _names(log)
    counts = _counts(log)
    found = []
    for device in sorted({*trust.enrolments, *counts}):
        entries, last = counts.get(device, (0, None))
        is_this = device == log.device
        found.append(
            Device(
                base64url(device),
                names.get(device, ""),
                is_this,
                trust.standing.is_revoked(device),
                entries,
                from_days(last).isoformat() if last is not None else None,
                log.unsent_count() if is_this else None,
            )
        )
    return sorted(found, key=lambda one: (not one.is_this, one.name))


def renaming(desk: Desk, typed: str, name: str) -> Plan:
    """The entry that renames a device, found by its id, the beginning of it, or its name."""
    found = called(desk.log, typed)
    intent = Intent("device.renamed", {"device": found.id, "name": name})
    return Plan((intent,), f"device is now {name}", None, desk.today, (), "mp device list")


def called(log: Log, typed: str) -> Device:
    """The device of that name or id, or the beginning of one. Raises NotFound or Ambiguous."""
    devices = devices_of(log)
    named = [one for one in devices if one.name.casefold() == typed.casefold()]
    fits = named or [one for one in devices if one.is_called(typed)]
    if not fits:
        raise NotFound(f"no device is called {typed!r}", field="id", remedy="see: mp device list")
    if len(fits) > 1:
        listed = ", ".join(f"{one.name} ({one.short})" for one in fits)
        raise Ambiguous(f"{typed!r} fits {listed}", field="id", remedy="type the beginning of its id")
    return fits[0]


def revoking(desk: Desk, device: Device, why: str | None) -> Plan:
    """The entry that revokes a device: what is here of it counts on, whatever else it writes is set aside.

    Raises UsageError for this very device, which could tell nobody afterwards, and for one that is revoked.
    """
    if device.is_this:
        raise UsageError(
            "this is the device you sit at", code="own_device", field="id", remedy="revoke it from another"
        )
    if device.is_revoked:
        raise UsageError(f"{device.name or device.short} is revoked already", code="revoked", field="id")
    leaves = [
        {"epoch": leaf.epoch, "seq": leaf.seq, "hash": base64url(leaf.hash)}
        for leaf in desk.log.leaves()
        if base64url(leaf.device) == device.id
    ]
    intent = Intent("device.revoked", {"device": device.id, "leaves": leaves, "why": why})
    details = (f"its {device.entries} entries here stay", "new text is sealed under another key")
    says = f"revoked {device.name or device.short}"
    return Plan((intent,), says, None, desk.today, details, "mp device list")


def keys_of(log: Log) -> list[Key]:
    """Every user key that was issued."""
    trust = trusted(log)
    opened = trust.user_keys(log.device, device_keys(log.secrets).agreement)
    sealing = trust.sealing_key(opened)
    kids = dict.fromkeys(issue.kid for issue in trust.issues)
    return [Key(base64url(kid), kid in opened, sealing is not None and sealing.kid == kid) for kid in kids]


def _names(log: Log) -> dict[bytes, str]:
    """What each device is called: at its enrolment, or since."""
    names: dict[bytes, str] = {}
    for stored in sorted(log.control(), key=lambda one: one.order):
        if stored.event.type in (ENROLLED, RENAMED) and stored.event.private is not None:
            device = facts_of(stored).get("device")
            name = _name(stored)
            if isinstance(device, str) and name:
                names[from_base64url(device)] = name
    return names


def _name(stored: Stored) -> str:
    try:
        private = json.loads(stored.event.private.text) if stored.event.private else {}
    except ValueError:
        return ""
    name = private.get("name") if isinstance(private, dict) else None
    return name if isinstance(name, str) else ""


def _counts(log: Log) -> dict[bytes, tuple[int, int | None]]:
    """Entries, and the day of the newest, by device; from the ends of its lines, without reading them."""
    found: dict[bytes, tuple[int, int | None]] = {}
    for branch in log.reader.branches():
        tip = log.tip(branch.n)
        if tip is None:
            continue
        (stored,) = log.numbered([tip.n])
        entries, last = found.get(branch.device, (0, None))
        newest = stored.event.on if last is None else max(last, stored.event.on)
        found[branch.device] = (entries + tip.seq - branch.first_seq + 1, newest)
    return found
