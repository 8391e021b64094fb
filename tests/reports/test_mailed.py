"""Reports by email: they leave when it is time, once, to who is here and wants them, and link to what they count."""

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Source
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Due, Event, Member, Role, StaffMail
from crm.platform.organization.configuration import clear_configuration_caches
from crm.platform.tenancy.context import use_tenant
from leads.models import Spend
from reports.home.line import CountedSection, count_sections
from reports.home.sections import KINDS, HomeRequest, sections
from reports.mailed.content import mail_reports
from reports.models import ReportMail
from reports.periods import week_before
from tests.cast import Cast, House, member

# A Thursday; the report leaves on Mondays at seven in New York.
NOW = datetime(2026, 3, 5, 15, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 11, tzinfo=UTC)
WEEKLY = {"name": "Weekly", "rhythm": "week", "day": 1, "hour": 7}


def mails() -> list[str]:
    return list(StaffMail.objects.order_by("pk").values_list("to", flat=True))


def test_a_report_leaves_once_each_week_to_who_is_here_and_wants_it(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        with clock.at(NOW):
            lea = member("Lea Left", Role.MANAGER, house.tenant.slug)
            clear_configuration_caches()
            report = ReportMail.add(
                members=[house.mona, house.rita, house.sam, lea], by=house.ada, sections=["leads"], **WEEKLY
            )
            assert report.next_at == MONDAY
            assert Due.objects.get(kind="report.mail").due_at == MONDAY
            lea.deactivate(by=house.ada)
            report.recipients.get(member=house.rita).stop(by=house.rita)
            mail_reports([report.pk])
            assert mails() == [], "it is not time"
        with clock.at(MONDAY + timedelta(minutes=2)):
            clear_configuration_caches()
            mail_reports([report.pk])
            mail_reports([report.pk])
            assert mails() == ["mona@suncoast-test.example", "sam@suncoast-test.example"]
            report.refresh_from_db()
            assert report.next_at == MONDAY + timedelta(days=7)
            report.recipients.get(member=house.rita).resume(by=house.rita)
            report.archive(by=house.ada)
        with clock.at(MONDAY + timedelta(days=8)):
            mail_reports([report.pk])
            assert len(mails()) == 2
            assert not Due.objects.filter(kind="report.mail").exists()
            report.restore(by=house.ada)
            assert report.next_at == MONDAY + timedelta(days=14)
        kinds = list(
            Event.objects.filter(kind__startswith="report_mail.").order_by("pk").values_list("kind", flat=True)
        )
        assert [kind.partition(".")[2] for kind in kinds] == [
            *("added", "stopped", "mailed", "resumed", "archived", "restored"),
        ]


@pytest.mark.parametrize(
    "wrong",
    [{"sections": []}, {"members": []}, {"day": 8}, {"rhythm": "month", "day": 29}, {"day": 0}],
)
def test_what_makes_no_report_is_refused(cast: Cast, wrong: dict[str, object]) -> None:
    with use_tenant(cast.house.tenant):
        chosen = {**WEEKLY, "sections": ["leads"], "members": [cast.house.mona], **wrong}
        with pytest.raises(Refused):
            ReportMail.add(by=None, **chosen)


def come_and_go(house: House) -> None:
    """Leads of the week before: two came in, one of them was lost; and one without a status since."""
    with clock.at(NOW):
        for title in ("Ann", "Bob"):
            job = open_job(title=title, stage=house.stage("New"), member=house.mona, by=house.mona)
        job.lose("price", by=house.mona)
        open_job(title="Cid", stage=None, member=house.mona, by=house.mona)


def test_each_number_of_a_mail_opens_the_list_of_so_many(cast: Cast, client: Client) -> None:
    house = cast.house
    client.force_login(house.mona.user)
    with use_tenant(house.tenant):
        come_and_go(house)
        report = ReportMail.add(members=[house.mona], by=house.ada, sections=list(KINDS), **WEEKLY)
    base = f"/{house.tenant.slug}/reports/mailed/{report.uid}/"
    with clock.at(MONDAY):
        assert client.post(f"{base}send/").status_code == 302
        [mail] = StaffMail.objects.all()
        assert (mail.to, mail.subject) == ("mona@suncoast-test.example", "Weekly: Mon, Mar 2 – Sun, Mar 8")
        told = dict(re.findall(r"^  ([^:\n]+): (\d+)", mail.body, re.MULTILINE))
        assert (told["Came in"], told["Lost"], told["No status"]) == ("3", "1", "1")
        links = re.findall(r": (\d+)(?:\n  \(.*\))?\n  (http\S+/leads/\S*)", mail.body)
        assert links
        for number, url in links:
            asked = urlsplit(url)
            page = client.get(f"{asked.path}?{asked.query}").content.decode()
            assert len(re.findall(r'<tr class="lead"', page)) == int(number), url
        preview = client.get(f"{base}preview/").content.decode()
        assert "Mon, Mar 2 – Sun, Mar 8" in preview
        assert 'class="age none">1</b>' in preview
        assert f"{base}stop/" in mail.body
        assert "Unsubscribe from it" in client.get(f"{base}stop/").content.decode()
        client.post(f"{base}stop/")
        with use_tenant(house.tenant):
            assert report.recipients.get().stopped_at == MONDAY
    client.force_login(house.rita.user)
    assert client.get(f"{base}stop/").status_code == client.get(base).status_code == 404


def test_money_is_for_who_may_see_what_sources_cost(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        come_and_go(house)
        Job.objects.filter(title="Bob").update(value=1_200_000)
        source = Source.objects.create(name="Ads")
        Spend.objects.create(month=date(2026, 3, 1), source=source, currency="USD", amount=31_000)
        with clock.at(MONDAY):
            clear_configuration_caches()
            [[spent, per_won, _sold, lost, *_forecast]] = [one.lines for one in money_of(house.mona)]
            assert (spent.number, per_won.number, lost.number, lost.before) == ("$70", "–", "$12K", "–")
            assert money_of(house.rita) == money_of(house.sam) == []


def money_of(reader: Member) -> list[CountedSection]:
    asked = HomeRequest(reader, "suncoast-test", week_before(MONDAY.date()), mine=False)
    return count_sections(sections(["money"], asked), exact=True)


def test_a_report_is_set_up_and_changed_on_its_page(cast: Cast, client: Client) -> None:
    house = cast.house
    client.force_login(house.mona.user)
    page = f"/{house.tenant.slug}/reports/mailed/"
    filled = {
        "name": "Figures",
        "sections": ["leads", "period"],
        "rhythm": "month",
        "weekday": "1",
        "monthday": "3",
        "hour": "8",
        "members": [str(house.mona.uid)],
    }
    with clock.at(NOW):
        assert client.post(f"{page}new/", {**filled, "members": []}).status_code == 422
        assert client.post(f"{page}new/", filled).status_code == 302
        with use_tenant(house.tenant):
            report = ReportMail.objects.get()
            assert (report.rhythm, report.day, report.hour) == ("month", 3, 8)
        shown = client.get(f"{page}{report.uid}/").content.decode()
        version = re.search(r'name="version" value="(\w+)"', shown)
        assert version
        changed = {**filled, "rhythm": "week", "weekday": "5", "version": version[1]}
        assert client.post(f"{page}{report.uid}/", changed).status_code == 302
        assert client.post(f"{page}{report.uid}/", changed).status_code == 409
        listed = client.get(page).content.decode()
        assert "every week on Friday" in listed
        assert "Mona Manager" in listed
        client.post(f"{page}{report.uid}/archive/")
        with use_tenant(house.tenant):
            report.refresh_from_db()
            assert report.archived_at
            assert report.next_at is None


def test_leavers_are_nobodys_reader(cast: Cast) -> None:
    """Who left is not offered, and choosing others takes them off."""
    house = cast.house
    with use_tenant(house.tenant), clock.at(NOW):
        report = ReportMail.add(members=[house.mona, house.sam], by=house.ada, sections=["leads"], **WEEKLY)
        report.change(members=[house.mona], by=house.ada)
        assert [row.member_id for row in report.recipients.all()] == [house.mona.pk]
        gone: Member = house.mona
        gone.deactivate(by=house.ada)
        clear_configuration_caches()
    with use_tenant(house.tenant), clock.at(MONDAY):
        mail_reports([report.pk])
        assert mails() == []
