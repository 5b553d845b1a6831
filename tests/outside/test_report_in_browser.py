"""The report in a real browser: it asks for nothing, runs nothing, fits a phone, and axe finds nothing to mend."""

from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from itertools import count
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page

from milepost_client.demo import story
from milepost_client.device.world import SYSTEM
from milepost_client.main import run

NOON_MS = int(datetime(2026, 7, 6, 12, tzinfo=UTC).timestamp() * 1000)
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
PICTURES = 5
LONG = "a name that is longer than anybody would want to read in a picture"
DAYS = [(number, f"{2024 + number // 12}-{number % 12 + 1:02}-01") for number in range(30)]

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The marketer's six months, with all that a report can hold."""
    folder = tmp_path_factory.mktemp("report")
    seconds = count()
    world = SYSTEM._replace(now_ms=lambda: NOON_MS + 1000 * next(seconds), offset_minutes=lambda: 60)
    written = (
        "export",
        "report",
        str(folder / "report.html"),
        "--name",
        "Mara Lind",
        "--with-names",
        "--with-outcomes",
    )
    linked = ("evidence", "artifact", "Case study", "--public", "--link", "https://example.org/case")
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        for line in (
            *(story.typed(text) for text in (*story.PLANS, *(one.text for one in story.STORY))),
            linked,
            written,
        ):
            assert run(line, {"MILEPOST_HOME": str(folder / "home")}, world) == 0, line
    return folder / "report.html"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A story of long names, many of everything, and nothing that has ended."""
    folder = tmp_path_factory.mktemp("crowded")
    seconds = count()
    world = SYSTEM._replace(now_ms=lambda: NOON_MS + 1000 * next(seconds), offset_minutes=lambda: 60)
    lines = [["milestone", "start", "other", f"Number {n}, {LONG}", "--for", "9w", "--on", day] for n, day in DAYS]
    lines += [["rate", f"Skill {n}, {LONG}", str(1 + n % 5), "--enjoy", str(1 + n // 5), "--new"] for n in range(25)]
    lines += [["rate", f"A gap {n}, {LONG}", "3", "--target", "5", "--by", "12w", "--new"] for n in range(2)]
    lines += [["rate", f"Another {n}, {LONG}", "4", "--enjoy", "4", "--new"] for n in range(5)]
    lines += [["spend", "7h", "--on", day] for _, day in DAYS]
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        for line in (*lines, ["export", "report", str(folder / "report.html")]):
            assert run(line, {"MILEPOST_HOME": str(folder / "home")}, world) == 0, line
    return folder / "report.html"


@pytest.fixture
def opened(browser: Browser, report: Path) -> Iterator[Open]:
    """Open the report in a window of its own, and hold that it asks for nothing but itself."""
    asked: list[str] = []
    contexts = []

    def page(width: int = 1100, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(report.as_uri())
        return page

    yield page
    for context in contexts:
        context.close()
    assert set(asked) == {report.as_uri()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1100])
def test_axe_finds_nothing_in_light_or_dark_on_a_phone_or_a_desk(opened, scheme, width):
    page = opened(width, color_scheme=scheme)
    for folded in page.locator("summary").all():
        folded.click()
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def test_it_has_no_script_and_a_policy_under_which_nothing_could_be_asked_for(browser, report):
    page = browser.new_page()
    page.goto(report.as_uri())
    assert page.locator("script").count() == 0
    # What no page of a stranger could do either: the policy of the file itself is in the way.
    blocked = page.evaluate(
        """() => new Promise(done => {
            document.addEventListener("securitypolicyviolation", event => done(event.violatedDirective));
            const image = document.createElement("img");
            image.src = "https://example.org/seen.png";
            document.body.append(image);
        })"""
    )
    page.close()
    assert blocked == "img-src"


@pytest.mark.parametrize("width", [320, 360, 800, 1600])
def test_the_page_never_scrolls_sideways_and_its_pictures_are_drawn(opened, width):
    page = opened(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    pictures = page.locator("svg[role=img]")
    assert pictures.count() == PICTURES
    for picture in pictures.all():
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] >= 280
        assert box["height"] > 80


@pytest.mark.parametrize("page", ["report", "crowded"])
def test_no_text_in_a_picture_is_cut_off_or_lies_on_another_or_on_a_bar(browser, request, page):
    window = browser.new_page()
    window.goto(request.getfixturevalue(page).as_uri())
    crossed = window.evaluate(
        """() => [...document.querySelectorAll("svg")].flatMap(svg => {
            const room = svg.getBoundingClientRect();
            const texts = [...svg.querySelectorAll("text")]
                .map(text => [text.textContent, text.getBoundingClientRect()]);
            const out = texts.filter(([, box]) => box.left < room.left - 1 || box.right > room.right + 1);
            const over = texts.flatMap(([name, box], place) => texts.slice(place + 1)
                .filter(([, other]) => box.left < other.right - 1 && other.left < box.right - 1
                    && box.top < other.bottom - 3 && other.top < box.bottom - 3)
                .map(([other]) => `${name} / ${other}`));
            const bars = [...svg.querySelectorAll("rect.bar, rect.target, line.missing")]
                .map(bar => bar.getBoundingClientRect());
            const on = texts.filter(([, box]) => bars.some(bar => box.left < bar.right && bar.left < box.right
                && box.top < bar.bottom && bar.top < box.bottom));
            return [...out.map(([name]) => `${name} is cut off`), ...on.map(([name]) => `${name} on a bar`), ...over];
        })"""
    )
    window.close()
    assert crossed == []


def test_on_a_phone_all_that_is_said_of_a_milestone_is_seen_without_scrolling_aside(opened):
    page = opened(360)
    cells = page.locator(".stacked td")
    assert cells.count() >= 4 * 9
    boxes = [cell.bounding_box() for cell in cells.all() if cell.inner_text().strip()]
    assert all(box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in boxes)


def test_on_paper_it_is_dark_on_white_whatever_the_screen_likes(opened):
    page = opened(color_scheme="dark")
    page.emulate_media(media="print")
    colours = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    assert page.locator("details").first.is_hidden()
