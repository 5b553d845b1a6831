"""Where a command runs: its home, its settings, the world, and a person at the keyboard if there is one.

Questions go to stderr and are put only on a terminal, only for what is missing, and never with `--no-input`.
Standard library only: the fast path stands on this.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from milepost.errors import UsageError
from milepost.light import TYPE_CHECKING
from milepost_client.answer import Flags
from milepost_client.device.config import Config
from milepost_client.device.home import Home
from milepost_client.device.world import World
from milepost_client.recording.commands import Desk, today
from milepost_client.store.log import Log

if TYPE_CHECKING:
    from milepost_client.recording.seen import Seen
    from milepost_client.views.views import Views


class Terminal:
    """One command's surroundings."""

    def __init__(self, flags: Flags, environ: Mapping[str, str], world: World) -> None:
        self.flags = flags
        self.environ = environ
        self.world = world
        self.home = Home.default(environ)
        self.config = Config(self.home.config, environ)
        self._read_once = False

    @property
    def color(self) -> str:
        """The colour setting; the file is looked at only where a colour could be seen."""
        return self.config.get("color") if sys.stdout.isatty() or sys.stderr.isatty() else "auto"

    @property
    def can_ask(self) -> bool:
        """Whether somebody is there to answer, and wants to be asked."""
        return (
            not self.flags.no_input and sys.stdin.isatty() and sys.stderr.isatty() and self.config.get("input") == "yes"
        )

    def ask(self, question: str) -> str:
        """One line typed in answer to a question. Raises UsageError when the input ends instead."""
        sys.stderr.write(f"{question} ")
        sys.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            raise UsageError("the question was not answered", code="missing")
        return line.strip()

    def confirm(self, question: str) -> bool:
        """Whether something that cannot be taken back may go on: `--yes`, or a typed yes.

        Raises UsageError where neither is.
        """
        if self.flags.yes:
            return True
        if not self.can_ask:
            raise UsageError(f"{question} It needs a yes", code="confirm", remedy="add --yes")
        return self.ask(f"{question} [y/N]").lower() in ("y", "yes")

    def read_text(self) -> str:
        """What `-` stands for: standard input, or on a terminal the editor. Raises UsageError the second time."""
        if self._read_once:
            raise UsageError("only one text can be read from standard input", code="extra")
        self._read_once = True
        if sys.stdin.isatty():
            from milepost_client.device.editor import edit

            return edit("", self.config.get("editor"), self.environ)
        # Standard input is read as it comes, and may come from Windows.
        return sys.stdin.read().replace("\r\n", "\n").strip()

    @contextmanager
    def log(self, *, create: bool = False) -> Iterator[Log]:
        """The log, closed afterwards. Raises NotFound where there is none, unless `create`."""
        with Log.open(self.home, self.world, create=create) as log:
            yield log

    @contextmanager
    def desk(self, *, fresh: bool = False) -> Iterator[Desk]:
        """A desk to record at; the first record makes the log. `fresh`: whole views, not only names and states."""
        from milepost_client.recording.seen import Seen

        with self.log(create=True) as log, Seen.open(self.home, log, today(self.world), fresh=fresh) as seen:
            yield Desk(self.home, self.world, log, seen, self.ask if self.can_ask else None, self.read_text)

    @contextmanager
    def views(self) -> "Iterator[Views]":
        """The member's views, folded up to now; empty ones where nothing is recorded yet."""
        from milepost_client.views.views import Views

        with self.log(create=True) as log, Views.open(self.home, log) as views:
            views.refresh()
            yield views

    @contextmanager
    def looking(self, *, create: bool = False) -> "Iterator[tuple[Views, Seen]]":
        """Whole views, and names as the member knows them. Raises NotFound where nothing is there, unless `create`."""
        from milepost_client.recording.seen import Seen
        from milepost_client.views.views import Views

        with (
            self.log(create=create) as log,
            Seen.open(self.home, log, today(self.world), fresh=True) as seen,
            Views.open(self.home, log) as views,
        ):
            yield views, seen
