"""The nine daily words, found without importing the eight that were not typed."""

from importlib import import_module
from typing import cast

from milepost_client.words.declare import Word

MODULES = {
    "goal": "goals",
    "done": "goals",
    "rate": "skills",
    "touch": "people",
    "spend": "rhythm",
    "metric": "measures",
    "win": "rhythm",
    "note": "direction",
    "feedback": "rhythm",
}

VERBS = ("list", "show", "define", "edit")
"""After a daily word these are verbs, not text; `--text list` logs the word."""


def find(name: str) -> Word:
    """The daily word of that name. Raises KeyError for any other."""
    module = import_module(f"milepost_client.words.{MODULES[name]}")
    return cast(Word, getattr(module, name.upper()))
