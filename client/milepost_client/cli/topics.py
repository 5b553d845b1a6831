"""What `mp help dates|ids|privacy|exit-codes|events` says."""

from collections.abc import Callable

_DATES = """
A date is never a positional: it follows --on, --due, --by, --until, --since or --as-of.

  2026-03-02            that day
  today  yesterday  tomorrow
  mon .. sun            the last one for what happened (--on, --since), the next one for what is due
                        (--due, --by, --until); today's own name means today
  3d  2w  3mo           so far ahead for what is due, so far back for what happened
  -3d                   three days ago, wherever it stands
  eow  eom  eoq         the end of this week, month, quarter
  2026-W10              that ISO week: its Monday where a span opens, its Sunday where one ends

Every answer repeats the date that was understood. Durations are 15m, 1h30, 2h or 90 (minutes).
"""

_IDS = """
Everything has a random id that never changes: 16 characters for a thing (a goal, a skill, a contact),
26 for an entry. You type the beginning of it, at least three characters, or the name:

  mp done k7f           by id; the letters i, l, o and u do not occur, so they cannot be misread
  mp done "draft 3"     by the beginning of its name; case does not count

If several things fit, they are listed and nothing happens. `rate`, `touch` and `metric` begin a new thing
when no name fits; a near miss stops with the name that was probably meant, and --new says that it is meant.
"""

_PRIVACY = """
Texts, names and notes are sealed on this device before they are sent, and open only on your own devices.
Facts (counts, dates, ratings, kinds) reach the server, and whoever runs it can read them; they never hold a
third party's name, pay, or free text, except words that you send to your pod or its leads yourself.

Whole kinds of entry have no facts at all, and the server cannot tell that they exist: wins, notes, what you
enjoy, capacity, pay.

Nobody else sees anything until you say so. `mp share` asks one question for each audience, none of them ticked;
`mp share show --as WHO` prints what that reader gets, to the letter; `mp share withdraw --to WHO` ends it at once.

  pod           the members of your pod, by name: open milestones, and counts from the grant on
  lead          who leads your pod or its cohort, by name: the same; each new lead is announced in `mp inbox`
  pod_total     your pod, its leads and its cohort's: weekly sums over three or more, which can point at you
  cohort_total  the cohort's leads: weekly sums over five or more of two pods, published on Mondays

None implies another. A move to another pod ends what names the old one; what names the cohort goes on. Leaving ends
all of it. Never shared, whatever you agree to: when you last synced, times of day, how many devices you have, that
you recorded nothing, and who agreed to what.

`mp ask`, and `--share` of a win, say one sentence in clear, under a line that names who will read it.

`mp erase ID` deletes an entry everywhere. `mp erase --account` deletes your account on the server for good, and no
backup brings it back; published counts stay, and what others remember. No device is emptied on the server's word: each
keeps what it has until you say `mp erase --local` there.

On this machine texts are readable by your user. Encrypt the disk.
"""

_EXIT_CODES = """
  0    done
  1    failed
  2    the line does not parse
  3    not found, or it fits several things
  4    a server and an account on it are needed: mp join
  5    refused by a check; nothing was written
  6    the server cannot be reached (only commands that need it; recording never does)
  7    findings (mp doctor --strict)
  130  interrupted

`mp verify` has its own: 0 clean, 1 notices, 2 damage, 64 usage.
"""


def _events() -> str:
    """Every type, from the catalogue itself."""
    from milepost.catalogue import types

    lines = ["An entry has facts, which the server can read, and private text, which only your devices can.", ""]
    lines += [f"  {one.name:<22}{one.help}" for one in types()]
    return "\n".join(lines)


def _fixed(text: str) -> Callable[[], str]:
    return lambda: text


TOPICS: dict[str, Callable[[], str]] = {
    "dates": _fixed(_DATES),
    "ids": _fixed(_IDS),
    "privacy": _fixed(_PRIVACY),
    "exit-codes": _fixed(_EXIT_CODES),
    "events": _events,
}
