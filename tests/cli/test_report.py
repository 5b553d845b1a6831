"""The report: the marketer's six months on one page, what stays out of it, and what cannot get into it."""

import re
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import StringIO
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost_client.demo import story
from milepost_client.device.world import SYSTEM
from milepost_client.main import run
from milepost_client.render.markup import element, text

NOON_MS = int(datetime(2026, 7, 6, 12, tzinfo=UTC).timestamp() * 1000)
PEOPLE = (*story.PRODUCT_MANAGERS, *story.RECRUITERS, *story.ENGINEERS, "Rosa N.", "Uwe H.")


class Page(HTMLParser):
    """What is in a page: its elements, the attributes of each, and its text; unclosed elements are an error."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def count(self, tag: str, class_: str = "") -> int:
        return sum(name == tag and class_ in str(attrs.get("class")).split() for name, attrs in self.elements)


@pytest.fixture(scope="module")
def half_year(tmp_path_factory):
    """A home in which the six months were typed."""
    home = tmp_path_factory.mktemp("half-year")
    seconds = count()
    world = SYSTEM._replace(now_ms=lambda: NOON_MS + 1000 * next(seconds), offset_minutes=lambda: 60)
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        for line in (*story.PLANS, *(one.text for one in story.STORY)):
            assert run(story.typed(line), {"MILEPOST_HOME": str(home)}, world) == 0, line
        for private in (["evidence", "pay", "+25%"], ["evidence", "outcome", "offer", "--count", "2"]):
            assert run(private, {"MILEPOST_HOME": str(home)}, world) == 0
    return home


@pytest.fixture
def world(world):
    return world._replace(now_ms=lambda: NOON_MS)


@pytest.fixture
def report(mp, half_year, tmp_path):
    """Write the report with these flags, and give what is in the file."""

    def written(*flags: str, file: str = "report.html") -> str:
        said = mp("export", "report", str(tmp_path / file), *flags, "--yes", MILEPOST_HOME=str(half_year))
        assert said.code == 0, said
        return str((tmp_path / file).read_text(encoding="utf-8"))

    return written


def test_the_page_tells_who_from_where_to_where_and_in_nine_milestones(report):
    page = Page(report("--name", "Mara Lind"))
    for said in (
        "Mara Lind",
        "From Marketing manager to Product Manager",
        "5 Jan 2026 to 3 Jul 2026, as of 6 Jul 2026",
        "9 of 9",
        "deciding what not to build",
        "conversations: 8 of 10",
        "small projects: 3 of 3, reached",
    ):
        assert said in page.text
    for planned in story.MILESTONES:
        assert page.text.count(planned.title) >= 2, "once in the picture, once in the table"
    assert page.count("rect", "bar") == len(story.MILESTONES)


def test_every_result_stands_above_the_reading_it_rests_on(report):
    page = Page(report())
    assert page.count("ul", "rests") == 3
    for said in (
        "12 % more people come back every month",
        "monthly active users +12 % (relative, 26 Jun 2026), an improvement",
        "bounce rate -8 % (basis not stated, 26 Jun 2026), an improvement",
        "time to sign up -15 minutes (absolute, 26 Jun 2026), an improvement",
        "asked for in 38 % of 50 postings (19)",
        "104 h planned, 48 h spent",
        "article views 1200; article comments 45",
        "Wireframe of a calmer inbox",
    ):
        assert said in page.text


def test_skills_are_shown_before_and_after_and_no_change_is_claimed_without_a_second_rating(report):
    page = Page(report())
    assert "2 to 4, target 4 met, 21 days late" in page.text
    assert "3, no change recorded, target 5" in page.text
    assert (page.count("circle", "before"), page.count("circle", "after")) == (2, 4)
    assert "presenting a roadmap: avoided, lean in" in page.text


def test_weeks_show_a_pause_a_week_that_nobody_logged_and_reviews_apart(report):
    page = Page(report())
    assert (page.count("rect", "pause"), page.count("circle", "review")) == (1, 3)
    assert page.count("circle", "unlogged") == 3, "one in each of the three rows"
    assert "Minutes spent: 87 h 30 in all" in page.text


@pytest.mark.parametrize("file", ["report.html", "report.md"])
def test_people_are_counts_and_what_came_of_it_stays_out_unless_somebody_asks(report, file):
    plain = report(file=file)
    assert not [name for name in PEOPLE if name in plain]
    for private in ("offer", "referral", "25 %", "round table of product leads"):
        assert private not in plain
    assert "It leaves out names of people and what came of it and pay" in plain
    asked = report("--with-names", "--with-outcomes", file=file)
    assert [name for name in PEOPLE if name in asked] == list(PEOPLE)
    for private in ("2 offers", "2 referrals", "pay +25 %", "round table of product leads"):
        assert private in asked
    assert "It leaves out" not in asked


def test_the_page_has_no_script_asks_for_nothing_and_follows_only_links_of_the_web(report, mp, half_year):
    evil = ("evidence", "artifact", "Bad", "--link", "javascript:alert(1)")
    assert mp(*evil, MILEPOST_HOME=str(half_year)).code == 0
    source = report()
    mp("undo", MILEPOST_HOME=str(half_year))
    page = Page(source)
    names = {name for name, _ in page.elements}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "base", "use", "image"}
    attributes = {key for _, attrs in page.elements for key in attrs}
    assert not {key for key in attributes if key.startswith("on") or key in ("src", "srcset", "action", "xlink:href")}
    assert not [attrs for _, attrs in page.elements if "href" in attrs]
    assert not re.search(r"url\(|@import|expression\(", source)
    assert "Bad (javascript:alert(1))" in page.text
    policy = next(attrs["content"] for name, attrs in page.elements if "http-equiv" in attrs)
    assert policy is not None
    assert "default-src 'none'" in policy


def test_a_link_of_the_web_is_one_to_follow(mp, tmp_path):
    mp("evidence", "artifact", "Case", "--link", "https://example.org/a?b=1&c=2", "--public")
    for file, said in (
        ("r.html", 'href="https://example.org/a?b=1&amp;c=2"'),
        ("r.md", "[Case](<https://example.org/"),
    ):
        assert mp("export", "report", str(tmp_path / file)).code == 0
        assert said in (tmp_path / file).read_text(encoding="utf-8")


@given(words=st.text(max_size=60))
def test_nothing_that_a_member_typed_can_become_an_element(words):
    page = Page(element("p", text(words), title=words))
    assert [name for name, _ in page.elements] == ["p"]
    # The parser reads line ends as a browser does.
    assert page.text == words.replace("\r\n", "\n").replace("\r", "\n") or "\x00" in words or "\r" in words


def test_what_a_member_typed_is_text_on_the_page_and_no_mark_in_markdown(mp, tmp_path):
    mp("milestone", "start", "project", "<b>A | B</b> *c* [d](e)", "--for", "6w", "--measure", "<i>")
    for file in ("r.html", "r.md"):
        assert mp("export", "report", str(tmp_path / file)).code == 0
    assert Page((tmp_path / "r.html").read_text(encoding="utf-8")).count("b") == 0
    (row,) = [line for line in (tmp_path / "r.md").read_text(encoding="utf-8").splitlines() if "A \\|" in line]
    assert "\\<b\\>A \\| B\\</b\\> \\*c\\* \\[d\\](e)" in row


def test_markdown_says_the_same_in_tables(report):
    text = report(file="report.md")
    assert text.startswith("# From Marketing manager to Product Manager\n")
    assert "| CSPO | credential | 26 Jan 2026 to 27 Apr 2026 | completed, reached |" in text
    assert "| ↳ Feature blueprint | micro project |" in text
    assert "  - monthly active users +12 % (relative, 26 Jun 2026), an improvement" in text
    assert "| 2026-W21 | pause | pause | pause |  |" in text
    assert "| 2026-W22 | not logged | not logged | not logged |  |" in text
    assert "| ↳ met of those | 8 | ████████ | of 20 |" in text
    tables = [line for line in text.splitlines() if line.startswith("| ")]
    assert all(line.endswith(" |") for line in tables)


def test_since_and_until_leave_out_what_lay_outside(report):
    spring = report("--since", "2026-03-01", "--until", "2026-04-15", file="report.md")
    assert "1 Mar 2026 to 15 Apr 2026" in spring
    assert "Choose the role" not in spring
    assert "Tell the story" not in spring
    assert "Redesign of sign-up" in spring, "it began in those days"
    assert "more people come back" not in spring
    assert "| agile sprint planning | 2 | 4 | +2 | target 4 met, 21 days late | peer |" in spring
    assert "| data-driven roadmapping |  | 3 | no change recorded | target 5 | self |" in spring
    assert "| presenting a roadmap |  | 2 | no change recorded | no target | self |" in spring, (
        "its second came in June"
    )
    assert "people are counted as they stand" in spring
    assert "2026-W02" not in spring
    assert "2026-W27" not in spring


def test_as_of_an_earlier_day_it_tells_what_stood_then(report):
    march = report("--as-of", "2026-03-31", file="report.md")
    assert "as of 31 Mar 2026" in march
    assert "**3 of 7** milestones completed" not in march
    assert "| CSPO | credential | 26 Jan 2026 to 27 Apr 2026 | under way |" in march
    assert "| Tell the story | narrative | 19 Jun 2026 to 3 Jul 2026 | planned |" in march
    assert "presenting a roadmap" not in march
    assert "### Results" not in march


def test_an_empty_log_makes_a_page_that_says_so(mp, tmp_path):
    mp("value", "calm")
    assert mp("export", "report", str(tmp_path / "r.html")).code == 0
    page = Page((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert "A report of progress" in page.text
    assert "How it is counted" in page.text
    assert page.count("svg") == 0


def test_the_kind_of_file_is_read_from_its_name_or_said(mp, tmp_path):
    mp("milestone", "start", "project", "Redesign", "--for", "6w")
    said = mp("export", "report", str(tmp_path / "r.html"), "--json").data
    assert (said["format"], said["counts"]) == ("html", {"milestones": 1, "results": 0, "skills": 0})
    assert mp("export", "report", str(tmp_path / "r.txt"), "--html", "--json").data["format"] == "html"
    assert mp("export", "report", str(tmp_path / "r.htm"), "--md", "--json").data["format"] == "markdown"
    assert mp("export", "report", str(tmp_path / "r"), "--md", "--html").code == 2
    assert mp("export", "report", str(tmp_path / "r.html"), "--no-input").code == 2, "it is there already"
    assert Path(tmp_path / "r.html").stat().st_mode & 0o077 == 0


def test_a_blocked_milestone_and_one_that_is_stopped_look_different(mp, tmp_path):
    for name in ("Going", "Stuck", "Over", "Ahead"):
        verb = "plan" if name == "Ahead" else "start"
        mp("milestone", verb, "other", name, "--for", "6w")
    mp("milestone", "block", "Stuck", "--class", "time")
    mp("milestone", "stop", "Over", "--reason", "priority")
    mp("export", "report", str(tmp_path / "r.html"))
    page = Page((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert [page.count("rect", status) for status in ("started", "blocked", "stopped", "planned")] == [1, 1, 1, 1]
    assert "Pale: under way. Outlined: blocked. Dashed: planned. Grey: stopped." in page.text
