"""Points are held against what was won and lost; a suggestion needs enough leads, and a person."""

from urllib.parse import unquote

import pytest

from crm.automation.models import PriorityPoint
from crm.automation.points import calibration
from crm.automation.points.calibration import PointOutcome, suggested_weight
from crm.automation.points.counting import count_points
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.platform.tenancy.context import use_tenant
from tests.automation.test_editor import signed_in
from tests.cast import Cast


@pytest.mark.parametrize(
    ("having", "lacking", "wanted"),
    [
        ((15, 5), (5, 15), 5),
        ((5, 15), (15, 5), -5),
        ((20, 0), (0, 20), 10),
        ((10, 10), (10, 10), None),  # it says nothing
        ((19, 0), (5, 15), None),  # too few
        ((15, 5), (1, 1), None),
    ],
)
def test_a_point_is_worth_what_wins_oftener_with_it(having, lacking, wanted):
    assert suggested_weight(PointOutcome(*having), PointOutcome(*lacking)) == wanted


def test_each_number_opens_its_leads_and_a_suggestion_waits_for_a_person(cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(calibration, "ENOUGH", 1)
    house = cast.house
    with use_tenant(house.tenant):
        point = PriorityPoint.add("urgent one", "priority=1", 2, by=house.ada)
        won = open_job(title="Won", by=house.ada, priority=1)
        lost = open_job(title="Lost", by=house.ada)
        count_points([won.pk, lost.pk])
        won.finish(by=house.ada)
        lost.lose("Price", by=house.ada)
        client = signed_in(house.ada)
        page = client.get("/suncoast-test/triggers/points/outcomes/").content.decode()
        assert "With it, 1 of 1 were won;" in page
        assert 'value="10"' in page
        for band, outcome, job in (("1-2", "won", won), ("0", "lost", lost)):
            url = f"/suncoast-test/leads/?points={band}&outcome={outcome}&closed=all"
            assert unquote(url).replace("&", "&amp;") in page
            shown = client.get(url).content.decode()
            assert [each.number for each in (won, lost) if f'id="r{each.number}"' in shown] == [job.number]
        assert PriorityPoint.objects.get().points == 2
        client.post(f"/suncoast-test/triggers/points/{point.pk}/weigh/", {"points": "10"})
        assert PriorityPoint.objects.get().points == 10
        assert Job.objects.get(pk=won.pk).priority == 1
