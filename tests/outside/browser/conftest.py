"""One gallery for all pages; each test has a window of its own, in which nothing may go wrong."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.gallery import gallery

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def pages() -> Iterator[str]:
    """The address of the drawn pages."""
    with gallery() as url:
        yield url


@pytest.fixture
def opened(browser: Browser, pages: str) -> Iterator[Open]:
    """Open a page in a state, /week/stale say. What its console says is a failure: a policy that is in the way, too."""
    said: list[str] = []
    contexts: list[BrowserContext] = []

    def open(path: str, width: int = 1280, **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(f"{path}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"{path}: {error}"))
        page.goto(pages + path)
        return page

    yield open
    for context in contexts:
        context.close()
    assert said == []
