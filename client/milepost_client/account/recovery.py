"""The twelve words: shown once, typed back, and only then forgotten here."""

import sys

from milepost.errors import UsageError
from milepost_client.answer import Warn
from milepost_client.device.secrets import recovery_secret, words_saved
from milepost_client.store.log import Log
from milepost_client.terminal import Terminal

UNSAVED = Warn(
    "words_unsaved",
    "the 12 words are not saved yet: without them a lost device takes the account with it",
    None,
    "mp key words",
)
_TRIES = 3


def are_saved(log: Log) -> bool:
    """Whether the member has typed the words back on this device, or they were never here."""
    return recovery_secret(log.secrets) is None


def save_words(where: Terminal, log: Log) -> list[Warn]:
    """Show the words and have them typed back; where nobody can be asked they stay unsaved, and that is said."""
    secret = recovery_secret(log.secrets)
    if secret is None:
        return []
    if not where.can_ask:
        return [UNSAVED]
    # Imported here: every status asks whether the words are saved, and few need the cryptography.
    from milepost.keys import words_of

    words = words_of(secret)
    sys.stderr.write(_shown(words))
    for _ in range(_TRIES):
        typed = " ".join(where.ask("Type the twelve words back (empty: later)").lower().split())
        if not typed:
            return [UNSAVED]
        if typed == words:
            words_saved(log.secrets)
            return []
        sys.stderr.write(f"{_first_difference(typed, words)}\n")
    raise UsageError("the words were not typed back, so they stay unsaved", remedy="try again: mp key words")


def _shown(words: str) -> str:
    numbered = [f"{number:>2} {word:<10}" for number, word in enumerate(words.split(), 1)]
    rows = ["   ".join(numbered[row : row + 4]) for row in range(0, len(numbered), 4)]
    says = "These twelve words are your account. Write them on paper: once typed back, they are never shown again."
    return "\n".join((says, "", *rows, "", ""))


def _first_difference(typed: str, words: str) -> str:
    wanted, given = words.split(), typed.split()
    if len(given) != len(wanted):
        return f"that was {len(given)} words, not {len(wanted)}"
    place = next(number for number, pair in enumerate(zip(given, wanted, strict=True), 1) if pair[0] != pair[1])
    return f"word {place} is another"
