"""Reminders as sent: once, collapsed after an outage, one message per member, and never about what is done."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from crm.kernel import clock
from crm.platform.models import Due, Event, StaffMail
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.due import run_due_work
from crm.web.models import Notice, PushSubscription, StaffNumber
from crm.web.models.push_subscription import SEND
from followups.models import FollowUp, FollowUpOutcome, Reminder, ReminderDefault
from followups.models.reminder_plan import REMIND
from followups.reminders.notices import tell_missed
from followups.reminders.sending import send_reminders
from tests.cast import House, load_cast
from tests.followups.conftest import NOON
from tests.followups.test_links import colleagues_job
from tests.together import together


@pytest.fixture
def inside(house: House) -> Iterator[House]:
    with use_tenant(house.tenant):
        yield house


def choose(*times: tuple[int, str]) -> None:
    ReminderDefault.objects.create(times=[list(one) for one in times])


def pass_time(**span: float) -> None:
    """Let so much time pass and the tick run."""
    with clock.at(clock.now() + timedelta(**span)):
        while run_due_work():
            pass


def states() -> dict[tuple[int, str], str]:
    rows = Reminder.objects.order_by("pk")
    return {(row.minutes_before, row.channel): row.skipped_reason or ("sent" if row.sent_at else "") for row in rows}


def test_a_notice_at_its_time_and_once(inside: House, planned: Callable[..., FollowUp]) -> None:
    planned(hours=1)
    pass_time(minutes=44)
    assert not Notice.objects.exists()
    pass_time(minutes=46)
    pass_time(minutes=47)
    notice = Notice.objects.get()
    assert (notice.member, notice.kind, notice.data) == (inside.rita, "followup.reminder", {"minutes": 14})
    assert not StaffMail.objects.exists()


def test_by_email_in_one_mail_for_all_at_that_time(inside: House, planned: Callable[..., FollowUp]) -> None:
    choose((15, "email"))
    planned("Call Cora", hours=1)
    planned("Send the quote", hours=1, kind="email")
    planned("Not yet", hours=2)
    pass_time(minutes=46)
    mail = StaffMail.objects.get()
    assert [words in mail.body for words in ("Call Cora", "Send the quote", "Not yet")] == [True, True, False]
    assert mail.to == inside.rita.user.email


def test_a_reminder_names_the_lead_to_those_who_may_see_it(inside: House, planned: Callable[..., FollowUp]) -> None:
    choose((15, "email"))
    planned("Call back", hours=1)
    planned("Measure", hours=1, job=colleagues_job(inside))
    pass_time(minutes=46)
    body = StaffMail.objects.get().body
    assert [words in body for words in ("Call back · Cora Customer", "Measure", "Theirs")] == [True, True, False]


def test_after_an_outage_one_reminder_of_several(inside: House, planned: Callable[..., FollowUp]) -> None:
    choose((180, "email"), (60, "email"), (30, "app"))
    planned(hours=4)
    pass_time(hours=3, minutes=40)
    assert states() == {(180, "email"): "replaced", (60, "email"): "replaced", (30, "app"): "sent"}
    assert Notice.objects.count() == 1
    assert not StaffMail.objects.exists()


def test_none_once_it_is_overdue_but_one_alert(inside: House, planned: Callable[..., FollowUp]) -> None:
    planned(hours=4)
    pass_time(hours=5)
    assert states() == {(15, "app"): "too_late"}
    with clock.at(clock.now() + timedelta(hours=5)):
        missed = list(Event.objects.filter(kind="followup.missed"))
        tell_missed(missed)
        tell_missed(missed)
    assert [(row.kind, row.member) for row in Notice.objects.all()] == [("followup.missed", inside.rita)]


def test_no_alert_where_it_was_done_late(inside: House, planned: Callable[..., FollowUp]) -> None:
    follow_up = planned(hours=-1)
    follow_up.complete(FollowUpOutcome.SUCCESSFUL, by=inside.rita)
    tell_missed(list(Event.objects.filter(kind="followup.missed")))
    assert not Notice.objects.exists()


def test_a_device_else_a_text_else_an_email(
    inside: House, planned: Callable[..., FollowUp], monkeypatch: pytest.MonkeyPatch
) -> None:
    choose((15, "push"))
    planned(hours=1)
    pass_time(minutes=46)
    assert states() == {(15, "push"): "no_device"}
    assert StaffMail.objects.count() == 1
    texts: list[Any] = []
    monkeypatch.setattr("followups.reminders.sending.confirmed_number", lambda member: "+18135550100")
    monkeypatch.setattr("followups.reminders.sending.send_text_notice", lambda *given: texts.append(given))
    planned("Another", hours=1)
    pass_time(minutes=46)
    assert (len(texts), StaffMail.objects.count()) == (1, 1)
    device = PushSubscription.objects.create(member=inside.rita, fingerprint="f", sealed="s")
    planned("A third", hours=1)
    pass_time(minutes=46)
    assert Due.objects.filter(kind=SEND, subject_id=device.pk).exists()
    assert (len(texts), StaffMail.objects.count()) == (1, 1)


def test_whatsapp_else_a_text(inside: House, planned: Callable[..., FollowUp], monkeypatch: pytest.MonkeyPatch) -> None:
    choose((15, "whatsapp"))
    ways = {"sms"}
    sent: list[str] = []
    number = lambda _member, medium="sms": "+18135550100" if medium in ways else ""  # noqa: E731
    monkeypatch.setattr("followups.reminders.sending.confirmed_number", number)
    record = lambda _member, _number, _rows, medium="sms": sent.append(medium)  # noqa: E731
    monkeypatch.setattr("followups.reminders.sending.send_text_notice", record)
    planned(hours=1)
    pass_time(minutes=46)
    assert (states(), sent) == ({(15, "whatsapp"): "no_whatsapp"}, ["sms"])
    ways.add("whatsapp")
    planned("Another", hours=1)
    pass_time(minutes=46)
    assert sent == ["sms", "whatsapp"]


def test_a_text_needs_a_confirmed_number(inside: House, planned: Callable[..., FollowUp]) -> None:
    choose((15, "text"))
    StaffNumber.objects.create(member=inside.rita, number="+18135550100")
    planned(hours=1)
    pass_time(minutes=46)
    assert states() == {(15, "text"): "no_number"}
    assert StaffMail.objects.count() == 1


def test_not_to_a_member_who_has_left(inside: House, planned: Callable[..., FollowUp]) -> None:
    planned(hours=1)
    inside.rita.active = False
    inside.rita.save()
    pass_time(minutes=46)
    assert states() == {(15, "app"): "hidden"}


def test_of_what_is_done_nobody_is_reminded(inside: House, planned: Callable[..., FollowUp]) -> None:
    follow_up = planned(hours=1)
    ids = list(Reminder.objects.values_list("pk", flat=True))
    follow_up.complete(FollowUpOutcome.SUCCESSFUL, by=inside.rita)
    with clock.at(clock.now() + timedelta(minutes=46)):
        send_reminders(ids)
    assert not Notice.objects.exists()


def test_cost_does_not_grow_with_the_number(
    inside: House, planned: Callable[..., FollowUp], django_assert_max_num_queries: Any
) -> None:
    choose((15, "app"), (15, "email"))
    for nth in range(12):
        planned(f"Call {nth}", hours=1)
    ids = list(Reminder.objects.values_list("pk", flat=True))
    with clock.at(clock.now() + timedelta(minutes=46)), django_assert_max_num_queries(40):
        send_reminders(ids)
    assert StaffMail.objects.count() == 1


def test_two_complete_it_while_its_reminder_is_due(transactional_db: None) -> None:
    house = load_cast().house
    with use_tenant(house.tenant), clock.at(NOON):
        at = NOON + timedelta(hours=1)
        follow_up = FollowUp.plan(
            kind="call", subject="Call", due_at=at, job=house.job, assignee=house.rita, by=house.rita
        )
        reminder = Reminder.objects.get()
    later = NOON + timedelta(minutes=50)

    def complete(member: Any) -> Callable[[], object]:
        def act() -> None:
            with use_tenant(house.tenant), clock.at(later):
                FollowUp.objects.get(pk=follow_up.pk).complete(FollowUpOutcome.SUCCESSFUL, by=member)

        return act

    def tick() -> int:
        with clock.at(later):
            return run_due_work()

    together(complete(house.rita), complete(house.mona), tick)
    with use_tenant(house.tenant), clock.at(later):
        while run_due_work():
            pass
        was_sent = Reminder.objects.filter(pk=reminder.pk, sent_at__isnull=False).exists()
        assert Notice.objects.count() == (1 if was_sent else 0)
        assert not Due.objects.filter(kind=REMIND).exists()
        assert FollowUp.objects.get(pk=follow_up.pk).status == "completed"


def test_a_row_that_a_verb_holds_is_looked_at_again(transactional_db: None) -> None:
    house = load_cast().house
    with use_tenant(house.tenant), clock.at(NOON):
        FollowUp.plan(
            kind="call", subject="Call", due_at=NOON + timedelta(hours=1), job=house.job, assignee=house.rita, by=None
        )
        reminder = Reminder.objects.get()

    def work() -> None:
        with use_tenant(house.tenant), clock.at(NOON + timedelta(minutes=50)):
            send_reminders([reminder.pk])

    with use_tenant(house.tenant):
        with transaction.atomic():
            Reminder.objects.select_for_update().get(pk=reminder.pk)
            together(work)
        due = Due.objects.get(kind=REMIND)
        assert due.due_at == NOON + timedelta(minutes=50, seconds=5)
        assert not Notice.objects.exists()
