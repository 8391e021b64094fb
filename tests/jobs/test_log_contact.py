"""Being in touch: a logged call, text, email or visit is the last touch; a move to the first step is none."""

from datetime import timedelta

import pytest

from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bulk.verbs import move_all
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import CONTACTS, Job, Level, Note
from crm.jobs.next_step.description import lateness, next_step
from crm.jobs.timeline.event_words import contact_words
from crm.jobs.untouched import untouched_condition
from crm.kernel import clock
from crm.platform import undo
from crm.platform.models import Change, Event
from crm.platform.tenancy.context import use_tenant
from crm.web.reader import Reader
from leads.response.first_contact import settle
from leads.response.page import awaited_contact
from tests.acts import current


@pytest.mark.parametrize(
    ("contact", "words"),
    [
        ("call:reached", "called · reached"),
        ("call:no_answer", "called · no answer"),
        ("call:message_left", "called · left a message"),
        ("text:sent", "texted"),
        ("visit:no_answer", "visited · no answer"),
    ],
)
def test_who_was_in_touch_or_tried_is_told_and_is_the_last_touch(post, cast, contact, words):
    page = post("contact", contact=contact, on="lead").content.decode()
    assert f"<b>Rita Rep</b> {words}" in page
    assert current(cast, cast.house.job).touched_at


def test_what_was_said_stands_below_the_call_and_once(post, cast):
    page = post("contact", contact="call:reached", body=" Wants <b>metal</b> ", on="lead").content.decode()
    assert page.count("Wants &lt;b&gt;metal&lt;/b&gt;") == 1
    assert "left a note" not in page
    with use_tenant(cast.house.tenant):
        assert Note.objects.get().body == "Wants <b>metal</b>"


def test_who_reached_them_answered_them_who_only_tried_did_not(post, cast):
    post("hear", channel="phone")
    post("contact", contact="call:no_answer")
    assert current(cast, cast.house.job).unread_count == 1
    post("contact", contact="email:sent")
    assert current(cast, cast.house.job).waiting_since is None


@pytest.mark.parametrize("contact", ["", "call", "call:sent", "pigeon:sent", "text:reached"])
def test_how_they_were_reached_must_be_said(post, cast, contact):
    assert post("contact", contact=contact, on="lead").status_code == 422
    assert current(cast, cast.house.job).touched_at is None


def test_taking_it_back_puts_back_the_last_touch_and_who_waits(post, cast):
    post("hear", channel="phone")
    before = current(cast, cast.house.job)
    assert "/undo/" in post("contact", contact="call:reached", on="lead").content.decode()
    with use_tenant(cast.house.tenant):
        undo.undo_change(Change.objects.latest("pk").uid, by=cast.house.rita)
    job = current(cast, cast.house.job)
    assert (job.touched_at, job.waiting_since, job.unread_count) == (before.touched_at, before.waiting_since, 1)


def test_the_menu_of_a_row_logs_too(client, cast):
    client.force_login(cast.house.rita.user)
    page = client.get(f"/suncoast-test/jobs/{cast.house.job.number}/reach/").content.decode()
    for value in ("call:reached", "call:no_answer", "text:sent", "email:sent", "visit:reached"):
        assert f'value="{value}"' in page
    assert 'name="stay"' in page


def test_a_contact_is_withdrawn_unless_there_was_one_since(cast):
    with use_tenant(cast.house.tenant):
        job, first = cast.house.job, clock.now() + timedelta(hours=1)
        job.contact("call", "reached", by=cast.house.rita, at=first)
        job.contact("text", "sent", by=cast.house.rita, at=first + timedelta(hours=1))
        job.withdraw_contact(first)
        assert Job.objects.get(pk=job.pk).touched_at == first + timedelta(hours=1)
        job.withdraw_contact(first + timedelta(hours=1))
        assert Job.objects.get(pk=job.pk).touched_at == first
        job.withdraw_contact(first)
        assert Job.objects.get(pk=job.pk).touched_at is None


def test_every_contact_has_words(cast):
    assert all(contact_words(kind, end) != kind for kind, ends in CONTACTS.items() for end in ends)


@pytest.mark.usefixtures("fifteen_minutes")
@pytest.mark.parametrize("together", [False, True])
def test_a_move_to_the_first_step_does_not_silence_who_nobody_called(cast, together):
    """The clock of the first contact runs on from when the lead came in, and the words stay, until somebody called."""
    house = cast.house
    with use_tenant(house.tenant):
        now = clock.now().replace(year=2026, month=11, day=25, hour=15)  # a Wednesday morning
        with clock.at(now):
            job = open_job(title="Wanda Waits", by=None)
        with clock.at(now + timedelta(hours=1)):
            new = house.stage("New")
            if together:
                move_all([(job, new)], by=house.rita)
            else:
                job.move_to(new, by=house.rita)
            job.refresh_from_db()
            words = ClockWords(job, Reader.of(house.rita, clock.now()))
            assert (job.level, words.used, words.css) == (Level.CRIT, 3600, "crit")
            assert words.hang == "New · untouched"
            assert words.sentence.endswith("Nobody has been in touch.")
            kinds = Event.objects.of(job).order_by("pk").values_list("kind", flat=True)
            assert list(kinds) == ["job.opened", "job.moved", "job.due_soon", "job.overdue", "job.far_overdue"]
            job.contact("call", "no_answer", by=house.rita)
            words = ClockWords(job, Reader.of(house.rita, clock.now()))
            assert (words.hang, "Nobody" in words.sentence) == ("", False)


def test_a_move_further_on_or_after_a_call_starts_a_new_clock(cast):
    house = cast.house
    with use_tenant(house.tenant):
        now = clock.now()
        with clock.at(now):
            further, called = open_job(title="One", by=None), open_job(title="Two", by=None)
        with clock.at(now + timedelta(hours=1)):
            called.contact("call", "reached", by=house.rita)
            called.move_to(house.stage("New"), by=house.rita)
            further.move_to(house.stage("Visit booked"), by=house.rita)
            assert called.clock_started_at == further.clock_started_at == clock.now()
            assert not further.is_untouched


@pytest.mark.parametrize("called", [False, True])
def test_a_later_step_is_a_word_for_a_contact_only_while_the_lead_stands_there(cast, called):
    house = cast.house
    with use_tenant(house.tenant):
        job = open_job(title="Wanda Waits", by=None, stage=house.stage("New"))
        job.move_to(house.stage("Visit booked"), by=house.rita)
        if called:
            job.contact("call", "no_answer", by=house.rita)
        reader, listed = Reader.of(house.rita, clock.now()), Job.objects.filter(untouched_condition(), pk=job.pk)
        assert awaited_contact(job, house.rita, reader) is None
        assert not job.is_untouched
        assert not listed.exists()
        job.move_to(house.stage("New"), by=house.rita)
        said = "Nobody has been in touch." in ClockWords(job, reader).sentence
        settle([job.pk])
        asked = awaited_contact(job, house.rita, reader) is not None
        assert {job.is_untouched, listed.exists(), said, asked} == {not called}


def test_a_touch_is_a_touch_at_once_and_what_is_missing_then_is_the_status(cast):
    house = cast.house
    with use_tenant(house.tenant):
        job, reader = open_job(title="Wanda Waits", by=None), Reader.of(house.rita, clock.now())
        assert awaited_contact(job, house.rita, reader) is not None
        assert "first contact due" in ClockWords(job, reader).sentence
        job.contact("call", "no_answer", by=house.rita)
        assert awaited_contact(job, house.rita, reader) is None, (
            "what a worker settles later is no reason to ask meanwhile"
        )
        assert ClockWords(job, reader).sentence == "Came in 0m ago, and has no status yet."


@pytest.mark.usefixtures("fifteen_minutes")
def test_ago_is_by_the_clock_on_the_wall_and_working_time_says_so(cast):
    house = cast.house
    with use_tenant(house.tenant):
        friday = clock.now().replace(year=2026, month=11, day=20, hour=21)  # four in the afternoon in New York
        with clock.at(friday):
            without, new = open_job(title="One", by=None), open_job(title="Two", by=None, stage=house.stage("New"))
        with clock.at(friday + timedelta(days=2, hours=17)):  # Monday, an hour after opening
            reader = Reader.of(house.rita, clock.now())
            said, row = ClockWords(without, reader), ClockWords(new, reader)
            assert said.sentence.startswith("Came in 2d 17h ago, first contact due within 1h working time.")
            assert row.age == "2h", "the line below the age says that it is working time"
            assert row.of_allowed == "of 15m working time"
            assert "of 15m working time used" in row.sentence


def test_the_same_lateness_has_one_number_on_the_list_and_among_the_follow_ups(cast):
    house = cast.house
    with use_tenant(house.tenant):
        reader = Reader.of(house.rita, clock.now())
        hours = (0.001, 0.5, 5, 23, 25, 60)
        assert [lateness(reader.now - timedelta(hours=late), reader) for late in hours] == [
            "1m",
            "30m",
            "5h",
            "23h",
            "1d",
            "2d",
        ]
        assert lateness(reader.now + timedelta(minutes=1), reader) == ""
        job = Job(next_step_kind="call", next_step_label="Call", next_step_at=reader.now - timedelta(hours=23))
        assert next_step(job, reader)[2] == "Call · 23h late"
