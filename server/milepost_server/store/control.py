"""What control events say, applied in the transaction that stores them: no projection stands between word and effect.

Facts that break a rule of their declaration say nothing here; the event is stored all the same. Whether the device that
wrote an event counts is asked when a row is read (`standing`), because a revocation may come later.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from milepost.catalogue import INSTALLED, Entry
from milepost.event import Event
from milepost.ids import from_base32, from_base64url
from milepost.trust import Naming, Revocation, Standing, standing
from milepost_server.store import Connection, erasures, events, streams, totals
from milepost_server.store.ledger import Erasure

RECOVERY = "recovery"
# What changes who is in a total, or what they are in it with. A revoked device may have granted.
_CLOSES = frozenset(
    {"pod.joined", "pod.left", "consent.granted", "consent.withdrawn", "entry.erased", "device.revoked"}
)
CONTROL = frozenset(declared.name for declared in INSTALLED.types() if declared.control)

Facts = Mapping[str, Any]


class Consent(NamedTuple):
    """A consent that stands: one audience, one family. `received_at` is when the server had the grant (Unix ms)."""

    scope: str
    target: str
    audience: str
    family: str
    until: str
    received_at: int


class Membership(NamedTuple):
    """The pod a member took, under which display name, and when the server heard of it."""

    pod: str
    cohort: str
    name: str
    received_at: int


class Place(NamedTuple):
    """Where a control event landed."""

    stream: int
    position: int
    received_at: int

    @property
    def key(self) -> int:
        return streams.key_of(self.stream, self.position)


def apply(connection: Connection, place: Place, event: Event) -> None:
    """Write the rows that a control event asks for. Total: no facts can make it raise."""
    handler = _HANDLERS.get(event.type)
    if handler is None or event.facts is None:
        return
    entry = INSTALLED.decode(event.type, event.version, event.facts.text, None)
    if not isinstance(entry, Entry) or INSTALLED.violations(entry.type, entry.version, entry.facts, None):
        return
    facts = entry.facts or {}
    handler(connection, place, event, facts)
    if event.type in _CLOSES:
        _close(connection, place, erases=event.type == "entry.erased" or bool(facts.get("erase")))


def _close(connection: Connection, place: Place, *, erases: bool) -> None:
    """Close the week of the pods that offer the member a place: nobody closes the week of a pod they are not in."""
    (user,) = connection.execute("SELECT stream_id FROM stream WHERE n = ?", (place.stream,)).fetchone()
    pods = {pod for (pod,) in connection.execute("SELECT pod FROM placement WHERE user = ?", (user,))}
    if erases:
        pods |= totals.marked_by(connection, place.stream)
    totals.mark(connection, place.stream, pods, place.received_at, erases=erases)


def _revoke(connection: Connection, place: Place, event: Event, facts: Facts) -> None:
    device = from_base64url(facts["device"])
    # Leaf 0 stands for the revocation itself: one that names no leaf cuts everything.
    rows: list[tuple[object, ...]] = [(place.key, device, 0, None, None, None)]
    for number, leaf in enumerate(facts["leaves"], 1):
        rows.append((place.key, device, number, leaf["epoch"], leaf["seq"], from_base64url(leaf["hash"])))
    connection.executemany("INSERT INTO revocation VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.execute(
        "UPDATE device SET revoked = ? WHERE stream = ? AND device = ? AND revoked = 0",
        (place.position, place.stream, device),
    )
    _sign_out(connection, place)


def _sign_out(connection: Connection, place: Place) -> None:
    """End the dashboard sessions of the account, unused links too: the browser of a lost device may hold one."""
    for table in ("web_session", "web_link"):
        connection.execute(
            f"DELETE FROM {table} WHERE user = (SELECT stream_id FROM stream WHERE n = ?)",  # noqa: S608
            (place.stream,),
        )


def _name_device(connection: Connection, place: Place, event: Event, facts: Facts) -> None:
    _name(connection, place, [from_base64url(facts["device"])])


def _issue_key(connection: Connection, place: Place, event: Event, facts: Facts) -> None:
    kid = from_base64url(facts["kid"])
    connection.execute("INSERT OR IGNORE INTO user_key VALUES (?, ?, ?)", (place.stream, kid, place.key))
    _name(connection, place, [from_base64url(wrap["to"]) for wrap in facts["wraps"] if wrap["to"] != RECOVERY])


def _name(connection: Connection, place: Place, devices: Iterable[bytes]) -> None:
    connection.executemany("INSERT OR IGNORE INTO naming VALUES (?, ?)", [(place.key, device) for device in devices])


def _join(connection: Connection, place: Place, event: Event, facts: Facts) -> None:
    _move(connection, place, facts, joined=True)


def _leave(connection: Connection, place: Place, event: Event, facts: Facts) -> None:
    _move(connection, place, facts, joined=False)


def _move(connection: Connection, place: Place, facts: Facts, *, joined: bool) -> None:
    connection.execute(
        "INSERT INTO membership VALUES (?, ?, ?, ?, ?, ?, ?)",
        (place.key, place.stream, facts["pod"], facts["cohort"], joined, facts.get("name"), place.received_at),
    )


def _grant(connection: Connection, place: Place, event: Event, facts: Facts) -> None:
    _consent(connection, place, event, facts, granted=True)


def _withdraw(connection: Connection, place: Place, event: Event, facts: Facts) -> None:
    _consent(connection, place, event, facts, granted=False)


def _consent(connection: Connection, place: Place, event: Event, facts: Facts, *, granted: bool) -> None:
    withdrawals = json.dumps(facts["withdrawals"]) if granted else None
    connection.executemany(
        "INSERT OR IGNORE INTO consent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                place.key, family, place.stream, granted, event.id, facts["scope"], facts["id"], facts["audience"],
                facts.get("until"), withdrawals, place.received_at,
            )
            for family in facts["families"]
        ],
    )  # fmt: skip


def _erase(connection: Connection, place: Place, event: Event, facts: Facts) -> None:
    target = from_base32(facts["target"], 16)
    if events.erase(connection, place.stream, target):
        user = streams.get(connection, place.stream).stream_id
        erasures.note(connection, Erasure(user, target, place.received_at))


_HANDLERS: dict[str, Callable[[Connection, Place, Event, Facts], None]] = {
    "device.revoked": _revoke,
    "device.renamed": _name_device,
    "key.issued": _issue_key,
    "pod.joined": _join,
    "pod.left": _leave,
    "consent.granted": _grant,
    "consent.withdrawn": _withdraw,
    "entry.erased": _erase,
}


def revoked_at(connection: Connection, stream: int, device: bytes) -> int:
    """The position of the first revocation naming `device`, 0 if none: it may be here before the device is."""
    row = connection.execute(
        "SELECT min(key) FROM revocation WHERE device = ? AND key BETWEEN ? AND ?", (device, *_range(stream))
    ).fetchone()
    return streams.position_of(row[0]) if row[0] is not None else 0


def standing_of(connection: Connection, stream: streams.Stream) -> Standing:
    """The devices of a member that count, and how far those of revoked ones do."""
    enrolments = streams.enrolments(connection, stream.n)
    if (
        connection.execute("SELECT 1 FROM revocation WHERE key BETWEEN ? AND ? LIMIT 1", _range(stream.n)).fetchone()
        is None
    ):
        return standing(stream.stream_id, enrolments)
    return standing(
        stream.stream_id,
        enrolments,
        _revocations(connection, stream.n),
        streams.lines(connection, stream.n),
        _namings(connection, stream.n),
    )


def _revocations(connection: Connection, stream: int) -> list[Revocation]:
    rows = connection.execute(
        "SELECT r.key, d.device, r.device, r.epoch, r.seq, r.hash FROM revocation r JOIN event e ON e.key = r.key "
        "JOIN line l ON l.n = e.line JOIN device d ON d.n = l.device WHERE r.key BETWEEN ? AND ? "
        "ORDER BY r.key, r.leaf",
        _range(stream),
    ).fetchall()
    found: dict[int, Revocation] = {}
    for key, by, device_id, epoch, seq, hash_ in rows:
        revocation = found.setdefault(key, Revocation(by, device_id, ()))
        device = streams.device(connection, stream, device_id) if epoch is not None else None
        line = events.line_at(connection, device.n, epoch, seq, hash_) if device else None
        if line is not None:
            found[key] = revocation._replace(tips=(*revocation.tips, (line, seq)))
    return list(found.values())


def _namings(connection: Connection, stream: int) -> list[Naming]:
    rows = connection.execute(
        "SELECT d.device, e.line, e.seq, n.named FROM naming n JOIN event e ON e.key = n.key "
        "JOIN line l ON l.n = e.line JOIN device d ON d.n = l.device WHERE n.key BETWEEN ? AND ?",
        _range(stream),
    )
    return [Naming(*row) for row in rows]


def membership(connection: Connection, stream: streams.Stream) -> Membership | None:
    """The pod that the member is in by their own word: the last one joined and not left since."""
    return next((stay for _, stay in reversed(stays(connection, stream))), None)


def stays(connection: Connection, stream: streams.Stream) -> list[tuple[int, Membership | None]]:
    """Where the member was by their own word, from which instant of arrival on (Unix ms); None in no pod."""
    rows = _counting(
        connection,
        stream,
        "SELECT key, joined, pod, cohort, name, received_at FROM membership WHERE stream = ? ORDER BY key",
    )
    found: list[tuple[int, Membership | None]] = []
    current: Membership | None = None
    for joined, pod, cohort, name, received_at in rows:
        if joined:
            current = Membership(pod, cohort, name, received_at)
        elif current is not None and current.pod == pod:
            current = None
        found.append((received_at, current))
    return found


def consents(connection: Connection, stream: streams.Stream) -> list[Consent]:
    """The consents that stand, by arrival: a withdrawal beats every grant that does not name it.

    `until` has not been looked at: it needs the day in the cohort's zone.
    """
    rows = list(
        _counting(
            connection,
            stream,
            "SELECT key, granted, id, scope, target, audience, family, until, withdrawals, received_at "
            "FROM consent WHERE stream = ? ORDER BY key",
        )
    )
    withdrawn: dict[tuple[str, str, str, str], list[bytes]] = {}
    for granted, id_, scope, target, audience, family, *_ in rows:
        if not granted:
            withdrawn.setdefault((scope, target, audience, family), []).append(id_)
    standing_: list[Consent] = []
    for granted, _, scope, target, audience, family, until, known, received_at in rows:
        against = withdrawn.get((scope, target, audience, family), [])
        if granted and {from_base32(text, 16) for text in json.loads(known)}.issuperset(against):
            standing_.append(Consent(scope, target, audience, family, until, received_at))
    return standing_


def _counting(connection: Connection, stream: streams.Stream, sql: str) -> Iterable[tuple[Any, ...]]:
    """The rows of `sql`, whose first column is an event's key, without those of events that do not count."""
    rows = connection.execute(sql, (stream.n,)).fetchall()
    if not rows:
        return
    counts = standing_of(connection, stream).counts
    for key, *row in rows:
        device, line, seq = connection.execute(
            "SELECT d.device, e.line, e.seq FROM event e JOIN line l ON l.n = e.line JOIN device d ON d.n = l.device "
            "WHERE e.key = ?",
            (key,),
        ).fetchone()
        if counts(device, line, seq):
            yield tuple(row)


def _range(stream: int) -> tuple[int, int]:
    return streams.key_of(stream, 0), streams.key_of(stream + 1, 0) - 1
