"""The pod for people: who is in it, when it meets, what is asked and won, and its week in totals."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from milepost_client.answer import Answer, Look
from milepost_client.membership import Place
from milepost_client.pods import Page
from milepost_client.render.table import table

Summary = dict[str, Any] | None


def page_answer(place: Place, page: Page | None, summary: Summary, today: date) -> Answer:
    """What `mp pod` shows."""
    members = page.members if page else ()
    data = {
        "said_on": place.said_on,
        "pod": {"id": place.pod, "name": place.pod_name},
        "cohort": {"id": place.cohort, "name": place.cohort_name, "end": place.end},
        "members": [{"name": one.name, "me": one.me} for one in members],
        "summary": summary,
    }

    def text(look: Look) -> list[str]:
        names = [one.name + (" (you)" if one.me else "") for one in members]
        lines = [f"{look.paint(place.pod_name, 'bold')} of {place.cohort_name}, until {place.end}"]
        lines += [f"  {', '.join(names)}"] if names else []
        return [*lines, "", *_summary(summary, look)]

    return Answer("pod/1", data, text, list(_records(place, summary)))


def _summary(summary: Summary, look: Look) -> list[str]:
    if not summary or not summary.get("figures"):
        return ["no week has been added up yet"]
    rows = [(name.replace("_", " "), figure_words(figure)) for name, figure in summary["figures"].items()]
    heading = f"week {summary.get('week', '')}: summed over three or more who share, never an exact number of people"
    return [heading, *table(("", ""), rows, look)]


def figure_words(figure: Mapping[str, Any]) -> str:
    """A disclosed figure: each state differs in its word and its sign."""
    words = {"no_data": "– no data", "hidden": "▒ not enough people share this", "pending": "… not added up yet"}
    return words.get(figure["state"]) or str(figure.get("value"))


def _records(place: Place, summary: Summary) -> Iterator[tuple[object, ...]]:
    yield "pod", place.pod, place.pod_name
    for name, one in ((summary or {}).get("figures") or {}).items():
        yield name, one["state"], one.get("value")
