"""Every page of the dashboard in every state, as the HTML that goes out: what each has, and what none may say."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

import pytest

from tests.support import drawn_pages
from tests.support.drawn_pages import Drawn

EVERY = [pytest.param(drawn, id=f"{drawn.page} {drawn.state}") for drawn in drawn_pages.every()]
NEVER = ("leaderboard", "ranking", "streak", "risk score", "inactive", "at risk", "behind schedule", "top performer")
DAY = re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|\d{4}-\d\d-\d\d")
VOID = frozenset(("meta", "link", "img", "input", "br", "hr"))
# The one page that is about what there is no number for.
RULES = next(drawn for drawn in drawn_pages.every() if drawn.page == "rules")


class Element(NamedTuple):
    """An element, with the names of those it stands in."""

    name: str
    attributes: dict[str, str]
    inside: tuple[str, ...]
    section: int


class Reader(HTMLParser):
    """The elements of a page in order; `section` counts the sections begun so far."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[str] = []
        self._sections = 0
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._sections += tag == "section"
        found = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, found, tuple(self._open), self._sections))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, f"</{tag}> closes what is not open"

    def of(self, name: str) -> Iterator[Element]:
        return (each for each in self.elements if each.name == name)


@pytest.mark.parametrize("drawn", EVERY)
def test_what_is_opened_is_closed_and_no_id_stands_twice(drawn: Drawn):
    ids = [each.attributes["id"] for each in Reader(drawn.html).elements if "id" in each.attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("drawn", EVERY)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(drawn: Drawn):
    for each in Reader(drawn.html).elements:
        assert not [name for name in each.attributes if name == "style" or name.startswith("on")], each
        for address in (each.attributes.get(name, "") for name in ("href", "src", "action")):
            assert not re.match(r"[a-z]+:|//", address), address
    assert b"<style" not in drawn.html
    assert re.findall(rb"<script[^>]*>([^<]*)", drawn.html) == [b""]


@pytest.mark.parametrize("drawn", EVERY)
def test_every_picture_has_a_title_and_stands_with_a_table(drawn: Drawn):
    page = Reader(drawn.html)
    pictures = [each for each in page.of("svg") if each.attributes.get("role") == "img"]
    titles = [each for each in page.of("title") if "svg" in each.inside]
    assert len(titles) == len(pictures)
    assert not pictures or list(page.of("table"))


@pytest.mark.parametrize("drawn", EVERY)
def test_every_section_with_a_table_has_its_csv(drawn: Drawn):
    page = Reader(drawn.html)
    with_csv = {each.section for each in page.of("a") if each.attributes.get("class") == "csv"}
    assert {each.section for each in page.of("table")} <= with_csv


@pytest.mark.parametrize("drawn", EVERY)
def test_every_figure_leads_to_how_it_is_counted(drawn: Drawn):
    rules = {each.attributes["id"] for each in Reader(RULES.html).elements if "id" in each.attributes}
    led = [each.attributes["href"] for each in Reader(drawn.html).of("a") if each.attributes.get("class") == "counted"]
    assert {address.rpartition("#")[2] for address in led} <= rules


@pytest.mark.parametrize("drawn", EVERY)
def test_every_form_carries_the_token_of_its_session(drawn: Drawn):
    page = Reader(drawn.html)
    tokens = [each for each in page.of("input") if each.attributes.get("name") == "token"]
    assert len(tokens) == len([each for each in page.of("form") if each.attributes["method"] == "post"])


@pytest.mark.parametrize("drawn", EVERY)
def test_the_footer_has_the_rules_the_history_the_log_and_what_members_agree_to(drawn: Drawn):
    led = {each.attributes["href"].rpartition("/")[2] for each in Reader(drawn.html).of("a") if "footer" in each.inside}
    assert led == {"rules", "releases", "audit", "rules#consent"}


@pytest.mark.parametrize("drawn", EVERY)
def test_every_day_and_time_that_is_read_is_an_element_which_the_script_spells(drawn: Drawn):
    # A refusal is a sentence of the act, in which a time stands as a word.
    read = re.sub(r"<(time|text|title|desc|option)\b.*?</\1>|<span class=.unseen.>.*?</span>", "", drawn.html.decode())
    read = re.sub(r"<p class=.why.*?</p>|role=.alert.*?</p>", "", read)
    assert not DAY.findall(re.sub(r"<[^>]+>", "", read))


@pytest.mark.parametrize("drawn", EVERY)
def test_nothing_ranks_scores_or_counts_a_streak(drawn: Drawn):
    assert not [word for word in NEVER if word in drawn.html.decode().lower()]


def test_zero_no_data_hidden_and_pending_have_a_sign_and_a_word_each():
    terms = re.findall(r"<dt>(.*?)</dt>", RULES.html.decode().partition("signs-h")[2])[:4]
    said = [re.sub(r"<[^>]+>", "", term) for term in terms]
    assert said == ["0", "– no data", "◌ not shown", "… being counted"]
