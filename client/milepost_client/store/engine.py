"""SQLite without the Python half of `sqlite3`, which brings `datetime` and adapters for dates that nobody here uses.

The same classes and errors, so a connection made here is one that `sqlite3` made. Neighbour: storage.py opens.
"""

from milepost.light import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3 as sqlite3
else:
    import _sqlite3 as sqlite3

__all__ = ["sqlite3"]
