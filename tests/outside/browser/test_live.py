"""A lead at a real browser, a member at a real keyboard: what is synced is on the page within two seconds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.cli import Device
from tests.support.processes import ServerProcess

# From the end of the member's sync; the page is not told, it asks.
SOON_MS = 2_000
LONG_MS = 10_000


class Morning:
    """Dana, who leads the cohort, and Mara of Harbour."""

    def __init__(self, folder: Path, server: ServerProcess, browser: Browser) -> None:
        self.server = server
        self._folder = folder
        self._browser = browser
        server.operate("cohort", "open", "Spring", "--start", "2026-11-16", "--end", "2099-02-07")
        server.operate("pod", "form", "Harbour", "--cohort", "Spring")
        self.dana = self.join("Dana", "--cohort", "Spring", "--lead")
        self.mara = self.join("Mara", "--pod", "Harbour")

    def join(self, name: str, *invite: str) -> Device:
        """Somebody comes in by an invite."""
        code = self.server.operate("invite", *invite).split()[0]
        device = Device(self._folder / name)
        device.mp("join", self.server.url, code, "--name", name, "--no-input")
        device.mp("sync")
        return device

    def sign_in(self) -> Page:
        """Dana opens the link of her own device and presses its one button."""
        page = self._browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
        page.goto(self.dana.data("dashboard", "--no-open")["url"])
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Spring")
        return page


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Morning]:
    folder = tmp_path_factory.mktemp("morning")
    with ServerProcess(folder / "server") as server:
        yield Morning(folder, server, browser)


@pytest.fixture(scope="module")
def signed_in(morning: Morning) -> Iterator[Page]:
    page = morning.sign_in()
    yield page
    page.context.close()


@pytest.fixture
def requests(signed_in: Page) -> Page:
    """The page of requests, which updates by itself."""
    signed_in.get_by_role("link", name="Requests").first.click()
    expect(signed_in.locator("[data-live-state]")).to_have_attribute("data-state", "on")
    return signed_in


def test_a_request_is_on_the_page_within_two_seconds_of_its_sync_and_answered_there(morning, requests):
    requests.wait_for_timeout(1_500)
    morning.mara.mp("ask", "lead", "Who can look over my plan?")
    morning.mara.mp("sync")
    asked = requests.locator("blockquote", has_text="Who can look over my plan?")
    expect(asked).to_be_visible(timeout=SOON_MS)
    expect(requests.locator("nav .count")).to_contain_text("1", timeout=SOON_MS)
    requests.get_by_label("Answer Mara").fill("I can, on Friday.")
    requests.get_by_role("button", name="Send answer").click()
    expect(requests.locator("[data-state=done]")).to_be_visible()
    expect(requests.locator(".answer")).to_contain_text("I can, on Friday.")
    morning.mara.mp("sync")
    assert [each["text"] for each in morning.mara.data("inbox")["answers"]] == ["I can, on Friday."]


def test_what_is_being_typed_is_never_taken_away(morning, requests):
    field = requests.locator("textarea").first
    field.fill("A sentence that is not yet done")
    field.evaluate("each => each.setSelectionRange(2, 10)")
    morning.mara.mp("ask", "lead", "And who knows somebody in print?")
    morning.mara.mp("sync")
    expect(requests.locator("blockquote", has_text="somebody in print")).to_be_visible(timeout=SOON_MS)
    assert field.input_value() == "A sentence that is not yet done"
    assert requests.evaluate(
        "[document.activeElement.tagName, document.activeElement.selectionStart, document.activeElement.selectionEnd]"
    ) == ["TEXTAREA", 2, 10]


def test_updates_can_be_paused_and_go_on(morning, requests):
    requests.get_by_role("button", name="Pause").click()
    expect(requests.locator("[data-live-state]")).to_have_attribute("data-state", "paused")
    morning.mara.mp("ask", "lead", "Is anybody there?")
    morning.mara.mp("sync")
    requests.wait_for_timeout(SOON_MS)
    assert requests.get_by_text("Is anybody there?").count() == 0
    requests.get_by_role("button", name="Go on").click()
    expect(requests.get_by_text("Is anybody there?")).to_be_visible(timeout=SOON_MS)


def test_a_lost_connection_keeps_what_is_there_and_says_so(morning, requests):
    shown = requests.locator("blockquote").all_inner_texts()
    requests.context.set_offline(True)
    expect(requests.locator("[data-live-state]")).to_have_attribute("data-state", "lost", timeout=LONG_MS)
    expect(requests.get_by_role("status")).to_contain_text("Not connected since")
    assert requests.locator("blockquote").all_inner_texts() == shown
    requests.context.set_offline(False)
    requests.get_by_role("button", name="Retry").click()
    expect(requests.locator("[data-live-state]")).to_have_attribute("data-state", "on", timeout=LONG_MS)


def test_while_an_answer_is_long_in_coming_the_page_says_so_and_can_be_read(requests):
    shown = requests.locator("blockquote").all_inner_texts()
    held: list[Route] = []
    requests.route("**/requests*", lambda route: held.append(route))
    region = requests.locator("[data-live]").first
    expect(region).to_have_attribute("aria-busy", "true", timeout=LONG_MS)
    assert requests.locator("[data-live].is-loading").count() == 1
    assert requests.locator("blockquote").all_inner_texts() == shown
    colour = "getComputedStyle(document.querySelector('blockquote')).color"
    assert requests.evaluate(colour) == requests.evaluate(colour.replace("'blockquote'", "'h1'"))
    for route in held:
        route.continue_()
    requests.unroute("**/requests*")
    expect(region).to_have_attribute("aria-busy", "false", timeout=LONG_MS)


def test_a_roster_and_a_session_appear_by_themselves(morning, signed_in):
    signed_in.get_by_role("link", name="Pods", exact=True).first.click()
    signed_in.get_by_role("link", name="Harbour").first.click()
    expect(signed_in.locator(".people")).to_contain_text("Mara")
    signed_in.wait_for_timeout(1_500)
    morning.join("Noor", "--pod", "Harbour")
    expect(signed_in.locator(".people")).to_contain_text("Noor", timeout=SOON_MS)
    morning.dana.mp("pod", "schedule", "Harbour", "--on", "5d", "--at", "17:00", "--for", "50m")
    expect(signed_in.get_by_text("50 min")).to_be_visible(timeout=SOON_MS)


def test_what_is_withdrawn_is_gone_from_an_open_page(morning, signed_in):
    morning.mara.mp("share", "grant", "progress", "--to", "lead")
    morning.mara.mp("sync")
    signed_in.get_by_role("link", name="Pods", exact=True).first.click()
    signed_in.get_by_role("link", name="Harbour").first.click()
    signed_in.get_by_role("link", name="Mara").first.click(timeout=LONG_MS)
    expect(signed_in.get_by_role("heading", level=1)).to_have_text("Mara")
    morning.mara.mp("share", "withdraw", "--to", "lead")
    morning.mara.mp("sync")
    expect(signed_in.get_by_role("heading", level=1)).to_contain_text("nothing here", timeout=SOON_MS)
    signed_in.goto(f"{morning.server.url}/dashboard")


def test_the_whole_way_in_works_with_the_keyboard_alone(morning, browser):
    page = browser.new_context().new_page()
    page.goto(morning.dana.data("dashboard", "--no-open")["url"])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Spring")
    page.context.close()


def test_forms_work_without_script(morning, browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(morning.dana.data("dashboard", "--no-open")["url"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Name of a new pod").fill("Lantern")
    page.get_by_role("button", name="Form pod").click()
    expect(page.locator("[data-state=done]")).to_have_text("The pod is formed.")
    page.get_by_role("link", name="Pods", exact=True).first.click()
    expect(page.get_by_role("rowheader", name="Lantern")).to_be_visible()
    page.context.close()
