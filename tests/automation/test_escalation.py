"""A ladder asks one after the other in working time, until somebody says that they are on it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crm.automation.definition import WaitStep
from crm.automation.escalation import escalation_recipients
from crm.automation.models import RuleRun, RunState
from crm.automation.span import Span, SpanUnit
from crm.jobs.models import Job
from crm.jobs.models.assignment import Absence
from crm.kernel import clock
from crm.platform.models import StaffMail
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice, NoticeWay
from crm.web.notices.acknowledgements import take_up
from crm.web.notices.delivery.mails import mail_due_notices
from crm.web.notices.preferences import save_preference
from tests.automation.rules import do, rule, work
from tests.automation.test_editor import signed_in
from tests.cast import Cast, House
from tests.queries import data_queries

FRIDAY = datetime(2026, 3, 6, 21, 30, tzinfo=UTC)  # 16:30 in New York


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(FRIDAY):
        yield cast.house


def asked() -> list[str]:
    return list(Notice.objects.filter(kind="rule.escalated").order_by("pk").values_list("member__name", flat=True))


@pytest.mark.parametrize("is_taken", [False, True])
def test_the_next_rung_is_asked_unless_somebody_took_it_up(house: House, is_taken: bool) -> None:
    wait = WaitStep(Span(1, SpanUnit.WORKING_HOURS), ("job.taken_up",))
    rule(
        "job.left", do("escalate", who="owner", text="Call"), wait, do("escalate", who="managers"), options={"step": ""}
    )
    Job.objects.get(pk=house.job.pk).move_to(house.stage("Reached"), by=house.mona)
    work(FRIDAY)
    run = RuleRun.objects.get()
    # Half an hour is left of the Friday: the second rung is on Monday, not at night.
    assert run.next_at is not None
    assert (asked(), run.next_at.weekday()) == (["Rita Rep"], 0)
    if is_taken:
        with clock.at(FRIDAY + timedelta(minutes=5)):
            take_up("rule.escalated", f"run:{run.pk}", by=house.rita)
        work(FRIDAY + timedelta(minutes=5))
    work(run.next_at)
    run.refresh_from_db()
    assert asked() == (["Rita Rep"] if is_taken else ["Rita Rep", "Mona Manager"])
    assert run.state == (RunState.STOPPED if is_taken else RunState.DONE)


def ask(house: House, who: str, at: datetime) -> None:
    """Have a ladder of one rung ask somebody."""
    with clock.at(at):
        rule("job.heard", do("escalate", who=who, text="Call"), name=f"Ask {who}")
        Job.objects.get(pk=house.job.pk).hear("sms")
    work(at)


@pytest.mark.parametrize(
    ("absent", "cover", "who", "expected"),
    [
        (["rita"], None, "owner", ["Mona Manager"]),
        (["rita"], "sam", "owner", ["Sam Service"]),
        (["rita"], "mona", "owner", ["Mona Manager"]),
        (["rita", "mona"], "mona", "owner", ["Ada Admin"]),
        (["mona"], None, "managers", ["Ada Admin"]),
        (["rita", "mona", "ada"], None, "owner", ["Rita Rep"]),
    ],
)
def test_whoever_is_absent_is_not_asked(
    house: House, absent: list[str], cover: str | None, who: str, expected: list[str]
) -> None:
    for name in absent:
        covers = getattr(house, cover) if cover and name == "rita" else None
        Absence.plan(getattr(house, name), FRIDAY - timedelta(hours=1), None, cover=covers, by=house.ada)
    ask(house, who, FRIDAY)
    assert asked() == expected


def test_what_is_asked_shows_how_the_lead_stands(house: House) -> None:
    ask(house, "managers", FRIDAY)
    page = signed_in(house.mona).get(f"/{house.tenant.slug}/notices/").content.decode()
    assert re.search(r'notice-stand"><span class="age \w+">[^<]+</span><span class="plb micro', page)
    save_preference(house.mona, {}, working_hours_only=False)
    with clock.at(FRIDAY + timedelta(minutes=11)):
        mail_due_notices([house.mona.pk])
    assert "\nNew: " in StaffMail.objects.get().body


def test_nobody_is_mailed_at_night_unless_they_chose_to_be(house: House) -> None:
    """On Saturday, three in the morning: it stands here at once, and is mailed on Monday at eight."""
    night = datetime(2026, 3, 7, 8, tzinfo=UTC)
    monday = datetime(2026, 3, 9, 12, tzinfo=UTC)
    save_preference(house.ada, {"rule.escalated": NoticeWay.MAIL}, working_hours_only=False)
    # Whoever chose for another kind has chosen nothing for this one.
    save_preference(house.mona, {"rule.told": NoticeWay.OFF}, working_hours_only=False)
    ask(house, "managers", night)
    ask(house, "admins", night)
    found = dict(Notice.objects.filter(kind="rule.escalated").values_list("member__name", "mail_at"))
    assert found == {"Mona Manager": monday, "Ada Admin": night + timedelta(minutes=10)}


def test_whether_somebody_sees_it_is_read_once_of_those_who_are_there(house: House) -> None:
    escalation_recipients("owner", house.rita.pk, house.job)
    with data_queries() as made:
        assert escalation_recipients("owner", house.rita.pk, house.job) == [house.rita]
    assert len(made) == 1
    Absence.plan(house.rita, FRIDAY - timedelta(hours=1), FRIDAY + timedelta(days=3), by=house.rita)
    escalation_recipients("owner", house.rita.pk, house.job)
    with data_queries() as made:
        assert escalation_recipients("owner", house.rita.pk, house.job) == [house.mona]
    # Rita's, for who covers; and the manager's.
    assert len(made) == 2
    for member in (house.mona, house.ada):
        Absence.plan(member, FRIDAY - timedelta(hours=1), None, by=house.ada)
    escalation_recipients("owner", house.rita.pk, house.job)
    with data_queries() as made:
        assert escalation_recipients("owner", house.rita.pk, house.job) == [house.rita]
    assert len(made) == 1
