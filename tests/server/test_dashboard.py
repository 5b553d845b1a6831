"""The dashboard over HTTP: who sees which page, forms that are acts, tables that are files, and what is never said."""

import csv
import io
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from milepost.ids import base64url
from milepost.projections.tallies import FAMILY_OF
from milepost_server.acts import ACTS
from milepost_server.cohort.audit import READ
from milepost_server.dashboard import moments, pages, tables
from milepost_server.dashboard.deeds import DEEDS
from milepost_server.dashboard.figures import cell, figure_sign, figure_word
from milepost_server.dashboard.forms import DONE
from milepost_server.operating.publishing import RELEASES_NOW, TOTALS_NOW
from milepost_server.reads import rules
from milepost_server.reads.figures import FigureInfo
from tests.support.cast import COHORT_LEAD, FORMER_LEAD, HELP, MEMBER, OTHER_LEAD, POD_LEAD, SENTENCE, Cast
from tests.support.leading import Leading, sign_in, words
from tests.support.servers import serving

POLLS_MAX = 500
POLL_SECONDS = 0.02
REFRESH = "X-Milepost-Refresh"

SEEN_BY_POD_LEADS = ("pods", "requests", "calendar", "rules")
SEEN_BY_COHORT_LEADS = pages.PAGES.keys() - {"pod", "member"}


class House:
    """A cohort with its people, and whoever leads any of it signed in."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.visits = {
            who: sign_in(cast.server, cast.clients[who].device.member) for who in (COHORT_LEAD, POD_LEAD, OTHER_LEAD)
        }
        self.cohort = f"/dashboard/{cast.cohort}"
        self.harbour = f"{self.cohort}/pod/{cast.pods['Harbour']}"
        self.mara = f"{self.harbour}/members/{cast.key(MEMBER)}"

    @property
    def lead(self) -> Leading:
        return self.visits[COHORT_LEAD]

    def status(self, who: str, path: str) -> int:
        return self.visits[who].get(path).status_code

    def until(self, path: str, sentence: str) -> str:
        """The words of a page once they have a sentence: the projector works beside it."""
        for _ in range(POLLS_MAX):
            said = self.lead.text(path)
            if sentence in said:
                return said
            time.sleep(POLL_SECONDS)
        raise AssertionError(f"{path} never said {sentence!r}: {said}")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    environment = {"MILEPOST_SERVER_JOINS_PER_MINUTE": "10000", "MILEPOST_SERVER_SOCKETS_PER_ADDRESS": "1000"}
    with serving(tmp_path_factory.mktemp("dashboard"), environment) as server:
        yield House(Cast(server))


# Who sees what


def test_who_leads_the_cohort_sees_every_page_and_a_pod_lead_those_of_her_pods(house: House):
    for name in SEEN_BY_COHORT_LEADS:
        assert house.status(COHORT_LEAD, f"{house.cohort}/{name}") == 200, name
        assert house.status(POD_LEAD, f"{house.cohort}/{name}") == (200 if name in SEEN_BY_POD_LEADS else 404), name


def test_a_pod_lead_finds_her_own_pod_alone(house: House):
    lantern = f"{house.cohort}/pod/{house.cast.pods['Lantern']}"
    assert (house.status(POD_LEAD, house.harbour), house.status(POD_LEAD, lantern)) == (200, 404)
    assert (house.status(OTHER_LEAD, house.harbour), house.status(OTHER_LEAD, lantern)) == (404, 200)
    rows = house.visits[POD_LEAD].text(f"{house.cohort}/pods")
    assert "Harbour" in rows
    assert "Lantern" not in rows


def test_not_there_not_yours_and_not_shared_are_one_page(house: House):
    nowhere = (
        f"/dashboard/{'0' * 26}/pods",
        f"/dashboard/{house.cast.ending}/pod/{house.cast.pods['Harbour']}",
        f"{house.cohort}/pod/{'0' * 26}",
        f"{house.harbour}/members/{house.cast.key(POD_LEAD)}",
        f"{house.harbour}/members/nobody",
        f"{house.cohort}/pod/{house.cast.pods['Lantern']}",
        f"{house.cohort}/audits",
    )
    visit, said = house.visits[POD_LEAD], set()
    for path in nowhere:
        answer = visit.get(path)
        assert answer.status_code == 404
        said.add(answer.text.replace(answer.headers["x-request-id"], "ID"))
    assert len(said) == 1


def test_a_session_opens_nothing_once_its_lead_leads_no_more(house: House):
    server, cast = house.cast.server, house.cast
    server.admin("leads/appoint", cohort=cast.cohort, member=cast.key(FORMER_LEAD))
    visit = sign_in(server, cast.clients[FORMER_LEAD].device.member)
    assert visit.get(f"{house.cohort}/pods").status_code == 200
    server.admin("leads/remove", cohort=cast.cohort, member=cast.key(FORMER_LEAD))
    assert visit.get(f"{house.cohort}/pods").status_code == 404
    assert visit.get("/dashboard").status_code == 404


def test_a_new_cohort_begins_at_set_up_and_a_pod_lead_at_her_pods(house: House):
    assert house.lead.get(house.cohort).headers["location"] == f"{house.cohort}/setup"
    assert house.visits[POD_LEAD].get(house.cohort).headers["location"] == f"{house.cohort}/pods"
    assert house.visits[POD_LEAD].get("/dashboard").headers["location"] == f"{house.cohort}/pods"


def test_a_refusal_is_a_plain_sentence_with_the_id_of_its_request(house: House):
    answer = house.lead.get(f"{house.cohort}/audits")
    assert "nothing here that is shown to you" in words(answer.text)
    assert answer.headers["x-request-id"] in answer.text


# Before there is anything


@pytest.mark.parametrize("name", ["week", "skills", "blockers", "releases"])
def test_before_any_release_a_page_says_when_the_first_one_is(house: House, name: str):
    assert "First release Monday" in house.lead.text(f"{house.cohort}/{name}")


def test_an_empty_cohort_says_what_to_do_first(house: House):
    empty = f"/dashboard/{house.cast.ending}"
    assert "Form one under Set up" in house.lead.text(f"{empty}/pods")
    assert "Nobody waits for an answer" in house.lead.text(f"{empty}/requests")
    assert "Nothing is planned" in house.lead.text(f"{empty}/calendar")


def test_too_few_people_are_said_as_a_count_and_a_thing_to_do(house: House):
    said = house.lead.text(f"{house.cohort}/pods")
    assert "joined so far" in said
    assert "mp share" in said


# People


def test_a_request_is_there_in_its_words_and_an_answer_reaches_the_member(house: House):
    mara = house.cast.clients[MEMBER]
    mara.device.write("words.said", {"ref": [HELP], "to": "lead", "text": SENTENCE})
    mara.sync(house.cast.server.url)
    house.until(f"{house.cohort}/requests", SENTENCE)
    sent = house.lead.send(f"{house.cohort}/requests", act="requests/answer", help=HELP, text="I can,\n on Friday.")
    assert (sent.status_code, sent.headers["location"]) == (303, f"{house.cohort}/requests?done=requests/answer")
    assert DONE["requests/answer"] in house.lead.text(sent.headers["location"])
    assert "I can, on Friday." in house.lead.text(f"{house.cohort}/requests")
    mine = house.cast.get(MEMBER, "/v1/pod")["requests"]
    assert [answer["text"] for request in mine for answer in request["answers"]] == ["I can, on Friday."]


def test_who_shares_by_name_is_there_with_the_scope_and_each_look_is_in_the_audit_log(house: House):
    said = house.until(house.mara, "What that covers")
    assert "goals, milestones and objectives" in said
    looks = house.cast.get(MEMBER, "/v1/me/audit")["items"]
    assert "people/read" in {row["act"] for row in looks}


def test_what_a_member_writes_is_never_part_of_the_page(house: House):
    member = house.cast.member("Harbour", "<script>alert(1)</script>")
    assert member.token
    html = house.lead.get(house.harbour).text
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html


def test_the_audit_log_is_a_page_that_is_read_by_person_and_by_act(house: House):
    house.lead.send(f"{house.cohort}/setup", act="codes/list", code="audited", label="Audited")
    log = f"{house.cohort}/audit"
    said = house.lead.text(log)
    assert "Cleo Published a skill code" in said
    assert "The rows shown continue each other." in said
    about_mara = house.lead.get(f"{log}/csv/audit?person=mara").text
    rows = list(csv.DictReader(io.StringIO(about_mara)))
    assert rows
    assert all("Mara" in (row["by"], *row["about"].split(", ")) for row in rows)
    codes = list(csv.DictReader(io.StringIO(house.lead.get(f"{log}/csv/audit?person=Cleo&act=codes/list").text)))
    assert {(row["by"], row["act"]) for row in codes} == {("Cleo", "codes/list")}
    assert "No row fits." in house.lead.text(f"{log}?person=Nobody")


# Forms


def test_a_form_is_an_act_under_the_leads_name(house: House):
    sent = house.lead.send(f"{house.cohort}/setup", act="pods/form", name="Beacon", capacity="4")
    assert sent.status_code == 303
    assert "Beacon" in house.lead.text(f"{house.cohort}/setup")
    newest = house.cast.get(COHORT_LEAD, f"/v1/cohorts/{house.cast.cohort}/audit")["items"][0]
    assert newest["act"] == "pods/form"


def test_an_invites_code_is_shown_once_and_works(house: House):
    shown = house.lead.send(
        f"{house.cohort}/setup", act="invites/issue", pod=house.cast.pods["Lantern"], name="Uma", role="member"
    )
    assert shown.status_code == 200
    said = words(shown.text)
    code = said.partition("shown this once: ")[2].split()[0]
    assert code.startswith("mp1-")
    assert f"mp join {house.cast.server.url} {code}" in said
    assert code not in house.lead.text(f"{house.cohort}/setup")


def test_a_form_that_is_refused_says_why_and_keeps_what_was_typed(house: House):
    refused = house.lead.send(f"{house.cohort}/setup", act="codes/list", code="Not a code!", label="Statistics")
    assert refused.status_code == 422
    assert "This was not done." in words(refused.text)
    assert 'value="Statistics"' in refused.text


def test_a_name_that_nobody_has_is_refused_on_the_page_with_what_was_typed(house: House):
    refused = house.lead.send(
        f"{house.cohort}/setup", act="leads/appoint", pod=house.cast.pods["Spare"], member="Nobody <b>"
    )
    assert refused.status_code == 422
    assert "Nobody in Summer is called 'Nobody <b>'" in words(refused.text)
    assert 'value="Nobody &lt;b&gt;"' in refused.text


@pytest.mark.parametrize("act", ["cohorts/open", "totals/now", "rebuild/begin", "", "nothing"])
def test_what_no_form_offers_is_not_done(house: House, act: str):
    assert house.lead.send(f"{house.cohort}/setup", act=act, cohort=house.cast.cohort).status_code == 404


def test_a_pod_lead_may_do_in_her_pod_what_she_may_and_nothing_elsewhere(house: House):
    lantern = house.cast.pods["Lantern"]
    visit = house.visits[POD_LEAD]
    fields = {"act": "sessions/schedule", "day": "2099-01-05", "time": "18:00", "minutes": "60"}
    assert visit.send(house.harbour, pod=house.cast.pods["Harbour"], **fields).status_code == 303
    assert visit.send(house.harbour, pod=lantern, **fields).status_code == 404
    closing = {"act": "pods/close", "pod": house.cast.pods["Harbour"], "sure": "yes"}
    assert visit.send(house.harbour, **closing).status_code == 404


def test_a_pod_lead_invites_sends_again_and_revokes_on_her_pods_page(house: House):
    visit, pod = house.visits[POD_LEAD], house.cast.pods["Harbour"]
    made = visit.send(house.harbour, act="invites/issue", pod=pod, name="Vera")
    assert "The code, shown this once: mp1-" in words(made.text)
    invite = invite_of(made.text, "Vera")
    again = visit.send(house.harbour, act="invites/resend", invite=invite)
    assert "The code, shown this once: mp1-" in words(again.text)
    assert invite_of(again.text, "Vera") != invite
    assert visit.send(house.harbour, act="invites/revoke", invite=invite_of(again.text, "Vera")).status_code == 303
    assert "Vera" not in visit.text(house.harbour)


def invite_of(html: str, name: str) -> str:
    """The id of the invite in somebody's row."""
    found = re.search(rf'<th scope="row">{name}.*?name="invite" value="([^"]+)"', html, re.DOTALL)
    assert found is not None, words(html)
    return found[1]


def test_a_pod_lead_takes_somebody_out_of_her_pod_once_the_box_is_ticked(house: House):
    visit, pod = house.visits[POD_LEAD], house.cast.pods["Harbour"]
    out = house.cast.member("Harbour", "Otto").device.member
    fields = {"act": "members/remove", "pod": pod, "member": base64url(out.user)}
    refused = visit.send(house.harbour, **fields)
    assert refused.status_code == 422
    assert "tick the box" in words(refused.text)
    assert f'value="{base64url(out.user)}" selected' in refused.text
    assert visit.send(house.harbour, sure="yes", **fields).status_code == 303
    assert "Otto" not in visit.text(house.harbour)


def test_who_is_offered_a_place_is_on_the_pods_page_and_can_be_taken_out(house: House):
    waiting = house.cast.enter(pod=house.cast.pods["Spare"], name="Wim").device.member
    page = f"{house.cohort}/pod/{house.cast.pods['Spare']}"
    assert "A place waits for Wim" in house.lead.text(page)
    fields = {"act": "members/remove", "pod": house.cast.pods["Spare"], "member": base64url(waiting.user)}
    assert house.lead.send(page, sure="yes", **fields).status_code == 303
    assert "Wim" not in house.lead.text(page)


def test_who_leads_the_cohort_appoints_another_who_then_opens_every_page(house: House):
    server, setup = house.cast.server, f"{house.cohort}/setup"
    fay = house.cast.enter(pod=house.cast.pods["Spare"], name="Fay").device.member
    assert house.lead.send(setup, act="leads/appoint", member="Fay").status_code == 303
    said = house.lead.text(setup)
    assert "Fay Summer the whole cohort" in said
    assert sign_in(server, fay).get(setup).status_code == 200
    assert house.lead.send(setup, act="leads/remove", member=base64url(fay.user)).status_code == 303
    assert "Fay Summer the whole cohort" not in house.lead.text(setup)


def test_the_last_who_leads_a_cohort_is_told_so_beside_nothing_that_changed(house: House):
    refused = house.lead.send(f"{house.cohort}/setup", act="leads/remove", member=house.cast.key(COHORT_LEAD))
    assert refused.status_code == 422
    assert "Nobody else leads Summer" in words(refused.text)
    assert house.status(COHORT_LEAD, f"{house.cohort}/setup") == 200


def test_a_cohort_is_closed_for_good_by_a_ticked_box(house: House):
    server = house.cast.server
    cohort = str(server.admin("cohorts/open", name="Brief", start="2026-01-05", end="2099-12-31")["id"])
    server.admin("leads/appoint", cohort=cohort, member=house.cast.key(COHORT_LEAD))
    setup = f"/dashboard/{cohort}/setup"
    assert house.lead.send(setup, act="cohorts/close", cohort=cohort).status_code == 422
    assert house.lead.send(setup, act="cohorts/close", cohort=cohort, sure="yes").status_code == 303
    html = house.lead.get(setup).text
    assert "This cohort is closed." in words(html)
    assert not re.findall(r'name="act" value="(?!leads/remove)', html)


def test_what_is_wrong_stands_beside_its_field_which_has_the_focus(house: House):
    html = house.lead.send(f"{house.cohort}/setup", act="codes/list", code="Not a code!", label="Statistics").text
    field = re.search(r'<input id="code"[^>]*>', html)
    assert field is not None
    assert all(part in field[0] for part in ('aria-invalid="true"', 'aria-describedby="code-why"', "autofocus"))
    assert re.search(r'<p class="why" id="code-why">[^<]*not', html, re.IGNORECASE)
    assert html.count("aria-invalid") == 1


def test_pods_are_found_by_a_part_of_their_name_on_the_page_and_in_its_table(house: House):
    found = house.lead.get(f"{house.cohort}/setup?named=LANT")
    assert "Lantern" in words(found.text)
    assert 'href="/dashboard' in found.text
    assert f"{house.cohort}/pod/{house.cast.pods['Harbour']}" not in found.text
    table = house.lead.get(f"{house.cohort}/setup/csv/places?named=LANT").text
    assert [row[0] for row in csv.reader(io.StringIO(table))] == ["pod", "Lantern"]
    assert "No pod has “nowhere” in its name" in house.lead.text(f"{house.cohort}/setup?named=nowhere")
    assert "No pod has “nowhere” in its name" in house.lead.text(f"{house.cohort}/pods?named=nowhere")


def test_a_form_comes_back_to_the_part_of_the_page_it_was_on(house: House):
    path = f"{house.cohort}/setup?named=lantern"
    sent = house.lead.send(path, act="codes/list", code="writing", label="Writing")
    assert sent.headers["location"] == f"{path}&done=codes/list"


def test_a_session_is_planned_in_the_cohorts_zone_and_is_in_the_calendar_file(house: House):
    pod = house.cast.pods["Spare"]
    sent = house.lead.send(
        f"{house.cohort}/pod/{pod}", act="sessions/schedule", pod=pod, day="2099-07-06", time="18:30", minutes="45"
    )
    assert sent.status_code == 303
    assert "2099, 18:30" in house.lead.text(f"{house.cohort}/pod/{pod}")
    file = house.lead.get(f"{house.cohort}/calendar.ics")
    assert file.headers["content-type"].startswith("text/calendar")
    events = [event for event in Calendar.from_ical(file.content).walk("VEVENT") if "Spare" in str(event["summary"])]
    assert [event.decoded("dtstart") for event in events] == [datetime(2099, 7, 6, 18, 30, tzinfo=UTC)]


def test_a_day_that_is_none_is_refused_in_a_sentence(house: House):
    refused = house.lead.send(
        house.harbour, act="sessions/schedule", pod=house.cast.pods["Harbour"], day="soon", time="", minutes="60"
    )
    assert refused.status_code == 422
    assert "not a day and a time" in words(refused.text)


# Tables and refreshing


@pytest.mark.parametrize("name", sorted(SEEN_BY_COHORT_LEADS - {"rules", "week"}))
def test_every_table_that_a_page_links_is_a_file(house: House, name: str):
    links = [
        part.partition('"')[0] for part in house.lead.get(f"{house.cohort}/{name}").text.split('class="csv" href="')[1:]
    ]
    for link in links:
        answer = house.lead.get(link)
        assert answer.status_code == 200, link
        assert answer.headers["content-type"].startswith("text/csv")
        assert answer.headers["content-disposition"].startswith("attachment")
        header, *rows = csv.reader(io.StringIO(answer.text))
        assert all(len(row) == len(header) for row in rows)


def test_a_cell_that_a_spreadsheet_would_run_is_text():
    table = tables.Table("t", ("a",), [("=1+1",), ("+x",), ("@y",), ("-z",), ("plain",), (-3,)])
    assert table.csv().decode().split() == ["a", "'=1+1", "'+x", "'@y", "'-z", "plain", "-3"]


def test_a_page_that_refreshes_itself_is_told_when_nothing_is_new(house: House):
    path = f"{house.cohort}/requests"
    for _ in range(POLLS_MAX):
        tag = house.lead.get(path, **{REFRESH: "1"}).headers["etag"]
        again = house.lead.get(path, **{REFRESH: "1", "If-None-Match": tag})
        if again.status_code == 304:
            break
        time.sleep(POLL_SECONDS)
    assert (again.status_code, again.content) == (304, b"")
    assert house.lead.get(path, **{"If-None-Match": tag}).status_code == 200


# Words


def test_every_measure_has_a_rule_and_every_rule_its_own_name():
    names = [rule.name for group in rules.GROUPS for rule in group.rules]
    assert FAMILY_OF.keys() <= set(names)
    assert len(names) == len(set(names))


def test_what_is_no_number_has_a_sign_and_a_word_of_its_own():
    infos = [FigureInfo(state) for state in ("no_data", "hidden", "pending")]
    assert len({figure_sign(info) for info in infos}) == len({figure_word(info) for info in infos}) == 3
    assert cell(FigureInfo("value", 0)) == "0"
    assert [cell(info) for info in infos] == [figure_word(info) for info in infos]


def test_every_form_is_an_act():
    assert DONE.keys() <= ACTS.keys()


def test_everything_that_the_audit_log_can_say_has_words():
    assert DEEDS.keys() == {*ACTS, READ, "cohorts/open", TOTALS_NOW, RELEASES_NOW}
    assert len(set(DEEDS.values())) == len(DEEDS)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "just now"), (59, "just now"), (60, "1 minute ago"), (7200, "2 hours ago"), (86_400 * 3, "3 days ago")],
)
def test_an_age_is_said_in_its_largest_unit(seconds: int, said: str):
    assert moments.said_age(moments.utc(1_800_000_000_000 - seconds * 1000), moments.utc(1_800_000_000_000)) == said


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-25", "today"),
        ("2026-11-26", "tomorrow"),
        ("2026-11-24", "1 day past due"),
        ("2026-11-20", "5 days past due"),
        ("2026-12-01", "in 6 days"),
    ],
)
def test_a_due_day_is_said_from_today(day: str, said: str):
    assert moments.said_due(day, "2026-11-25") == said


def test_a_time_in_a_refusal_is_said_in_the_cohorts_zone_too(house: House):
    fields = {"act": "sessions/schedule", "pod": house.cast.pods["Harbour"], "minutes": "60"}
    refused = house.lead.send(house.harbour, day="2026-01-06", time="18:00", **fields)
    assert "Tue 6 Jan 2026, 18:00 is in the past" in words(refused.text)
    assert moments.spelled("2026-07-06T16:30:00Z is late", "Europe/Berlin") == "Mon 6 Jul 2026, 18:30 is late"


def test_times_are_those_of_the_cohorts_zone():
    assert moments.said_moment("2026-11-23T05:00:00Z", "Europe/Berlin") == "Mon 23 Nov 2026, 06:00"
    assert moments.said_moment("2026-07-06T16:30:00Z", "Europe/Berlin") == "Mon 6 Jul 2026, 18:30"
