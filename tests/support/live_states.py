"""The states a page that updates by itself comes into in a browser: an answer is awaited, the server is gone."""

from collections.abc import Callable, Mapping

from playwright.sync_api import Page, expect

LIVE_PAGE = "/requests/open"
LONG_MS = 10_000


def loading(page: Page) -> None:
    """Let no answer come, until the live part says that it waits. Ten seconds later the server counts as gone."""
    page.route("**/requests/*", lambda route: None)
    expect(page.locator("[data-live]").first).to_have_attribute("aria-busy", "true", timeout=LONG_MS)


def disconnected(page: Page) -> None:
    """Take the server away, until the page says so."""
    page.route("**/requests/*", lambda route: route.abort())
    expect(page.locator("[data-live-state]")).to_have_attribute("data-state", "lost", timeout=LONG_MS)


LIVE: Mapping[str, Callable[[Page], None]] = {"loading": loading, "disconnected": disconnected}
