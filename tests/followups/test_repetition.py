"""Words that ask for a repetition: they are recognised, kept in the subject, and planned once only if one agrees."""

import pytest

from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpSeries
from followups.quick_entry.parse import parse_line
from followups.quick_entry.repetition import find_repetition
from followups.quick_entry.repetition_rule import rule_of
from tests.cast import House
from tests.followups.conftest import Browser
from tests.followups.test_quick import NOW

REPEATS = [
    ("call every friday", "every friday", "Call every friday", "2026-05-15 09:00"),
    ("call every monday 3pm", "every monday", "Call every monday", "2026-05-18 15:00"),
    ("every other tuesday call Hector", "every other tuesday", "Every other tuesday call Hector", "2026-05-19 09:00"),
    ("call each wed and fri 10:00", "each wed and fri", "Call each wed and fri", "2026-05-20 10:00"),
    ("every first monday of the month report", "every first monday of the month", None, "2026-05-18 09:00"),
    ("bel elke vrijdag", "elke vrijdag", "Bel elke vrijdag", "2026-05-15 09:00"),
    ("bel iedere maandagmiddag", "iedere maandagmiddag", "Bel iedere maandagmiddag", "2026-05-18 14:00"),
    ("elke ma bellen", "elke ma", "Elke ma bellen", "2026-05-18 09:00"),
    ("call weekly", "weekly", "Call weekly", "2026-05-20 09:00"),
    ("weekly call with Hector tue 3pm", "weekly", "Weekly call with Hector", "2026-05-19 15:00"),
    ("bel wekelijks om 10 uur", "wekelijks", "Bel wekelijks", "2026-05-20 10:00"),
    ("wekelijkse afspraak vrijdag", "wekelijkse", "Wekelijkse afspraak", "2026-05-15 09:00"),
    ("call daily at 9", "daily", "Call daily", "2026-05-14 09:00"),
    ("call Hector daily, tomorrow", "daily", "Call Hector daily", "2026-05-14 09:00"),
    ("dagelijks bellen", "dagelijks", "Dagelijks bellen", "2026-05-14 09:00"),
    ("call every 2 weeks", "every 2 weeks", "Call every 2 weeks", "2026-05-27 09:00"),
    ("call every two weeks on tuesday", "every two weeks", "Call every two weeks", "2026-05-19 09:00"),
    ("bel om de twee weken", "om de twee weken", "Bel om de twee weken", "2026-05-27 09:00"),
    ("bel om de week op dinsdag", "om de week", "Bel om de week", "2026-05-19 09:00"),
    ("elke 3 maanden bellen", "elke 3 maanden", "Elke 3 maanden bellen", "2026-08-13 09:00"),
    ("every morning check the board", "every morning", "Every morning check the board", "2026-05-14 09:00"),
    ("call every day", "every day", "Call every day", "2026-05-14 09:00"),
    ("call every hour", "every hour", "Call every hour", "2026-05-13 15:10"),
    ("call every quarter", "every quarter", "Call every quarter", "2026-08-13 09:00"),
    ("call every 1st of the month", "every 1st of the month", "Call every 1st of the month", "2026-05-14 09:00"),
    ("call on weekdays", "on weekdays", "Call on weekdays", "2026-05-14 09:00"),
    ("op werkdagen bellen 10:00", "Op werkdagen", "Op werkdagen bellen", "2026-05-14 10:00"),
    ("call on fridays", "on fridays", "Call on fridays", "2026-05-15 09:00"),
    ("call Hector Fridays at 3", "Fridays", "Call Hector Fridays", "2026-05-15 15:00"),
    ("bel 's vrijdags", "'s vrijdags", "Bel 's vrijdags", "2026-05-15 09:00"),
    ("call once a week", "once a week", "Call once a week", "2026-05-20 09:00"),
    ("2x per week bellen", "2x per week", "2x per week bellen", "2026-05-20 09:00"),
    ("een keer per maand bellen", "een keer per maand", "Een keer per maand bellen", "2026-06-13 09:00"),
    ("monthly check-in", "monthly", "Monthly check-in", "2026-06-13 09:00"),
    ("bel maandelijks", "maandelijks", "Bel maandelijks", "2026-06-13 09:00"),
    ("email biweekly", "biweekly", "Email biweekly", "2026-05-27 09:00"),
]
ONCE = [
    ("call about the weekly report friday", "Call about the weekly report"),
    ("ask if everything is fine tomorrow", "Ask if everything is fine"),
    ("elke optie doornemen vrijdag", "Elke optie doornemen"),
    ("check every door friday", "Check every door"),
    ("send our monthly invoice friday", "Send our monthly invoice"),
    ("discuss weekly or monthly billing tue", "Discuss weekly or monthly billing"),
    ("bel over de wekelijkse planning di", "Bel over de wekelijkse planning"),
    ("over het dagelijks bestuur mailen morgen", "Over het dagelijks bestuur mailen"),
    ("binnen drie werkdagen antwoorden vrijdag", "Binnen drie werkdagen antwoorden"),
    ("let each do their part friday", "Let each do their part"),
    ("call TGI Fridays tomorrow", "Call TGI Fridays"),
    ("email about friday’s visit tomorrow", "Email about friday’s visit"),
    ("call each customer monday", "Call each customer"),
    ("call everyone tomorrow", "Call everyone"),
    ("het gaat om de week van mei, bel morgen", "Het gaat om de week van mei, bel"),
    ("iedereen bellen vrijdag", "Iedereen bellen"),
    ("in 2 weeks call", "Call"),
]


@pytest.mark.parametrize(("text", "words", "subject", "at"), REPEATS, ids=lambda value: value)
def test_a_repetition_is_recognised(text: str, words: str, subject: str | None, at: str) -> None:
    result = parse_line(text, NOW)
    assert result.repeats.lower() == words.lower()
    assert f"{result.at:%Y-%m-%d %H:%M}" == at
    assert subject in (None, result.subject)


@pytest.mark.parametrize(("text", "subject"), ONCE, ids=lambda value: value)
def test_what_is_no_repetition_stays_as_it_is(text: str, subject: str) -> None:
    result = parse_line(text, NOW)
    assert (result.repeats, result.subject) == ("", subject)


def planned_subjects(house: House) -> list[str]:
    with use_tenant(house.tenant):
        return list(FollowUp.objects.values_list("subject", flat=True))


def test_it_is_planned_once_only_if_one_agrees(house: House) -> None:
    browser, line = Browser(house, house.rita), {"text": "call every friday"}
    refused = browser.post("followups/new/", line, status=422)
    assert 'name="plan_once"' in refused.content.decode()
    assert not planned_subjects(house)
    browser.post("followups/new/", line | {"plan_once": "1"})
    assert planned_subjects(house) == ["Call every friday"]


def test_what_is_typed_says_so_before_it_is_sent(house: House) -> None:
    browser = Browser(house, house.rita)
    assert "Plan it once" in browser.get("followups/understand/?text=bel+elke+vrijdag")
    assert "Plan it once" not in browser.get("followups/understand/?text=bel+vrijdag")


def test_it_becomes_a_series_if_one_chooses_that(house: House) -> None:
    browser = Browser(house, house.rita)
    assert "Every second Friday" in browser.get("followups/understand/?text=call+every+other+friday+10am")
    browser.post("followups/new/", {"text": "call every other friday 10am", "plan_once": "series"})
    with use_tenant(house.tenant):
        series = FollowUpSeries.objects.get()
        assert (series.rule, series.subject, series.kind) == ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "Call", "call")
        assert f"{series.start_time:%H:%M}" == "10:00"
    assert planned_subjects(house) == ["Call", "Call"]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("call every friday", "FREQ=WEEKLY;BYDAY=FR"),
        ("bel elke vrijdag", "FREQ=WEEKLY;BYDAY=FR"),
        ("call every other monday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
        ("call every monday and thursday", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("call every day 9am", "FREQ=DAILY"),
        ("call daily", "FREQ=DAILY"),
        ("bel om de week", "FREQ=WEEKLY;INTERVAL=2"),
        ("call every 3 weeks", "FREQ=WEEKLY;INTERVAL=3"),
        ("report every quarter", "FREQ=MONTHLY;INTERVAL=3"),
        ("bel maandelijks", "FREQ=MONTHLY"),
        ("call every first monday of the month", "FREQ=MONTHLY;BYDAY=1MO"),
        ("call every 15th of the month", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("call on weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("check yearly", "FREQ=YEARLY"),
        ("call every hour", ""),
        ("call twice a week", ""),
    ],
)
def test_words_become_a_rule(line: str, rule: str) -> None:
    repetition = find_repetition(line, names_day=lambda _line: False)
    assert repetition
    assert rule_of(repetition) == rule


def test_what_no_rule_says_is_planned_once_at_most(house: House) -> None:
    browser = Browser(house, house.rita)
    assert "can’t be planned as a series" in browser.get("followups/understand/?text=call+every+hour")
    browser.post("followups/new/", {"text": "call every hour", "plan_once": "1"})
    with use_tenant(house.tenant):
        assert not FollowUpSeries.objects.exists()


def test_a_logged_contact_can_begin_a_series(house: House) -> None:
    browser, url = Browser(house, house.rita), f"jobs/{house.job.number}/contact/"
    contact = {"contact": "call:no_answer", "then": "call weekly", "stay": house.job.stay, "plan_once": "series"}
    browser.post(url, contact)
    with use_tenant(house.tenant):
        assert FollowUpSeries.objects.get().job_id == house.job.pk


def test_a_logged_contact_asks_as_well(house: House) -> None:
    browser, url = Browser(house, house.rita), f"jobs/{house.job.number}/contact/"
    contact = {"contact": "call:no_answer", "then": "call weekly", "stay": house.job.stay}
    browser.post(url, contact, status=422)
    assert not planned_subjects(house)
    browser.post(url, contact | {"plan_once": "1"})
    assert planned_subjects(house) == ["Call weekly"]


@pytest.mark.parametrize("line", ["call Cora every other friday 10am", "every other friday 10am call Cora"])
def test_a_series_about_a_named_lead_leaves_the_name_out(house: House, line: str) -> None:
    Browser(house, house.rita).post("followups/new/", {"text": line, "plan_once": "series"})
    with use_tenant(house.tenant):
        series = FollowUpSeries.objects.get()
        assert (series.subject, series.job_id) == ("Call", house.job.pk)
