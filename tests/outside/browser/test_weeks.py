"""Weeks as a lead sees them pass in a real browser: none yet, one published on Monday, one that is late, the last one.

The first two are a real server's on a clock that is moved; a server that does nothing on Mondays is played by the
programme, which does what is due only when it is told to.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from milepost_server.dashboard import pages
from milepost_server.dashboard.frame import Said
from milepost_server.reads.blockers import blockers_page
from milepost_server.reads.skills import skills_page
from milepost_server.reads.week import cohort_week
from tests.support import drawn_pages
from tests.support.gallery import shown
from tests.support.processes import ServerProcess
from tests.support.programme import DAY_MS, Programme
from tests.support.season import MONDAY, TUESDAY, Season

RELEASE_MS = 60_000
READS = {"week": cohort_week, "skills": skills_page, "blockers": blockers_page}


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    server = ServerProcess(tmp_path_factory.mktemp("season"))
    try:
        with Season(server) as lived:
            yield lived
    finally:
        server.kill()


def sign_in(season: Season, browser: Browser) -> Page:
    """Dana, anew: sessions do not last for weeks."""
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(season.dana.link())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation")).to_be_visible()
    return page


def until(page: Page, address: str, sentence: str) -> None:
    """Load a page until it says something: totals and releases follow their hour by moments."""
    waited = 0
    while page.goto(address) and page.get_by_text(sentence).count() == 0:
        assert waited < RELEASE_MS, page.locator("main").inner_text()
        page.wait_for_timeout(500)
        waited += 500


def test_a_cohort_goes_from_no_release_to_one_that_appears_on_monday_with_the_next_one_named(season, browser):
    week = f"{season.server.url}/dashboard/{season.cohort}/week"
    page = sign_in(season, browser)
    page.goto(week)
    expect(page.locator("[data-state=first_release]")).to_contain_text("First release Monday")
    page.context.close()

    season.at(1, TUESDAY)
    for person in season.people:
        person.sets_goals(2)
    season.at(2, MONDAY, 5)
    page = sign_in(season, browser)
    page.goto(week)
    assert page.get_by_text(f"Week {season.week(1)}, from").count() == 0, "a week is not shown before its hour"
    page.context.close()

    season.at(2, MONDAY, 7)
    page = sign_in(season, browser)
    until(page, week, f"Week {season.week(1)}, from")
    lede = page.locator(".lede")
    expect(lede).to_contain_text(f"Week {season.week(1)}, from")
    expect(lede).to_contain_text("The next release is due Mon")
    goals = page.locator(".multiple", has_text="Goals set")
    expect(goals.locator(".big")).to_have_text("12")
    expect(goals.locator("desc")).to_contain_text(f"Week {season.week(1)}")
    assert page.locator("[data-state]").count() == 0, "nothing is said where nothing is wrong"
    # What members did since is of a week that is not out.
    season.people[0].sets_goals(3)
    page.reload()
    expect(goals.locator(".big")).to_have_text("12")
    expect(page.get_by_text(f"Week {season.week(2)}, from")).to_have_count(0)
    assert Axe().run(page).violations_count == 0
    page.get_by_role("link", name="History of releases").click()
    expect(page.get_by_role("rowheader").first).to_contain_text(f"Week {season.week(1)}")
    page.context.close()


def late(programme: Programme, name: str) -> bytes:
    """A page of the programme's cohort, as its lead sees it now."""
    found = READS[name](programme.store.connection, programme.sight, programme.store.now_ms)
    return pages.drawn(
        pages.PAGES[name],
        found,
        drawn_pages.surroundings(name),
        Said(),
        programme.store.now_ms,
        f"/dashboard/{drawn_pages.COHORT.id}/{name}",
    )


@pytest.mark.parametrize("name", READS)
def test_a_week_that_is_late_is_said_to_be_and_then_the_end_of_the_cohort_is(browser, name):
    programme = Programme()
    people = [programme.pod_of(3, "cohort_total") for _ in range(2)]
    programme.at(1)
    for person in [each for pod in people for each in pod]:
        person.sets_goals(2)
    programme.at(2, hour=7)
    on_time = late(programme, name)
    # Two Mondays on which nothing is done.
    programme.store.now_ms += 15 * DAY_MS
    behind = late(programme, name)
    programme.close()
    programme.cohort = programme.cohort._replace(closed=True)
    with shown({"/on_time": on_time, "/behind": behind, "/over": late(programme, name)}) as url:
        page = browser.new_context(locale="en-GB").new_page()
        page.goto(f"{url}/on_time")
        assert page.locator("main [data-state=stale], main [data-state=ended]").count() == 0
        page.goto(f"{url}/behind")
        expect(page.locator("[data-state=stale]")).to_contain_text("These figures are 15 days old.")
        expect(page.locator("[data-state=stale]")).to_contain_text("week 3, from 12 Jan")
        assert Axe().run(page).violations_count == 0
        page.goto(f"{url}/over")
        expect(page.locator("[data-state=ended]")).to_contain_text("the last release of the cohort")
        page.context.close()
