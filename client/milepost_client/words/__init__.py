"""The words that record, found without importing those that were not typed."""

from collections.abc import Sequence
from importlib import import_module

from milepost_client.recording.declare import Word

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
    "objective": "objectives",
    "reframe": "goals",
    "review": "reviews",
    "focus": "direction",
    "value": "direction",
    "capacity": "capacity",
    "ask": "asking",
}

VERBS = ("list", "show", "define", "edit")
"""After a daily word these are verbs, not text; `--text list` logs the word."""

OWN_VERBS = {"objective": ("close",), "ask": ("close", "again")}
"""Verbs that only some words have."""


def is_verb(word: str, typed: str) -> bool:
    """Whether what follows a word is a verb."""
    return typed in VERBS or typed in OWN_VERBS.get(word, ())


NOUN = "milestone"
"""The noun whose commands record by declarations too."""


def typed(argv: Sequence[str]) -> tuple[Word, Sequence[str]] | None:
    """The word that a line begins with, and the rest of the line; None for every other command, and for verbs."""
    if len(argv) > 1 and argv[0] == NOUN:
        return next(((word, argv[2:]) for word in milestone_words() if word.name == f"{NOUN} {argv[1]}"), None)
    if not argv or argv[0] not in MODULES or (len(argv) > 1 and is_verb(*argv[:2])):
        return None
    return find(argv[0]), argv[1:]


def milestone_words() -> tuple[Word, ...]:
    """The words of `milestone` that record."""
    from milepost_client.words.milestones import WORDS

    return WORDS


def find(name: str) -> Word:
    """The daily word of that name. Raises KeyError for any other."""
    module = import_module(f"milepost_client.words.{MODULES[name]}")
    word: Word = getattr(module, name.upper())
    return word
