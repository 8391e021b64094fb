"""Pages of mailed reports, and what a report says: of which time, to whom, in which language; what is refused."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.kernel import clock
from crm.platform.models import Event, Role, StaffMail, User
from crm.platform.organization.configuration import clear_configuration_caches
from crm.platform.tenancy.context import use_tenant
from reports.mailed.content import ReportContent, content_for, mail_reports, mail_to
from reports.models import ReportMail
from tests.cast import Cast, House, member
from tests.followups.conftest import Browser

# A Thursday; the report leaves on Mondays at seven in New York.
NOW = datetime(2026, 3, 5, 15, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 11, tzinfo=UTC)
DAY = timedelta(days=1)
Add = Callable[..., ReportMail]
FILLED: dict[str, Any] = {
    "name": "Figures",
    "sections": ["leads"],
    "rhythm": "week",
    "weekday": "1",
    "monthday": "3",
    "hour": "8",
}


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with clock.at(NOW), use_tenant(cast.house.tenant):
        yield cast.house


@pytest.fixture
def add(house: House) -> Add:
    """Set a weekly report up, for Mona."""

    def make(**changed: Any) -> ReportMail:
        usual = {"name": "Weekly", "rhythm": "week", "day": 1, "hour": 7, "sections": ["leads"]}
        return ReportMail.add(**{"members": [house.mona], "by": house.ada, **usual, **changed})

    return make


@pytest.fixture
def mona(house: House) -> Browser:
    return Browser(house, house.mona)


def filled(house: House, **changed: Any) -> dict[str, Any]:
    return {**FILLED, "members": [str(house.mona.uid)], **changed}


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"sections": []},
        {"sections": ["nonesuch"]},
        {"members": []},
        {"members": ["00000000-0000-7000-8000-000000000000"]},
        {"rhythm": "year"},
        {"weekday": "8"},
        {"monthday": "29"},
        {"hour": "24"},
    ],
)
def test_a_form_that_makes_no_report_is_shown_again(house: House, mona: Browser, changed: dict[str, Any]) -> None:
    mona.post("reports/mailed/new/", filled(house, **changed), status=422)
    assert not ReportMail.objects.exists()


def test_a_name_that_another_report_has_is_taken(house: House, mona: Browser, add: Add) -> None:
    add(name="Figures")
    mona.post("reports/mailed/new/", filled(house), status=422)
    assert ReportMail.objects.count() == 1


@pytest.mark.parametrize(("rhythm", "day"), [("week", 1), ("month", 3), ("quarter", 3)])
def test_the_day_is_that_of_the_rhythm(house: House, mona: Browser, rhythm: str, day: int) -> None:
    mona.post("reports/mailed/new/", filled(house, rhythm=rhythm))
    assert ReportMail.objects.get().day == day


def test_another_houses_member_is_not_mailed(cast: Cast, house: House, mona: Browser) -> None:
    mona.post("reports/mailed/new/", filled(house, members=[str(cast.otto.uid)]), status=422)
    assert not ReportMail.objects.exists()


def test_who_left_is_not_offered(house: House, mona: Browser) -> None:
    lea = member("Lea Left", Role.MANAGER, house.tenant.slug)
    lea.deactivate(by=house.ada)
    clear_configuration_caches()
    assert "Lea Left" not in mona.get("reports/mailed/new/")
    mona.post("reports/mailed/new/", filled(house, members=[str(lea.uid)]), status=422)


def test_the_form_of_a_report_says_what_it_is(mona: Browser, add: Add) -> None:
    report = add(rhythm="month", day=17, hour=9)
    page = mona.get(f"reports/mailed/{report.uid}/")
    for value in ('value="17" selected', 'value="9" selected', 'value="month" selected'):
        assert value in page


@pytest.mark.parametrize("path", ["archive", "restore", "send"])
@pytest.mark.parametrize("name", ["rita", "sam"])
def test_only_who_leads_acts_on_reports(house: House, add: Add, path: str, name: str) -> None:
    report = add()
    Browser(house, getattr(house, name)).post(f"reports/mailed/{report.uid}/{path}/", {}, status=404)
    assert (StaffMail.objects.exists(), ReportMail.objects.get().archived_at) == (False, None)


@pytest.mark.parametrize("path", ["", "preview/"])
def test_a_report_that_never_was_is_not_found(mona: Browser, path: str) -> None:
    mona.get(f"reports/mailed/00000000-0000-7000-8000-000000000000/{path}", status=404)


def test_a_preview_mails_nothing_and_plans_nothing(mona: Browser, add: Add) -> None:
    report = add()
    mona.get(f"reports/mailed/{report.uid}/preview/")
    report.refresh_from_db()
    assert (StaffMail.objects.exists(), report.next_at) == (False, MONDAY)


def test_the_list_tells_who_stopped_a_report(house: House, mona: Browser, add: Add) -> None:
    add(members=[house.mona, house.sam]).recipients.get(member=house.sam).stop(by=house.sam)
    page = mona.get("reports/mailed/")
    assert page.index("Mona Manager") < page.rindex("Sam Service")
    assert "every week on Monday" in page


def test_an_archived_report_is_last_and_leaves_at_no_time(house: House, mona: Browser, add: Add) -> None:
    add(name="Aged").archive(by=house.ada)
    add(name="Zeal")
    page = mona.get("reports/mailed/")
    assert page.index("Zeal") < page.index("Aged")


def test_it_is_stopped_from_its_mail_by_whom_it_was_sent_to(house: House, add: Add) -> None:
    report, rita = add(members=[house.rita]), Browser(house, house.rita)
    assert "Unsubscribe" in rita.get(f"reports/mailed/{report.uid}/stop/")
    assert report.recipients.get().stopped_at is None, "to look is not to stop"


def test_who_gets_no_such_report_does_not_learn_of_it(house: House, add: Add) -> None:
    report = add()
    Browser(house, house.rita).get(f"reports/mailed/{report.uid}/stop/", status=404)


def said(house: House, add: Add, reader: Any = None, **changed: Any) -> ReportContent:
    with clock.at(MONDAY):
        return content_for(add(**changed), reader or house.mona)


@pytest.mark.parametrize(
    ("rhythm", "period"),
    [("week", "Mon, Mar 2 – Sun, Mar 8"), ("month", "February 2026"), ("quarter", "October 2025 – December 2025")],
)
def test_a_report_is_of_the_time_before(house: House, add: Add, rhythm: str, period: str) -> None:
    content = said(house, add, rhythm=rhythm)
    assert (content.period, content.subject) == (period, f"Weekly: {period}")


def test_a_report_is_of_all_that_its_reader_sees(house: House, add: Add) -> None:
    for owner in (house.mona, house.rita):
        open_job(title=owner.name, stage=house.stage("New"), member=owner, by=house.mona)
    came = {}
    for reader in (house.mona, house.rita):
        [section] = said(house, add, reader, name=reader.name, sections=["period"]).sections
        came[reader.name] = next(one.number for one in section.lines if str(one.line.label) == "Came in")
    assert came == {"Mona Manager": "2", "Rita Rep": "1"}


def test_a_section_its_reader_may_not_see_is_left_out(house: House, add: Add) -> None:
    content = said(house, add, house.rita, sections=["money", "leads"])
    assert [one.section.key for one in content.sections] == ["leads"]


def test_a_mail_is_in_the_language_of_its_reader(house: House, add: Add) -> None:
    User.objects.filter(pk=house.mona.user_id).update(language="nl")
    report = add(rhythm="month", day=9)
    with clock.at(MONDAY):
        mail_to(report, house.mona)
    mail = StaffMail.objects.get()
    assert mail.subject == "Weekly: februari 2026"


def test_a_name_of_two_lines_is_a_subject_of_one(house: House, add: Add) -> None:
    report = add()
    ReportMail.objects.filter(pk=report.pk).update(name="Week\nly  now")
    report.refresh_from_db()
    mail_to(report, house.mona)
    assert StaffMail.objects.get().subject.startswith("Week ly now: ")


def test_a_mail_names_the_page_it_is_stopped_on(house: House, add: Add) -> None:
    report = add()
    mail_to(report, house.mona)
    mail = StaffMail.objects.get()
    assert f"/{house.tenant.slug}/reports/mailed/{report.uid}/stop/" in mail.body
    assert (mail.to, mail.tenant_id) == ("mona@suncoast-test.example", house.tenant.pk)


def test_reports_of_one_time_are_mailed_each(house: House, add: Add) -> None:
    ids = [add(name=name).pk for name in ("One", "Two")]
    with clock.at(MONDAY):
        mail_reports([*ids, 10**9])
    assert sorted(StaffMail.objects.values_list("subject", flat=True)) == [
        "One: Mon, Mar 2 – Sun, Mar 8",
        "Two: Mon, Mar 2 – Sun, Mar 8",
    ]


def test_a_report_that_everybody_stopped_goes_on_being_planned(house: House, add: Add) -> None:
    report = add()
    report.recipients.get().stop(by=house.mona)
    with clock.at(MONDAY):
        mail_reports([report.pk])
    report.refresh_from_db()
    assert (StaffMail.objects.exists(), report.next_at) == (False, MONDAY + 7 * DAY)


def test_a_restored_report_leaves_at_its_next_time(house: House, mona: Browser, add: Add) -> None:
    report = add()
    for path in ("archive", "restore"):
        mona.post(f"reports/mailed/{report.uid}/{path}/", {})
    report.refresh_from_db()
    assert (report.next_at, report.archived_at) == (MONDAY, None)
    assert Event.objects.filter(kind__in=("report_mail.archived", "report_mail.restored")).count() == 2


def test_mail_of_another_house_is_not_sent(cast: Cast, add: Add) -> None:
    report = add()
    with use_tenant(cast.other.tenant), clock.at(MONDAY):
        mail_reports([report.pk])
        assert not StaffMail.objects.exists()
    report.refresh_from_db()
    assert report.next_at == MONDAY
