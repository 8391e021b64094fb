"""The report per source: what it counts, the list each number opens, what was spent, and what matches nothing."""

import re
from datetime import date, datetime, time, timedelta
from html import unescape

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.jobs.creation.job_creation import open_job
from crm.jobs.losses.closing_reason import end, read
from crm.jobs.models import Job, Source, StageVisit
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.days import DayRange
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Due, Event
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from leads.lead_list import LEADS
from leads.models import Campaign, FirstContact, Lead, Spend, Touch, UtmRule
from leads.sources import funnel, unmatched
from leads.sources.attribution import attribute
from leads.sources.report import figures
from leads.sources.report.lead_count import ReportScope
from leads.sources.spending import file as spend_file
from leads.sources.spending.amounts import SpendEntry, enter
from leads.sources.utm import UtmFields
from tests.cast import Cast
from tests.queries import data_queries

PAGE, SET_UP = "/suncoast-test/reports/sources/", "/suncoast-test/leads/sources/"


@pytest.fixture
def ended(scene: dict[str, Job], cast: Cast) -> dict[str, Job]:
    """The scene, with some won, some lost for reasons, some in another currency, and an amount of each."""
    with use_tenant(cast.house.tenant):
        for title in ("Ned Faraday", "Opal Whitney"):
            Lead.objects.get(pk=scene[title].pk).win(by=None)
        for title, given in (
            ("Hector Salinas", {"reason": "price", "gap": "1,000"}),
            ("Samir Haddad", {"reason": "competitor", "note": "Gulf Roofers"}),
        ):
            job = Job.objects.get(pk=scene[title].pk)
            end(job, read("lost", given, job), by=None)
        Lead.objects.filter(job__title="Hector Salinas").update(quoted_at=clock.now())
        Job.objects.filter(title="Greta Nyström").update(currency="EUR")
        google = Source.objects.get(name="Google Ads")
        month = clock.now().date().replace(day=1)
        enter([SpendEntry(google, None, month, "month", code, 310_000) for code in ("USD", "EUR")], by=None)
        return scene


def whole_period() -> DayRange:
    today = clock.now().date()
    return DayRange(today - timedelta(days=89), today + timedelta(days=1))


def test_every_number_opens_the_list_it_counts(client: Client, cast: Cast, ended: dict[str, Job]) -> None:
    client.force_login(cast.house.mona.user)
    checked = 0
    for query in ("", "touch=conversion", "who=new&compare=1", "who=returning"):
        page = client.get(f"{PAGE}?{query}")
        assert page.status_code == 200
        cells = [
            (cell.text, cell.url)
            for table in page.context["tables"]
            for row in [*table.rows, *(part for row in table.rows for part in row.parts), table.total]
            for cell in row.cells[1:5]
        ]
        cells += [
            (re.match(r"[\d,]+", loss.why)[0], loss.url)  # type: ignore[index]
            for table in page.context["tables"]
            for loss in table.losses
        ]
        cells += [
            (cell.text.rpartition(", ")[2].partition(" ")[0], cell.url)
            for table in page.context["tables"]
            if table.months
            for row in table.months.table.rows
            for cell in row.cells
            if cell.url
        ]
        cells += [(each.text.split()[0], each.url) for table in page.context["tables"] if (each := table.returning)]
        with use_tenant(cast.house.tenant):
            for text, url in dict.fromkeys(cells):
                filters = LEADS.read(QueryDict(url.partition("?")[2]), cast.house.mona)
                assert LEADS.apply(filters, cast.house.mona).count() == int(text.replace(",", "")), url
                checked += 1
    assert checked > 60


def test_money_of_two_currencies_is_never_summed(client: Client, cast: Cast, ended: dict[str, Job]) -> None:
    with use_tenant(cast.house.tenant):
        found = figures.read(Job.objects.all(), ReportScope(whole_period()))
        assert {key[0] for key in found} == {"USD", "EUR"}
        google = Source.objects.get(name="Google Ads").pk
        assert found["EUR", google, None].leads == 0
        assert figures.total(found, "EUR").leads == 1
        # Greta's lead has a cost of its own, of a source without an amount.
        assert figures.total(found, "EUR").spent == found["EUR", google, None].spent + 16_400 > 16_400
    client.force_login(cast.house.mona.user)
    page = client.get(PAGE)
    assert [table.currency for table in page.context["tables"]] == ["USD", "EUR"]
    text = unescape(client.get(f"{PAGE}file/").content.decode("utf-8-sig"))
    assert "Google Ads" in text
    # Reps see none of it; what one cost is not theirs.
    client.force_login(cast.house.rita.user)
    assert {client.get(f"{PAGE}{path}").status_code for path in ("", "file/")} == {404}
    assert {client.get(f"{SET_UP}{path}").status_code for path in ("spend/", "campaigns/")} == {404}


def test_history_follows_a_source_that_is_renamed_or_merged(cast: Cast, ended: dict[str, Job]) -> None:
    with use_tenant(cast.house.tenant):
        google, angi = Source.objects.get(name="Google Ads"), Source.objects.get(name="Angi")
        asked = ReportScope(whole_period())
        before = figures.read(Job.objects.all(), asked)
        angi.merge(google, by=None)
        google.rename("=cmd|x", by=None)
        after = figures.read(Job.objects.all(), asked)
        both = before["USD", google.pk, None].leads + before["USD", angi.pk, None].leads
        assert after["USD", google.pk, None].leads == both
        assert ("USD", angi.pk, None) not in after
        assert figures.total(after, "USD").spent == figures.total(before, "USD").spent
        angi.take_apart(by=None)
        assert figures.read(Job.objects.all(), asked)["USD", angi.pk, None].leads > 0


def test_lost_money_is_summed_by_reason_with_the_number_that_was_asked(cast: Cast, ended: dict[str, Job]) -> None:
    with use_tenant(cast.house.tenant):
        asked = ReportScope(whole_period())
        total = figures.total(figures.read(Job.objects.all(), asked), "USD")
        # Yara was lost in words of its own, before there were reasons.
        assert sorted(count for count, _worth in total.reasons.values()) == [1, 1, 1]
        assert total.lost == 3
        assert total.reasons[0] == [1, 1_840_000]
        whys = {row["rival"]: row for row in figures.whys(Job.objects.all(), asked)}
        assert whys["Gulf Roofers"]["times"] == 1
        assert whys[""]["gap"] == 100_000
        Job.objects.get(title="Hector Salinas").reopen(by=None)
        assert figures.total(figures.read(Job.objects.all(), asked), "USD").lost == 2


def test_the_statements_do_not_grow_with_leads(client: Client, cast: Cast, ended: dict[str, Job]) -> None:
    client.force_login(cast.house.mona.user)
    client.get(PAGE)
    counts = []
    for titles in (["Luz Okafor"], ["Wanda Pruitt", "Deborah Lindqvist"]):
        with use_tenant(cast.house.tenant):
            events.chosen_kinds()
            for title in titles:
                source = Source.add(f"New {title}", by=None)
                Job.objects.filter(title=title).update(source=source)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_leads_are_read_once_for_all_their_sums(cast: Cast, ended: dict[str, Job]) -> None:
    with use_tenant(cast.house.tenant):
        events.chosen_kinds()
        figures.read(Job.objects.all(), ReportScope(whole_period()))
        with data_queries() as seen:
            figures.read(Job.objects.all(), ReportScope(whole_period()))
    # What came of them by month and reason, and how soon they were answered.
    assert len([sql for sql in seen if 'FROM "jobs_job"' in sql]) == 2


def test_a_month_begins_at_midnight_of_the_organization(cast: Cast, ended: dict[str, Job]) -> None:
    with use_tenant(cast.house.tenant):
        zone, won = directory().zone, ended["Ned Faraday"]
        asked = ReportScope(DayRange(date(2025, 2, 10), date(2025, 11, 20)))
        # Among them the months in which the clocks change.
        for month in (date(2025, 3, 1), date(2025, 4, 1), date(2025, 11, 1)):
            begin = datetime.combine(month, time(), zone)
            for at, of in ((begin, month), (begin - timedelta(microseconds=1), (month - timedelta(1)).replace(day=1))):
                Job.objects.filter(pk=won.pk).update(came_in_at=at)
                total = figures.total(figures.read(Job.objects.filter(pk=won.pk), asked), won.currency)
                assert +total.won_of == {of: 1}


def test_first_answers_and_new_customers(cast: Cast, ended: dict[str, Job]) -> None:
    with use_tenant(cast.house.tenant):
        job = ended["Luz Okafor"]
        FirstContact.objects.filter(job=job).delete()
        now = clock.now()
        FirstContact.objects.create(
            job=job, opened_at=now, allowed=900, due_at=now, contacted_at=now, seconds=720, channel="call"
        )
        again = Job.objects.get(pk=ended["Ned Faraday"].pk)
        Job.objects.filter(pk=again.pk).update(person=job.person, came_in_at=job.came_in_at + timedelta(minutes=1))
        found = {
            who: figures.read(Job.objects.all(), ReportScope(whole_period(), who=who)) for who in ("", "returning")
        }
        assert figures.total(found["returning"], "USD").leads == 1
        key = ("USD", job.source_id, None)
        assert found[""][key].median_minutes is not None


def test_a_match_mends_the_past_and_what_comes_but_not_what_a_person_set(cast: Cast, scene: dict[str, Job]) -> None:
    with use_tenant(cast.house.tenant):
        google, fair = Source.objects.get(name="Google Ads"), Source.add("Fair", by=None)
        tampa = Campaign.add("Tampa", source=google, by=None)
        given, now = UtmFields(source="gads", campaign="tpa_26"), clock.now()
        jobs = [scene[title] for title in ("Luz Okafor", "Wanda Pruitt", "Samir Haddad")]
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(source=None)
        Lead.objects.filter(pk__in=[job.pk for job in jobs]).update(campaign=None)
        for job in jobs:
            attribute(Lead.objects.get(pk=job.pk), given, now, fallback=None)
        Job.objects.filter(pk=jobs[2].pk).update(source=fair)
        [group] = unmatched.groups()
        assert (group.leads, group.utm_source, unmatched.count()) == (3, "gads", 3)
        assert group.like is not None
        assert (group.like.label, group.likeness >= 60) == ("Google Ads · Tampa", True)
        mona = Client()
        mona.force_login(cast.house.mona.user)
        shown = re.sub(r"\s+", " ", mona.get(f"{SET_UP}unmatched/").text)
        assert f'value="{google.pk}-{tampa.pk}" selected' in shown, "what it is most like is chosen already"
        assert f"{group.likeness}%</span> like “Google Ads · Tampa”" in shown
        with pytest.raises(Refused):
            unmatched.match("gads", "tpa_26", source=fair, campaign=tampa, by=None)
        assert unmatched.match("gads", "tpa_26", source=google, campaign=tampa, by=cast.house.mona) == 3
        assert unmatched.count() == 0
        now_from = [Job.objects.get(pk=job.pk).source for job in jobs]
        assert now_from == [google, google, fair]
        assert [Lead.objects.get(pk=job.pk).campaign for job in jobs] == [tampa, tampa, None]
        late = attribute(Lead.objects.get(pk=scene["Hector Salinas"].pk), given, now)
        assert (late.source, late.campaign, late.is_unmatched) == (google, tampa, False)
        # Said otherwise later: what the words had said follows, again.
        unmatched.match("gads", "tpa_26", source=fair, campaign=None, by=None)
        assert Job.objects.get(pk=jobs[0].pk).source == fair
        unmatched.forget(UtmRule.objects.get(), by=None)
        assert Touch.objects.filter(source=fair).count() == 4
        assert Event.objects.filter(kind__startswith="utm_rule.").count() == 3


def test_spend_is_typed_and_read_from_files_whole_or_not_at_all(client: Client, cast: Cast) -> None:
    client.force_login(cast.house.mona.user)
    with use_tenant(cast.house.tenant):
        web = Source.objects.get(name="Website")
        Campaign.add("Spring, big", source=web, by=None)
    page = client.get(f"{SET_UP}spend/")
    cell = page.context["lines"][0].cells[-1].name
    form = {"version": page.context["version"], "currency": "USD", "until": page.context["until"]}
    assert client.post(f"{SET_UP}spend/save/", form | {cell: "€ 20"}).status_code == 422
    assert client.post(f"{SET_UP}spend/save/", form | {cell: "9,240.50"}).status_code == 302
    assert client.post(f"{SET_UP}spend/save/", form | {cell: "1"}).status_code == 409
    with use_tenant(cast.house.tenant):
        assert Spend.objects.get().amount == 924_050
        wrong = (
            b"Month;Source;Campaign;Amount\n2026-03;Website;;12\nMarch;Website;;1\n2026-03;Radio;;x\n2026-3;website;;2"
        )
        with pytest.raises(spend_file.UnreadableSpendFile) as why:
            spend_file.read(wrong)
        assert [row[:6] for row in why.value.rows] == ["Row 3:", "Row 4:", "Row 5:"]
        assert "no source called “Radio”" in why.value.rows[1]
        right = b'maand,bron,campagne,bedrag,valuta,basis\r\n3/2026,website,spring big,"1.250,50",EUR,lead\r\n'
        [entry] = spend_file.read(right)
        assert (entry.amount, entry.currency, entry.basis, entry.month) == (125_050, "EUR", "lead", date(2026, 3, 1))
        assert enter([entry], by=None) == 1
        assert enter([entry], by=None) == 0
        out = "\n".join(",".join(f'"{cell}"' for cell in row) for row in spend_file.lines(list(Spend.objects.all())))
        assert len(spend_file.read(f"Month,Source,Campaign,Amount,Currency,Basis\n{out}".encode())) == 2
        head = b"month,source,amount\n"
        for broken in (b"", b"a,b\n1,2", head + b'"2026-03,Website,1', head, b"x" * 600_000):
            with pytest.raises(spend_file.UnreadableSpendFile):
                spend_file.read(broken)


def test_what_was_said_and_what_it_came_to(client: Client, cast: Cast) -> None:
    client.force_login(cast.house.rita.user)
    url = f"{SET_UP}estimate/{cast.house.job.number}/"
    assert client.post(url, {"quoted_value": "a lot"}).status_code == 422
    assert client.post(url, {"quoted_days": "-2"}).status_code == 422
    given = {"quoted_value": "10,000", "quoted_days": "4", "actual_value": "11500", "actual_days": "3"}
    assert client.post(url, given).status_code == 302
    with use_tenant(cast.house.tenant):
        lead = Lead.objects.get(pk=cast.house.job.pk)
        assert (lead.quoted_value, lead.quoted_days, lead.actual_value, lead.actual_days) == (
            1_000_000,
            4,
            1_150_000,
            3,
        )
        assert lead.quoted_at is not None
        lead.estimate(by=None, actual_days=3)
        assert Event.objects.filter(kind="lead.estimated").count() == 1
    page = client.get(f"/suncoast-test/leads/{cast.house.job.number}/").content.decode()
    assert '<span class="age late">+15%</span>' in page
    assert '<span class="age ok">-25%</span>' in page


def test_how_far_a_lead_came_is_kept_when_it_moves(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        here = pipeline_setup()
        names = {stage.name for stage in here.steps(here.default_pipeline.pk) if stage.pk in funnel.quoted_steps()}
        assert names == {"Quote sent", "Follow-up", "Scheduled", "Invoiced"}
        job = Job.objects.get(pk=cast.house.job.pk)
        for name in ("Visit booked", "Quote sent", "Reached"):
            job.move_to(cast.house.stage(name), by=None)
        moved = list(Event.objects.of_job(job.pk).filter(kind="job.moved").order_by("pk"))
        funnel.follow_moves(moved)
        funnel.follow_moves(moved)
        lead = Lead.objects.get(pk=job.pk)
        assert (lead.qualified_at, lead.quoted_at) == (moved[0].at, moved[1].at)


def test_another_step_counts_as_quoted_and_the_past_is_counted_anew(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(funnel, "SLICE", 1)
    house, ada = cast.house, Client()
    ada.force_login(house.ada.user)

    def count_anew() -> None:
        funnel.recount_soon([])
        while row := Due.objects.filter(kind=funnel.RECOUNT).first():
            row.delete()
            funnel.recount([row.subject_id])

    with use_tenant(house.tenant):
        pipeline, booked = pipeline_setup().default_pipeline, house.stage("Visit booked")
        job = Job.objects.get(pk=house.job.pk)
        other = Lead.objects.get_or_create(job=open_job(title="Another", person=house.cora, by=None))[0]
        for name in ("Visit booked", "Quote sent"):
            job.move_to(house.stage(name), by=None)
        stay = StageVisit.objects.get(job=job, stage=booked)
        usual = funnel.quoted_steps()
    url = f"/{house.tenant.slug}/settings/pipelines/{pipeline.uid}/"
    version = re.search(r'name="version" value="(\w+)"', ada.get(url).text)
    assert version
    for step, status in (("0", 422), (booked.pk, 302)):
        assert ada.post(f"{url}quoted/", {"version": version[1], "step": step}).status_code == status
    with use_tenant(house.tenant):
        assert funnel.quoted_steps() == usual | {booked.pk}
        count_anew()
        lead = Lead.objects.get(pk=job.pk)
        assert lead.quoted_at == stay.entered_at
        assert Lead.objects.get(pk=other.pk).quoted_at is None
        booked.archive(into=None, by=None)
    with use_tenant(house.tenant):
        assert funnel.quoted_steps() == usual, "an archived step says nothing any more"
        count_anew()
        assert Lead.objects.get(pk=job.pk).quoted_at == StageVisit.objects.get(job=job, left_at=None).entered_at
