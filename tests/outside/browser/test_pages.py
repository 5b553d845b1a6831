"""Every page of the dashboard in every state, in a real browser: axe, light and dark, narrow, printed, by keyboard."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from tests.support import drawn_doors, drawn_pages
from tests.support.live_states import LIVE, LIVE_PAGE

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
EVERY = [f"/{each.page}/{each.state}" for each in (*drawn_pages.every(), *drawn_doors.every())]
NAMES = [f"/{name}/{next(iter(states))}" for name, states in drawn_pages.STATES.items()]


@pytest.mark.parametrize("path", EVERY)
def test_axe_finds_nothing_on_any_page_in_any_state(opened, path):
    page = opened(path)
    for folded in page.locator("main summary").all():
        folded.click()
    # What is dark is but the colours: only their contrast can differ.
    for scheme, rules in (("light", RULES), ("dark", CONTRAST)):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=rules)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"


@pytest.mark.parametrize("state", LIVE)
def test_axe_finds_nothing_while_an_answer_is_awaited_or_the_server_is_gone(browser, pages, state):
    # A window of its own: that the server cannot be reached is said on the browser's console, and rightly.
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(pages + LIVE_PAGE)
    LIVE[state](page)
    for scheme, rules in (("light", RULES), ("dark", CONTRAST)):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options=rules)
        assert found.violations_count == 0, f"{scheme}: {found.generate_report()}"
    page.context.close()


@pytest.mark.parametrize("path", EVERY)
def test_no_page_scrolls_sideways_from_320_pixels_on(opened, path):
    page = opened(path, 320)
    for width in (320, 640, 800, 1280, 2000):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


@pytest.mark.parametrize("path", NAMES)
def test_axe_finds_nothing_on_a_phone(opened, path):
    found = Axe().run(opened(path, 320), options=RULES)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", NAMES)
def test_every_page_reads_the_same_without_script(opened, path):
    # Days are spelled as the browser does; a British one spells them as the server has them.
    with_script = opened(path, locale="en-GB").locator("main h2").all_inner_texts()
    without = opened(path, java_script_enabled=False)
    assert without.locator("main h2").all_inner_texts() == with_script
    assert without.locator("[data-live-state]:visible").count() == 0


@pytest.mark.parametrize("path", NAMES)
def test_days_are_spelled_as_the_readers_browser_spells_them_in_sentences_and_pictures_too(opened, path):
    page = opened(path, locale="de-DE")
    said = page.locator("main time:not([data-age]), main text[data-day], main text[data-month]").all_text_contents()
    english = re.compile(r"\d [A-Z][a-z]{2}\b|\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun),? |Oct|Dec")
    assert not [each for each in said if english.search(each)]


@pytest.mark.parametrize("path", NAMES)
def test_the_keyboard_reaches_the_content_first_and_then_everything_in_order(opened, path):
    page = opened(path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    tops = page.evaluate(
        """() => [...document.querySelectorAll("main a, main button, main input, main select, main textarea")]
            .filter(each => each.tabIndex > 0).length"""
    )
    assert tops == 0, "an order of its own is an order to learn"


@pytest.mark.parametrize("path", NAMES)
def test_where_the_focus_is_can_be_seen(opened, path):
    page = opened(path)
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            """() => { const style = getComputedStyle(document.activeElement);
                return [style.outlineStyle, parseFloat(style.outlineWidth)]; }"""
        )
        assert outline[0] == "solid", page.evaluate("document.activeElement.outerHTML")
        assert outline[1] >= 2


def test_a_pod_prints_dark_on_white_on_one_sheet_without_anything_to_press(opened):
    page = opened("/pod/shown", color_scheme="dark")
    page.emulate_media(media="print")
    colours = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    assert colours[0] == "rgb(0, 0, 0)"
    assert page.locator("button:visible, nav:visible, .csv:visible").count() == 0
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True))) == 1
