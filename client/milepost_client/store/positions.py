"""Positions: where in the stream the server put an event, as the receipts of one incarnation say it."""

from milepost_client.store.engine import sqlite3


class Positions:
    """Positions from the receipts of one incarnation; neighbours in a batch cost one look-up together."""

    def __init__(self, connection: sqlite3.Connection, incarnation: int | None) -> None:
        self._connection = connection
        self._incarnation = incarnation
        self._ranges: dict[int, tuple[int, int, int]] = {}

    def of(self, branch: int, seq: int) -> int | None:
        """The position of an event, or None while it has no receipt of that incarnation."""
        if self._incarnation is None:
            return None
        first, last, position = self._ranges.get(branch, (0, -1, 0))
        if not first <= seq <= last:
            statement = """SELECT first_seq, last_seq, position FROM receipt
                WHERE incarnation = ? AND branch = ? AND first_seq <= ? ORDER BY first_seq DESC LIMIT 1"""
            found = self._connection.execute(statement, (self._incarnation, branch, seq)).fetchone()
            if found is None or seq > found[1]:
                return None
            first, last, position = self._ranges[branch] = found
        return position + seq - first
