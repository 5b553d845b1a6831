"""Pages of the dashboard that stand in no cohort: the way in and out, sessions, and what is said where nothing is."""

from milepost_server.dashboard import frame, moments
from milepost_server.dashboard.said import NOT_HERE
from milepost_server.signin.sessions import WebSession
from tests.support.drawn_pages import NOW_MS, Drawn

HOUR_MS = 3_600_000
REQUEST_ID = "0f6c2c1e5d3b4a7f9e8d7c6b5a493827"
SESSIONS = (
    WebSession("here", b"", NOW_MS - HOUR_MS, NOW_MS - 60_000, "Firefox"),
    WebSession("there", b"", NOW_MS - 30 * HOUR_MS, NOW_MS - 3 * HOUR_MS, "Safari"),
)


def every() -> list[Drawn]:
    """Every one of them, as a page in a state."""
    surroundings = frame.Frame("", "", "UTC", moments.today_in("UTC", NOW_MS), "", "form-token", [], [])
    rows = [(each, moments.utc(each.opened), moments.utc(each.seen)) for each in SESSIONS]
    sessions = frame.draw(
        "sessions.html",
        frame=surroundings,
        heading="Where you are signed in",
        rows=rows,
        mine="here",
        now=moments.utc(NOW_MS),
    )
    return [
        Drawn("door", "open", frame.draw("enter.html", form_token="form-token")),
        Drawn("door", "signed_out", frame.draw("signed_out.html")),
        Drawn("sessions", "listed", sessions),
        Drawn("error", "not_shown", _error(NOT_HERE, "Ask whoever leads the cohort.")),
        Drawn("error", "failed", _error("Something went wrong here", "The server failed on this page.")),
    ]


def _error(title: str, sentence: str) -> bytes:
    return frame.draw("error.html", title=title, sentence=sentence, request_id=REQUEST_ID)
