"""What people type who have used other programs, and what does it here. Offered, never executed."""

GUESSES = {
    "add": 'mp goal "..." --due fri',
    "new": 'mp goal "..." --due fri',
    "create": 'mp goal "..." --due fri',
    "todo": "mp",
    "todos": "mp",
    "tasks": "mp",
    "task": 'mp goal "..." --due fri',
    "list": "mp goal list",
    "ls": "mp goal list",
    "start": 'mp milestone start credential "..." --for 8w',
    "begin": 'mp milestone start credential "..." --for 8w',
    "finish": "mp done ID",
    "complete": "mp done ID",
    "close": "mp done ID",
    "delete": "mp undo",
    "remove": "mp undo",
    "rm": "mp undo",
    "revert": "mp undo",
    "time": "mp spend 45m ID",
    "track": "mp spend 45m ID",
    "meet": "mp touch NAME interview",
    "people": "mp contact list",
    "journal": 'mp note "..."',
    "week": "mp review",
    "history": "mp log",
    "search": "mp log",
    "find": "mp log",
    "report": "mp export report report.html",
    "backup": "mp export bundle milepost.bundle",
    "restore": "mp import bundle milepost.bundle",
    "settings": "mp config list",
    "setup": "mp init",
    "login": "mp join SERVER CODE",
    "register": "mp join SERVER CODE",
    "signup": "mp join SERVER CODE",
    "push": "mp sync",
    "pull": "mp sync",
    "version": "mp --version",
    "man": "mp help",
    "?": "mp help",
}
"""A first word that is no command, and the line that it probably wants."""

LISTED = frozenset(
    (
        *("goal", "win", "note", "review", "skill", "metric", "contact", "milestone", "objective", "device"),
        *("role", "value", "position"),
    )
)
"""Nouns whose plural asks for their list: `goals` are looked at, a `goal` is set."""


def guess(typed: str) -> str | None:
    """The line that a word of other programs asks for; None for a word that means nothing here."""
    word = typed.lower()
    noun = word.removesuffix("s")
    return f"mp {noun} list" if noun != word and noun in LISTED else GUESSES.get(word)
