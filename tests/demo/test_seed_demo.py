"""The demo organizations: what `manage.py seed_demo` laid down is what the verbs and the tick would have left."""

import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from api.models import ApiToken, EventSubscription
from assistant.models.suggestion_answer import SuggestionKind
from assistant.suggestions.choice import choose_suggestion
from assistant.suggestions.suggestion import SuggestionSubject
from comms.models import MailboxConnection, Message, Recording
from crm.automation.models import CallState, Webhook, WebhookCall, WebhookHealth
from crm.jobs.clock.arithmetic import Level
from crm.jobs.models import Job, JobState, Side, StageVisit
from crm.kernel import clock
from crm.people.models import ContactPoint, DuplicateCandidate, Person
from crm.platform.models import AccessLog, Brand, BusinessCalendar, Due, Event, Member, Role, Tenant, User
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.web.reader import Reader
from demo.renewal.age import data_age
from demo.stories.step_times import begin
from demo.tour.seat import CUSTOMER, seated
from demo.tour.stop import Target
from demo.tour.stops import TOURS
from followups.neglect.models import Neglect
from leads.models import Lead
from quotes.models import Quote
from reports.work.turn_times import turns_by_step
from runtime.demo import PASSWORD
from runtime.fixtures import clone_database
from tests.platform.test_tenant_commands import as_owner
from tickets.models import Entry, EntryMove, Mention, Status, Ticket, TicketClock
from tickets.models.sla_policy import sla_setup

__all__ = ["as_owner"]

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
SLUGS = ("suncoast", "chargeline")


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[tuple[datetime, datetime]]:
    """The command itself, as the owner, and when it began and ended; the database is a fresh clone again afterwards."""
    before = clock.now()
    run = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "seed_demo"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "crm.config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    yield before, clock.now()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connection.close()
    clone_database()


@pytest.fixture(params=SLUGS)
def house(request: pytest.FixtureRequest, seeded: object, db: None) -> Iterator[Tenant]:
    tenant = Tenant.objects.get(slug=request.param)
    with use_tenant(tenant):
        yield tenant


def test_the_planner_knows_what_was_laid_down(seeded: object, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select reltuples from pg_class where oid = 'tickets_entry'::regclass")
        (rows,) = cursor.fetchone()
    assert rows > 0


def test_again_changes_nothing(seeded: object, as_owner: None) -> None:
    before, said = {slug: counts(slug) for slug in SLUGS}, StringIO()
    call_command("seed_demo", stdout=said)
    assert said.getvalue().count("is there already") == len(SLUGS)
    assert {slug: counts(slug) for slug in SLUGS} == before


def counts(slug: str) -> tuple[int, int, int]:
    with use_tenant(Tenant.objects.get(slug=slug)):
        return Job.objects.count(), Event.objects.count(), Member.objects.count()


def test_level_is_the_derived_one_after_a_tick(seeded: object, db: None) -> None:
    now = clock.now()
    with clock.at(now):  # what comes due while it ticks would not be crossed yet
        while due.run_due_work():
            pass
    for slug in SLUGS:
        with use_tenant(Tenant.objects.get(slug=slug)):
            wrong = [str(job) for job in Job.objects.all() if job.level != job.level_at(now)]
        assert wrong == []


def test_running_clocks_are_scheduled(house: Tenant, seeded: tuple[datetime, datetime]) -> None:
    scheduled = dict(Due.objects.filter(tenant=house, kind="job.clock").values_list("subject_id", "due_at"))
    for job in Job.objects.all():
        # As it was when the demo was laid down, or has come while it was.
        expected = {job.next_crossing(at) if job.is_open else None for at in seeded}
        assert scheduled.get(job.pk) in expected, job


def test_visits_are_what_the_bar_remembers(house: Tenant) -> None:
    visits: dict[int, list[StageVisit]] = {}
    for visit in StageVisit.objects.order_by("entered_at", "pk"):
        visits.setdefault(visit.job_id, []).append(visit)
    for job in Job.objects.all():
        stays = visits[job.pk]
        left = [stay for stay in stays if stay.left_at]
        assert job.past.split() == [f"{s.stage_id}:{Level(s.level).css}" for s in left if s.stage_id], job
        assert [stay.left_at is None for stay in stays].count(True) == int(job.is_open)
        assert stays[0].entered_at == job.came_in_at
        assert stays[-1].entered_at == job.entered_at
        assert all(a.left_at == b.entered_at for a, b in pairwise(stays))


def test_every_move_is_an_event(house: Tenant) -> None:
    moved = Counter(Event.objects.filter(kind="job.moved").values_list("job_id", flat=True))
    visits = Counter(StageVisit.objects.values_list("job_id", flat=True))
    assert {pk: count - 1 for pk, count in visits.items() if count > 1} == dict(moved)
    times = list(Event.objects.order_by("pk").values_list("at", flat=True))
    assert times == sorted(times), "newer facts have greater ids"
    assert times[-1] <= clock.now()


def test_a_crossing_is_recorded_once_a_run(house: Tenant) -> None:
    crossings = Event.objects.filter(kind__in=["job.due_soon", "job.overdue", "job.far_overdue"])
    keys = [(event.job_id, event.kind, event.at) for event in crossings]
    assert len(keys) == len(set(keys))
    overdue = set(crossings.filter(kind="job.overdue").values_list("job_id", flat=True))
    late = {job.pk for job in Job.objects.filter(level__in=[Level.LATE, Level.CRIT])}
    assert late <= overdue


def test_every_level_side_and_end_is_represented(house: Tenant) -> None:
    jobs = Job.objects.all()
    assert {job.level for job in jobs} == set(Level)
    assert {job.side for job in jobs} == set(Side)
    assert {job.state for job in jobs} == set(JobState)
    assert {job.pipeline_id for job in jobs if job.is_open} == {job.pipeline_id for job in jobs}
    assert {job.brand_id for job in jobs} == set(Brand.objects.values_list("pk", flat=True))
    assert any(job.member_id is None for job in jobs)
    assert any(job.unread_count > 1 for job in jobs)
    now = clock.now()
    planned = [job.next_step_at for job in jobs if job.is_open and job.next_step_at]
    assert min(planned) < now < max(planned)
    assert any(job.is_open and not job.next_step_kind for job in jobs)
    # In steps they have left, too, it was the customer's move for a time.
    there = {side for sides in turns_by_step(now - timedelta(days=90), now).spent.values() for side in sides}
    assert {Side.US, Side.CUSTOMER} <= there
    held = [job for job in jobs if job.level == Level.HOLD]
    assert all(job.pause_reason for job in held)
    assert any(job.pause_ends_at for job in held)
    assert Lead.objects.filter(won_at__isnull=False).exists()
    assert (now - min(job.came_in_at for job in jobs)).days > 600


def test_each_rep_has_forty_leads(house: Tenant) -> None:
    for rep in Member.objects.filter(role=Role.REP):
        mine = Job.objects.visible_to(rep).filter(member=rep)
        assert mine.count() >= 40
        assert {job.level for job in mine} == set(Level), rep


def test_danas_list_is_the_designs(seeded: object, db: None) -> None:
    with use_tenant(Tenant.objects.get(slug="suncoast")):
        dana = Member.objects.get(name="Dana Whitfield")
        levels = Counter(Job.objects.filter(member=dana, ended_at=None).values_list("level", flat=True))
        assert levels == {Level.NONE: 3, Level.CRIT: 4, Level.LATE: 6, Level.SOON: 8, Level.OK: 17, Level.HOLD: 1}
        first = Job.objects.filter(member=dana).in_list_order()[:3]
        assert {job.title for job in first} == {"Marisol Vega", "Terrence Boyd", "Oakmont HOA · Bldg C"}


def test_people_sign_in_and_customers_are_reached(house: Tenant) -> None:
    for role in Role.values:
        user = User.objects.get(email=f"{role}@{house.slug}.example")
        # By its own hasher: the tests' settings know only a quick one.
        assert PBKDF2PasswordHasher().verify(PASSWORD, user.password)
        assert Member.objects.get(user=user).role == role
    customer = ContactPoint.objects.get(value=f"customer@{house.slug}.example").person
    assert customer.jobs.filter(ended_at=None).exists()
    assert BusinessCalendar.objects.filter(week=[[[0, 1440]]] * 7).exists()


@pytest.mark.parametrize("seconds", [60, 3600, 30_000, 400_000])
def test_a_clock_begins_as_long_ago_as_its_share_demands(house: Tenant, seconds: int) -> None:
    now = clock.now().replace(microsecond=0)
    for calendar in BusinessCalendar.objects.all():
        hours = calendar.hours()
        start = begin(hours, now, seconds)
        assert hours.between(start, now) == seconds


def test_what_is_planned_can_be_done(house: Tenant) -> None:
    """Every next step, of a finished lead too, is its earliest follow-up or visit; some were missed, some in time."""
    from followups.models import FollowUp
    from followups.models.job_next_step import first_steps

    planned = Job.objects.exclude(next_step_kind="")
    assert planned.open().exists()
    assert not planned.filter(state__in=[JobState.LOST, JobState.DROPPED]).exists()
    steps = first_steps([job.pk for job in planned], FollowUp.objects.open())
    assert {job.pk: job.next_step for job in planned} == steps
    for row in FollowUp.objects.open().filter(job__in=planned):
        assert (row.missed_at is not None) == row.is_overdue(clock.now())
    done = FollowUp.objects.filter(status="completed")
    assert done.filter(missed_at__isnull=True).count() > done.filter(missed_at__isnull=False).count() > 0
    waiting = FollowUp.objects.open().filter(missed_at__isnull=True, due_at__isnull=False)
    assert Due.objects.filter(tenant=house, kind="followup.miss").count() == waiting.count()


def test_two_months_of_conversations_are_in_the_inbox(house: Tenant) -> None:
    tickets, now = Ticket.objects.all(), clock.now()
    assert tickets.count() >= 60
    assert set(tickets.values_list("status", flat=True)) == set(Status.values)
    assert set(Message.objects.values_list("medium", flat=True)) >= {"email", "sms", "whatsapp", "call"}
    lengths = Counter(Entry.objects.values_list("ticket", flat=True))
    assert (max(lengths.values()), sum(count >= 2 for count in lengths.values()) >= 35) == (40, True)
    assert set(EntryMove.objects.values_list("is_merge", flat=True)) == {True, False}
    for one in (tickets.filter(level__lte=Level.LATE), tickets.waiting(), tickets.filter(member=None)):
        assert one.exists()
    promises = TicketClock.objects.all()
    assert promises.filter(kept_at__isnull=False).exists()
    assert promises.filter(missed_at__isnull=False, ended_at__isnull=True).exists()
    assert Event.objects.filter(kind="ticket.missed").exists()
    said = Message.objects.filter(author__isnull=False)
    assert said.filter(delivery="bounced").exists()
    assert Message.objects.filter(automatic="auto_reply", direction="in").exists()
    assert not Message.objects.exclude(state="held").filter(at__gt=now).exists()
    for row in said.select_related("brand"):
        hours = directory().calendars[directory().calendar_of(row.brand_id) or 0]
        assert hours.between(row.at, row.at + timedelta(seconds=1)), f"we answer in our hours, not at {row.at}"
    asked = [row.at.astimezone(directory().zone).hour for row in Message.objects.filter(direction="in", automatic="")]
    assert sum(7 <= hour < 22 for hour in asked) > 0.9 * len(asked)
    languages = {"en"} if house.slug == "suncoast" else {"nl", "en"}
    spoken = Job.objects.filter(pk__in=tickets.values("job")).values_list("person__language", flat=True)
    assert {*spoken} - {""} <= languages
    assert Recording.objects.get(file__size__gt=10_000).message.duration
    kept = Entry.objects.filter(audience="named")
    assert Mention.objects.filter(entry__in=kept, read_at=None).exists()
    assert sla_setup().asks_partners
    assert [len(policy.targets) for policy in sla_setup().policies] == [8, 12, 8]
    # What the list shows is what the entries say, and the tick finds nothing that should have happened before.
    for ticket in tickets:
        wrote = [entry for entry in ticket.entries.select_related("message") if entry.message]
        assert ticket.last_message_at == max((entry.at for entry in wrote), default=None)
        assert ticket.level == ticket.level_at(now) or ticket.is_running
    assert Due.objects.filter(kind__in=["ticket.close", "ticket.archive"], due_at__lt=now).count() == 0


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("role", TOURS)
def test_every_stop_of_the_tour_shows_its_row(
    seeded: object, db: None, client: Client, settings: Any, slug: str, role: str
) -> None:
    settings.DEMO = True
    targets = seat_of(client, slug, role)
    for number, (_url, name) in enumerate(targets, 1):
        page = client.get(reverse("demo:stop", args=[slug, role, number]), follow=True)
        text = page.content.decode()
        # Beside a list stands what nothing is chosen for yet.
        main = text[text.index("<main") :].partition('class="pane thread')[0]
        assert (page.status_code, page.redirect_chain[0][0]) == (200, targets[number - 1].url)
        assert name in unescape(main), f"stop {number} does not show {name}"
        assert not re.search(r'class="(card )?empty[ "]', main), f"stop {number} is empty"
        assert 'class="tour"' in text


def seat_of(client: Client, slug: str, role: str) -> list[Target]:
    """Sign in as a role of the tour; the pages of its stops."""
    with seated(slug, role) as seat:
        assert seat, f"nobody is the {role} of {slug}"
        targets = [stop.find(seat) for stop in TOURS[role]]
        if seat.member:
            client.force_login(seat.member.user)
    if role == CUSTOMER:
        assert client.post(reverse("demo:stop", args=[slug, role, 1])).status_code == 302
    return targets


def test_old_data_are_made_anew_unless_somebody_has_worked_in_them(
    seeded: object, as_owner: None, tmp_path: Path, settings: Any
) -> None:
    settings.DEMO = True
    touched, untouched = (Tenant.objects.get(slug=slug) for slug in SLUGS)
    with use_tenant(touched):
        job = Job.objects.open().filter(member__isnull=False).order_by("pk")[0]
        job.prioritize(4 if job.priority == 1 else 1, by=job.member)
    with clock.at(clock.now() + timedelta(days=7)):
        assert [(age.days, age.is_used) for age in map(data_age, (touched, untouched))] == [(7, True), (7, False)]
        assert "7 days old" in Client().get(reverse("account_login")).content.decode()
        with use_tenant(untouched):
            AccessLog.objects.note_read(Job.objects.all()[0], by=Member.objects.all()[0])
        call_command("renew_demo", "--idle", "--stamp", str(tmp_path / "stamp"), stdout=StringIO())
        assert Tenant.objects.get(slug=untouched.slug).pk == untouched.pk, "somebody looks at it"
        assert not (tmp_path / "stamp").exists()
        call_command("renew_demo", stdout=StringIO())
        renewed = Tenant.objects.get(slug=untouched.slug)
        assert data_age(renewed).days == 0
        with use_tenant(renewed):
            assert Job.objects.open().filter(came_in_at__gt=clock.now() - timedelta(days=1)).exists()
    assert Tenant.objects.get(slug=touched.slug).pk == touched.pk


# What other systems know of the demo


def test_one_webhook_answers_one_fails_and_one_is_off(house: Tenant) -> None:
    webhooks = Webhook.objects.all()
    assert Counter(row.is_paused for row in webhooks) == {False: 2, True: 1}
    assert WebhookHealth.objects.filter(failures=0, answered_at__isnull=False).count() == 2
    [failing] = WebhookHealth.objects.filter(failures__gt=0)
    states = Counter(WebhookCall.objects.filter(webhook=failing.webhook_id).values_list("state", flat=True))
    assert states[CallState.QUEUED] == 2
    assert states[CallState.FAILED] == 1, "a dead letter"
    assert states[CallState.SENT] > 0
    assert Due.objects.filter(tenant=house, kind="webhook.call", subject_id=failing.webhook_id).exists()


def test_every_event_since_the_subscription_has_its_call(house: Tenant) -> None:
    for row in EventSubscription.objects.all():
        calls = WebhookCall.objects.filter(webhook=row.webhook_id)
        assert {call.payload["type"] for call in calls} <= set(row.types)
        assert calls.exists()


def test_a_member_has_connected_an_app(house: Tenant) -> None:
    [token] = ApiToken.objects.of_apps()
    assert token.last_used_at


def test_a_mailbox_has_private_mail_and_asks_to_sign_in(house: Tenant) -> None:
    [mailbox] = MailboxConnection.objects.all()
    messages = Message.objects.filter(channel=mailbox.channel)
    assert mailbox.state == "broken"
    assert Counter(messages.values_list("direction", "sole_reader")) == {
        ("in", mailbox.member_id): 2,
        ("out", mailbox.member_id): 1,
    }


def test_each_kind_of_suggestion_is_shown_somewhere(house: Tenant) -> None:
    admin = Member.objects.filter(role="admin").order_by("pk")[0]
    reader = Reader.of(admin, clock.now())
    quoted = Quote.objects.waiting().values("job")
    leads = [*Job.objects.open().order_by("-pk")[:150], *Job.objects.open().filter(pk__in=quoted)]
    silent = Neglect.objects.lasting().values("person")
    twins = DuplicateCandidate.objects.filter(decided_at=None).values("one")
    customers = list(Person.objects.filter(Q(pk__in=silent) | Q(pk__in=twins)))
    shown = [choose_suggestion(SuggestionSubject(record, admin, reader, house.slug)) for record in [*leads, *customers]]
    assert {suggestion.kind for suggestion in shown if suggestion} == set(SuggestionKind.values)
