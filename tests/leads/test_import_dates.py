"""Dates that contradict each other are told, and the clocks of what is imported start when one says."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from crm.jobs.models import Job, Level, StageVisit
from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from leads.importing.mapping.plan import Gathered
from tests.cast import Cast
from tests.leads.importing import signed_in, the_run, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files")]


@pytest.mark.parametrize(
    ("days", "months", "day_first"),
    [(0, 0, None), (1, 0, True), (0, 1, False), (1, 1, None), (2, 15, None), (1, 500, False), (500, 1, True)],
)
def test_dates_prove_an_order_where_they_agree(days: int, months: int, day_first: bool | None) -> None:
    assert Gathered(days_first=days, months_first=months).day_first is day_first


def test_dates_that_contradict_each_other_are_told(cast: Cast, bring: Any) -> None:
    """The house is in the United States: what could be read either way has the month first."""
    content = "Name,Created\nAnn,13/10/2025\nBob,10/13/2025\nCy,4/3/2025\n"
    _lines, summary = bring(content, "--dry-run")
    assert (summary["day_first"], summary["dates_contradict"]) == (False, ["13/10/2025", "10/13/2025"])
    client = signed_in(cast.house.mona)
    page = client.get(upload(client, cast, content).url).content.decode()
    assert "The dates use both orders: 13/10/2025 / 10/13/2025" in " ".join(page.split())
    bring(content)
    with use_tenant(cast.house.tenant):
        days = [job.came_in_at.date() for job in Job.objects.exclude(pk=cast.house.job.pk).order_by("pk")]
    assert [(day.month, day.day) for day in days] == [(10, 13), (10, 13), (4, 3)]


def test_clocks_start_at_their_dates_or_now(cast: Cast, bring: Any) -> None:
    created = (clock.now() - timedelta(days=90)).date().isoformat()
    content = f"Name,Email,Created,Stage\nAnn,ann@example.com,{created},Quote sent\n"
    bring(content)
    bring(content.replace("ann", "bob").replace("Ann", "Bob"), "--clocks", "now")
    with use_tenant(cast.house.tenant):
        ann, bob = Job.objects.exclude(pk=cast.house.job.pk).order_by("pk")
        assert (ann.level, bob.level) == (Level.CRIT, Level.OK)
        assert ann.came_in_at == bob.came_in_at == ann.entered_at == bob.entered_at == ann.clock_started_at
        assert clock.now() - bob.clock_started_at < timedelta(hours=1)
        assert StageVisit.objects.get(job=bob).entered_at == bob.entered_at


def test_the_clock_is_chosen_on_the_page(cast: Cast) -> None:
    client, slug = signed_in(cast.house.mona), cast.house.tenant.slug
    url = upload(client, cast, "Name,Created\nAnn,2025-01-02\n").url
    assert "Start the clocks of open leads" in client.get(url).content.decode()
    choose = reverse("leads:import_choose", args=[slug, the_run(cast).uid])
    client.post(choose, {"clocks": "now"})
    client.post(choose, {"clocks": "now", "start": ""})
    with use_tenant(cast.house.tenant):
        job = Job.objects.exclude(pk=cast.house.job.pk).get()
        assert clock.now() - job.clock_started_at < timedelta(hours=1)


def test_what_meta_puts_before_numbers_is_taken_off(cast: Cast, bring: Any) -> None:
    lines, summary = bring(
        "id,created_time,ad_id,ad_name,adset_id,form_id,is_organic,platform,full_name,phone_number,zip_code\n"
        "l:99,2025-10-13T09:00:00-05:00,ag:1,Spring,as:2,f:3,false,fb,Ann Lee,p:+18135550177,z:33605\n"
    )
    assert (lines[0]["person"], lines[0]["phone"], lines[0]["reason"]) == ("Ann Lee", "+18135550177", "")
    assert (summary["recognised"], summary["kept_as_notes"]) == ("Meta lead ads", ["ad_name", "platform"])


def test_what_meta_puts_before_a_postcode_is_taken_off_a_cut_down_export(cast: Cast, bring: Any) -> None:
    _lines, summary = bring(
        "full_name,phone_number,zip_code,street_address\nAnn Lee,p:+18135550177,z:33605,1 Oak Ave\n"
    )
    assert summary["recognised"] == ""
    with use_tenant(cast.house.tenant):
        assert Job.objects.exclude(pk=cast.house.job.pk).get().site.postcode == "33605"


def test_a_next_step_is_read_as_one_types_it(cast: Cast, bring: Any) -> None:
    bring("Name,Next step,Next step date\nAnn,call tue 3pm,\nBob,Call about quote,\nCy,call tue,2031-03-04\n")
    with use_tenant(cast.house.tenant):
        ann, bob, cy = Job.objects.exclude(pk=cast.house.job.pk).order_by("pk")
        assert ann.next_step_at is not None
        assert (ann.next_step_kind, ann.next_step_label, ann.next_step_at > clock.now()) == ("call", "Call", True)
        assert (bob.next_step_label, bob.next_step_at) == ("Call about quote", None)
        assert (cy.next_step_label, cy.next_step_at.year) == ("call tue", 2031)


def test_before_it_is_imported_one_sees_which_day_was_read_for_a_next_step(cast: Cast) -> None:
    client = signed_in(cast.house.mona)
    page = client.get(upload(client, cast, "Name,Next step\nAnn,call 2031-03-04\nBob,Call about quote\n").url)
    shown = " ".join(page.content.decode().split())
    assert "Call · 2031-03-04" in shown
    assert "Call about quote </li>" in shown.replace("</li>", " </li>").replace("  ", " "), "no day was read"
