"""What there is to type, on one page: the words of a day and a week in a sentence each, the others by name.

All of them in a sentence would be three screens, which is nothing to begin with; `mp help all` has them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from milepost_client.cli.frame import sentence_of
from milepost_client.cli.index import GROUPS

SENTENCE = "Milepost keeps your goals, milestones and skills, offline first."
EVERY = "all"
TOLD = ("Every day", "Every week")
"""The groups that a first page tells."""

_BEGIN = (
    "",
    "Begin with one line; it makes the log, and needs no account and no network:",
    '  mp goal "Draft 3 user stories" --due fri --test "Sam reviews 3"',
    "",
)
_END = (
    "",
    "mp COMMAND --help shows a command, with examples.",
    "Topics: mp help dates|ids|privacy|exit-codes|events",
)
_TITLE = 24


def short(root: Any) -> list[str]:
    """The page of `mp help`."""
    lines = [SENTENCE, *_BEGIN]
    for title in TOLD:
        lines += _told(title, GROUPS[title], root)
    lines += ["", "More (mp help all says what each does):"]
    for title, group in GROUPS.items():
        if title not in TOLD:
            lines.append(f"  {title:<{_TITLE}}{', '.join(group)}")
    return [*lines, *_END]


def whole(root: Any) -> list[str]:
    """The page of `mp help all`."""
    lines = [SENTENCE]
    for title, group in GROUPS.items():
        lines += ["", *_told(title, group, root)]
    return [*lines, *_END]


def _told(title: str, group: Mapping[str, str], root: Any) -> Iterator[str]:
    yield f"{title}:"
    for name in group:
        yield f"  {name:<12}{sentence_of(root.get_command(None, name))}"
