"""How the local log of an older Milepost becomes a current one: a step a schema version, applied once, in order.

`sqlite-utils` keeps the account of what was applied, in the file itself, each step in one transaction with its
record. The module is imported only when an older file is met. A step must leave the guards in place and may not touch
an event's row.
"""

import sqlite3

import sqlite_utils
from sqlite_utils.migrations import Migrations

from milepost_client.store import schema

STEPS = Migrations("milepost-log")


def migrate(connection: sqlite3.Connection, *, steps: Migrations = STEPS, version: int = schema.SCHEMA_VERSION) -> None:
    """Apply the steps that a file lacks and note the version it then has.

    A step that fails is undone; the file stays old.
    """
    steps.apply(sqlite_utils.Database(connection))
    connection.execute(f"PRAGMA user_version = {version}")
