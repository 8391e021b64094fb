"""A lead's likelihood: counted from won and lost leads, explained, frozen by hand, and never against an objection."""

import re

import pytest
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from assistant.models import LeadScore, LeadScoreModel
from assistant.models.lead_score import FLOOR
from assistant.reading.naive_bayes import fit_calibration, prior_weight, sigmoid, value_weights
from assistant.scores.engagement import HALF_LIFE, fade_points, person_engagement
from assistant.scores.lead_panel import explain_score, lead_score_panel, score_bins
from assistant.scores.score_training import train_scores
from assistant.scores.scoring import score_slice, write_scores
from crm.automation.models import PriorityScore
from crm.jobs.creation.job_creation import open_job
from crm.jobs.list.rows import LeadRowMaker, single_group
from crm.jobs.models import Job, Source
from crm.kernel import clock
from crm.people.models import Person, ProfilingObjection
from crm.platform.events import events
from crm.web.reader import Reader
from leads.lead_list import LEADS
from tests.cast import House

pytestmark = pytest.mark.django_db


def end_leads(house: House, won: int, lost: int) -> tuple[Source, Source]:
    """Leads of two sources: those of the first are mostly won, those of the second mostly lost."""
    good, bad = (Source.add(name, by=house.ada) for name in ("Referrals", "Flyers"))
    sold = next(stage for stage in _sold_stages(house))
    jobs = [
        open_job(title=f"Lead {at}", person=None, site=None, stage=house.stage("New"), member=house.rita, by=None)
        for at in range(won + lost)
    ]
    for at, job in enumerate(jobs):
        is_won = at < won
        source = good if is_won == (at % 5 > 0) else bad
        Job.objects.filter(pk=job.pk).update(source=source)
        if is_won:
            Job.objects.filter(pk=job.pk).update(stage=sold)
        else:
            job.lose("price", by=None)
    return good, bad


def _sold_stages(house: House):  # type: ignore[no-untyped-def]
    from crm.jobs.pipelines.setup import pipeline_setup

    setup = pipeline_setup()
    return [stage for stage in setup.steps(setup.default_pipeline.pk) if setup.is_sold(stage.pk)]


def lead_of(house: House, source: Source) -> Job:
    job = open_job(title="Open", person=house.cora, site=None, stage=house.stage("New"), member=house.rita, by=None)
    Job.objects.filter(pk=job.pk).update(source=source)
    return Job.objects.get(pk=job.pk)


def test_weights_follow_counts_and_calibration_follows_outcomes() -> None:
    weights = value_weights({"a": [40, 10], "b": [10, 40]}, 50, 50)
    assert weights["a"] > 0 > weights["b"]
    assert prior_weight(50, 50) == 0
    # Sums that are twice too sure are made half as sure.
    rows = [(2.0, at % 100 < 73) for at in range(400)] + [(-2.0, at % 100 < 27) for at in range(400)]
    calibration = fit_calibration(rows)
    assert calibration.share(2.0) == pytest.approx(0.73, abs=0.02)
    assert sigmoid(-800) == pytest.approx(0)


def test_too_few_leads_have_points_alone(house: House) -> None:
    end_leads(house, FLOOR - 1, FLOOR)
    assert train_scores() is None
    panel = lead_score_panel(house.job)
    assert (panel.percent, panel.floor) == (None, FLOOR)


def test_a_lead_is_likelier_by_a_good_source_and_the_reason_is_said(house: House) -> None:
    good, bad = end_leads(house, 60, 60)
    likely, unlikely = lead_of(house, good), lead_of(house, bad)
    score_slice([0])
    model = LeadScoreModel.objects.get()
    scores = {row.job_id: row.percent for row in LeadScore.objects.all()}
    assert scores[likely.pk] > 60 > 40 > scores[unlikely.pk]
    percent, reasons = explain_score(likely, model)
    assert percent == scores[likely.pk], "SQL and Python count the same"
    assert reasons[0].words == "Came by Referrals"
    assert sum(row.leads for row in score_bins(model)) == 120
    panel = lead_score_panel(unlikely)
    assert panel.reasons_against[0].words == "Came by Flyers"


def test_a_likelihood_set_by_hand_stays_until_it_is_released(house: House) -> None:
    good, _bad = end_leads(house, 60, 60)
    lead = lead_of(house, good)
    model = train_scores()
    assert model is not None
    client = Client()
    client.force_login(house.rita.user)
    url = f"/{house.tenant.slug}/scores/lead/{lead.number}/set/"
    assert client.post(url, {"percent": "101"}).status_code == 422
    assert client.post(url, {"percent": "5"}).status_code == 302
    write_scores(model)
    assert LeadScore.objects.get(job=lead).percent == 5
    page = client.get(f"/{house.tenant.slug}/scores/lead/{lead.number}/").content.decode()
    assert "set by Rita Rep" in page
    client.post(url, {"do": "release"})
    assert LeadScore.objects.get(job=lead).percent > 60


def test_who_objects_to_profiling_has_no_score(house: House) -> None:
    good, _bad = end_leads(house, 60, 60)
    lead = lead_of(house, good)
    score_slice([0])
    PriorityScore.objects.create(job=lead, points=3, reasons=[["x", 3]])
    client = Client()
    client.force_login(house.mona.user)
    url = f"/{house.tenant.slug}/scores/person/{house.cora.uid}/objection/"
    assert client.post(url, {"objects": "yes"}).status_code == 302
    score_slice([0])
    assert not LeadScore.objects.filter(job=lead).exists()
    assert not PriorityScore.objects.filter(job=lead).exists()
    assert person_engagement(house.cora) is None
    assert lead_score_panel(lead).objects
    shown = client.get(f"/{house.tenant.slug}/scores/person/{house.cora.uid}/").content.decode()
    assert "They object to being scored" in shown
    client.post(url, {"objects": "no"})
    assert not ProfilingObjection.objects.exists()


def test_each_bin_of_the_calibration_opens_its_leads(house: House) -> None:
    end_leads(house, 60, 60)
    score_slice([0])
    client = Client()
    client.force_login(house.mona.user)
    page = client.get(f"/{house.tenant.slug}/scores/calibration/").content.decode()
    row = next(row for row in score_bins(LeadScoreModel.objects.get()) if row.won)
    assert f"score={row.low}&amp;outcome=won&amp;closed=all" in page
    listed = client.get(f"/{house.tenant.slug}/leads/?score={row.low}&outcome=won&closed=all").content.decode()
    assert len(set(re.findall(r"Lead \d+", listed))) == row.won


def test_engagement_fades_by_half_a_month_and_says_what_it_is_made_of(house: House) -> None:
    assert fade_points(10, HALF_LIFE) == 5
    events.record("quote.viewed", subject=house.job, by=None, job_id=house.job.pk)
    engagement = person_engagement(Person.objects.get(pk=house.cora.pk))
    assert engagement is not None
    assert ("looked at a quote", 1, 6) in [(one.words, one.times, one.points) for one in engagement.reasons]


def test_leads_are_listed_and_paged_by_their_likelihood(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = end_leads(house, 60, 60)
    for source in (bad, good):
        lead_of(house, source)
    score_slice([0])
    monkeypatch.setattr("crm.web.lists.paging.ROWS", 1)
    best, second = LeadScore.objects.select_related("job").order_by("-percent", "-job_id")[:2]
    client = Client()
    client.force_login(house.mona.user)
    address = f"/{house.tenant.slug}/leads/?sort=-likelihood&columns=value,likelihood,next"
    page = client.get(address).content.decode()
    assert f'id="r{best.job.number}"' in page
    assert f">{best.percent}%</td>" in page
    after = re.search(r"after=([\w-]+)", page)
    assert after
    page = client.get(f"{address}&after={after[1]}").content.decode()
    assert f'id="r{second.job.number}"' in page
    assert f'id="r{best.job.number}"' not in page


def test_the_column_of_likelihoods_costs_one_query_a_page(
    house: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    end_leads(house, 60, 60)
    score_slice([0])
    jobs = list(Job.objects.open()[:20])
    reader = Reader.of(house.mona, clock.now())
    maker = LeadRowMaker(house.tenant.slug, reader, with_owner=False, columns=("likelihood",))
    single_group(jobs[:1], maker)
    with django_assert_num_queries(1):
        single_group(jobs, maker)


def test_the_order_by_likelihood_joins_once_and_leaves_out_leads_without_one(house: House) -> None:
    good, _bad = end_leads(house, 60, 60)
    likely = lead_of(house, good)
    score_slice([0])
    LeadScore.objects.filter(job=likely).delete()
    filters = LEADS.read(QueryDict("sort=-likelihood"), house.mona)
    rows = LEADS.order_of(filters).of(LEADS.apply(filters, house.mona))
    assert likely not in list(rows)
    assert str(rows.query).count('JOIN "assistant_leadscore"') == 1
    assert "Without likelihood" in {chip.label for chip in LEADS.standing_chips(filters, house.mona)}


def test_there_is_no_order_by_likelihood_before_there_are_likelihoods(house: House) -> None:
    assert LEADS.read(QueryDict("sort=-likelihood"), house.mona).sort == ""
    assert "likelihood" not in LEADS.columns.by_key
