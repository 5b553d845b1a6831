"""Write the pictures of docs/screens/dashboard: `python -m tests.outside.browser.screens`, every page in every state.

They are for looking at, and no test compares them: fonts differ from machine to machine.
"""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.support import drawn_doors
from tests.support.chromium import chromium
from tests.support.drawn_pages import STATES
from tests.support.gallery import gallery
from tests.support.live_states import LIVE, LIVE_PAGE
from tests.support.palette import few_colours

FOLDER = Path(__file__).parents[3] / "docs" / "screens" / "dashboard"
SIZE = {"width": 1100, "height": 760}
NARROW = {"width": 360, "height": 760}
#: Shown in the dark and on a phone as well.
ALSO = (("pods", "running"), ("week", "published"))


def main() -> None:
    """Write them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with gallery() as url, chromium() as browser:
        for page, states in STATES.items():
            for state in states:
                _shoot(browser, f"{url}/{page}/{state}", f"{page}-{state}")
        for door in drawn_doors.every():
            _shoot(browser, f"{url}/{door.page}/{door.state}", f"{door.page}-{door.state}")
        for state, come_into in LIVE.items():
            _shoot(browser, url + LIVE_PAGE, f"requests-{state}", come_into)
        for page, state in ALSO:
            _shoot(browser, f"{url}/{page}/{state}", f"{page}-{state}-dark", is_dark=True)
            _shoot(browser, f"{url}/{page}/{state}", f"{page}-{state}-narrow", is_narrow=True)


def _shoot(
    browser: Browser,
    address: str,
    name: str,
    come_into: Callable[[Page], None] = lambda page: None,
    *,
    is_dark: bool = False,
    is_narrow: bool = False,
) -> None:
    context = browser.new_context(
        viewport=NARROW if is_narrow else SIZE,  # type: ignore[arg-type]  # a mapping, where their type wants theirs
        color_scheme="dark" if is_dark else "light",
        locale="en-GB",
    )
    page = context.new_page()
    page.goto(address)
    come_into(page)
    blank = browser.new_page()
    (FOLDER / f"{name}.png").write_bytes(few_colours(blank, page.screenshot()))
    blank.close()
    context.close()


if __name__ == "__main__":
    main()
