"""The parser behind most calendars of the web reads ours as the Python parsers do."""

import json
from pathlib import Path

import icalendar

from tests.support import npm
from tests.support.typist import type_all

SOURCES = Path(__file__).parent / "calendars"
LONG = "Read two chapters of a book whose title is so long that its line has to be folded: né, 完"
STORY = (
    ("milestone", "plan", "credential", 'CSPO, the "easy" one; really', "--start", "2026-01-26", "--due", "2026-04-27"),
    ("goal", LONG, "--due", "2026-07-06"),
    ("goal", "Call Dana", "--due", "2026-07-05"),
    ("done", "Call Dana"),
    ("goal", "Read one case study", "--repeat", "weekdays"),
    ("goal", "Ask one person", "--repeat", "3"),
)


def test_ical_js_sees_what_icalendar_sees(tmp_path: Path) -> None:
    # Given a calendar with commas, quotes, long lines and letters of the world in it
    path = tmp_path / "milepost.ics"
    type_all(tmp_path / "home", [*map(list, STORY), ["export", "ics", str(path)]])
    # When both read it
    lines = npm.run(npm.installed(SOURCES, tmp_path) / "read.mjs", str(path)).splitlines()
    theirs = {line["uid"]: line for line in map(json.loads, lines)}
    ours = icalendar.Calendar.from_ical(path.read_bytes())
    # Then they see the same things
    things = [*ours.walk("VEVENT"), *ours.walk("VTODO")]
    assert len(things) == len(theirs) == 5
    for one in things:
        seen = theirs[str(one["UID"])]
        assert seen["kind"].upper() == one.name
        assert (seen["summary"], seen["status"]) == (str(one["SUMMARY"]), str(one["STATUS"]))
        assert (seen["rule"] and seen["rule"].encode()) == (one["RRULE"].to_ical() if "RRULE" in one else None)
        for field, shown in (("DTSTART", "start"), ("DTEND", "end"), ("DUE", "due")):
            assert seen[shown] == (one.decoded(field).isoformat() if field in one else None)
