"""Bearings: what `today` and `status` both say beside their rows."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from milepost.checks.nudge import Nudge
from milepost_client.account.recovery import UNSAVED, are_saved
from milepost_client.answer import Answer, Look, Warn
from milepost_client.pages.heading import Heading, heading_of
from milepost_client.pages.reminders import Typed, nudged, nudges_of, typed
from milepost_client.pod.notices import Notices, notices
from milepost_client.recording.commands import today as today_of
from milepost_client.render.wrapped import wrapped
from milepost_client.store.log import Log
from milepost_client.store.settings import ERASED_SETTING, URL_SETTING
from milepost_client.terminal import Terminal
from milepost_client.views.views import Views

BEGIN = 'nothing is recorded here yet; begin with: mp goal "Draft 3 stories" --due fri --test "Sam reads 3"'


class Account(NamedTuple):
    """How the log stands towards its server. `server` is None while none was joined; `erased`: the account is gone."""

    unsent: int
    server: str | None
    words_saved: bool
    erased: bool

    def line(self) -> str:
        """The one sync line."""
        if self.server is None:
            return "everything is on this device; join a server to have it on others: mp join SERVER CODE"
        if self.erased:
            return f"your account at {self.server} was erased; what you recorded is here: mp export, mp erase --local"
        return f"{self.unsent} to sync with {self.server}" if self.unsent else f"in step with {self.server}"


class Bearings(NamedTuple):
    """Where the member is heading, what is due, what waits in the inbox, and how the log stands."""

    heading: Heading
    nudges: Sequence[Nudge]
    reminders: Sequence[Typed]
    waiting: int
    told: Notices
    account: Account

    @property
    def data(self) -> dict[str, object]:
        """All but the heading, as JSON shows it."""
        return {
            "nudges": [nudge._asdict() for nudge in self.nudges],
            "inbox": self.waiting + self.told.count,
            **self.account._asdict(),
        }

    @property
    def warnings(self) -> list[Warn]:
        """What to warn of."""
        # A log that never leaves its machine is not lost with its keys: the words matter once there is a server.
        return [UNSAVED] if self.account.server is not None and not self.account.words_saved else []

    def due_lines(self, look: Look) -> list[str]:
        """The reminders."""
        return nudged(self.reminders, look)

    def inbox_lines(self) -> list[str]:
        """The one line for the inbox; none where nothing waits."""
        others = [f"{self.waiting} to look at"] if self.waiting else []
        said = ", ".join([*self.told.said(), *others])
        return [f"{said}: mp inbox"] if said else []

    def sync_lines(self, look: Look) -> list[str]:
        """The one sync line, in as many as it takes."""
        return wrapped(self.account.line(), look)


def bearings_of(where: Terminal, views: Views, as_of: date | None = None) -> Bearings:
    """The bearings now; as of another day nothing is due, and the heading is that day's."""
    day = today_of(where.world)
    due = [] if as_of else nudges_of(where, views, day)
    return Bearings(
        heading_of(views.shelf(as_of)),
        due,
        typed(views, due),
        views.inbox().count,
        notices(views, day),
        _account(views.log),
    )


def blank(schema: str, day: date) -> Answer:
    """The answer where nothing is recorded yet: how to begin."""
    return Answer(schema, {"today": day.isoformat(), "empty": True}, lambda look: wrapped(BEGIN, look))


def _account(log: Log) -> Account:
    server = log.setting(URL_SETTING)
    erased = bool(log.setting(ERASED_SETTING))
    return Account(log.unsent_count(), server.decode("utf-8") if server else None, are_saved(log), erased)
