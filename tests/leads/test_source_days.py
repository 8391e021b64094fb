"""The kept days of the report per source: always what the leads' own rows say, whatever happens to them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from crm.jobs.correction import appraise, attribute_to
from crm.jobs.losses.closing_reason import end, read
from crm.jobs.models import Job, Source, Stage
from crm.kernel import clock
from crm.kernel.days import DayRange
from crm.people.merging.merge import merge
from crm.platform.events.events import dispatch_events
from crm.platform.models import Due
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from leads.models import Campaign, FirstContact, Lead, SourceDay, SourceFigure
from leads.sources import unmatched
from leads.sources.kept import upkeep
from leads.sources.kept.reading import KeptPeriod
from leads.sources.report import figures
from leads.sources.report.lead_count import ReportScope
from tests.cast import Cast
from tests.queries import data_queries


def asked() -> ReportScope:
    today = clock.now().astimezone(directory().zone).date()
    return ReportScope(DayRange(today - timedelta(days=400), today))


def plain(found: dict[figures.Key, figures.SourceFigures]) -> list[Any]:
    """The figures as plain values, without the sources and months of nothing."""
    rows = []
    for key, one in found.items():
        told = vars(one) | {"reasons": {pk: tuple(row) for pk, row in one.reasons.items()}}
        rows.append((key, {name: +value if hasattr(value, "total") else value for name, value in told.items()}))
    return sorted(rows, key=repr)


def whys(rows: list[dict[str, Any]]) -> list[Any]:
    """The reasons in one order, the days as the page says them."""
    return sorted((row | {"days": row["days"].days if row["days"] else row["days"]} for row in rows), key=repr)


def said(kept: KeptPeriod | None) -> list[Any]:
    """All that the report says of all leads."""
    leads = Job.objects.all()
    rows = plain(figures.read(leads, asked(), kept))
    return [rows, whys(figures.whys(leads, asked(), kept)), figures.returning(leads, asked(), kept)]


def same() -> None:
    """Kept days and the rows themselves say the same."""
    kept = figures.kept_of(asked())
    assert kept is not None
    assert said(kept) == said(None)


def _lose(title: str, given: dict[str, str]) -> Callable[[Cast], None]:
    def act(cast: Cast) -> None:
        job = Job.objects.get(title=title)
        end(job, read("lost", given, job), by=cast.house.mona)

    return act


def _estimate(cast: Cast) -> None:
    lead = Lead.objects.get(job__title="Luz Okafor")
    lead.estimate(by=cast.house.mona, quoted_value=900_000, actual_value=800_000)
    lead.win(by=cast.house.mona)


def _contact(cast: Cast) -> None:
    job = Job.objects.get(title="Wanda Pruitt")
    FirstContact.objects.filter(job=job).delete()
    now = clock.now()
    FirstContact.objects.create(job=job, opened_at=now, allowed=900, due_at=now)
    job.contact("call", "reached", by=cast.house.rita)


def _match(cast: Cast) -> None:
    lead, google = Lead.objects.get(job__title="Luz Okafor"), Source.objects.get(name="Google Ads")
    Job.objects.filter(pk=lead.pk).update(source=None)
    lead.touches.create(kind="first", at=clock.now(), utm_source="gads", utm_campaign="tpa", is_unmatched=True)
    upkeep.note_jobs([lead.pk])
    upkeep.DAYS.refresh_days()
    tampa = Campaign.add("Tampa", source=google, by=None)
    assert unmatched.match("gads", "tpa", source=google, campaign=tampa, by=None) == 1


def _merge(cast: Cast) -> None:
    came, again = (Job.objects.get(title=title) for title in ("Luz Okafor", "Ned Faraday"))
    Job.objects.filter(pk=again.pk).update(came_in_at=clock.now() - timedelta(days=1))
    upkeep.note_jobs([again.pk])
    upkeep.DAYS.refresh_days()
    merge(came.person, again.person, by=cast.house.mona)


def _move(cast: Cast) -> None:
    job = Job.objects.get(title="Wanda Pruitt")
    stage = Stage.objects.get(name="Quote sent", pipeline=job.pipeline)
    job.move_to(stage, by=cast.house.rita)


ACTS: dict[str, Callable[[Cast], Any]] = {
    "lost for a price": _lose("Hector Salinas", {"reason": "price", "gap": "1,000"}),
    "lost to a rival": _lose("Samir Haddad", {"reason": "competitor", "note": "Gulf Roofers"}),
    "lost as too late": _lose("Wanda Pruitt", {"reason": "schedule", "offered": "2026-03-20", "wanted": "2026-03-02"}),
    "reopened": lambda cast: Job.objects.get(title="Yara Solberg").reopen(by=cast.house.mona),
    "estimated and won": _estimate,
    "another value": lambda cast: appraise(Job.objects.get(title="Luz Okafor"), 1_234_500, by=cast.house.mona),
    "another source": lambda cast: attribute_to(
        Job.objects.get(title="Luz Okafor"), Source.objects.get(name="Angi"), by=cast.house.mona
    ),
    "answered": _contact,
    "moved": _move,
    "people merged": _merge,
    "words matched": _match,
    "sources merged": lambda cast: Source.objects.get(name="Angi").merge(
        Source.objects.get(name="Google Ads"), by=None
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_whatever_happens_kept_days_say_what_the_rows_do(cast: Cast, scene: dict[str, Job], act: str) -> None:
    with use_tenant(cast.house.tenant):
        Job.objects.all().update(came_in_at=clock.now() - timedelta(days=3))
        same()
        upkeep.begin()
        assert Due.objects.filter(kind=upkeep.REFRESH).exists()
        upkeep.DAYS.refresh([0])
        assert not SourceDay.objects.filter(stale_since__isnull=False).exists()
        assert SourceFigure.objects.exists()
        same()
        before = said(None)
        ACTS[act](cast)
    dispatch_events()
    with use_tenant(cast.house.tenant):
        assert said(None) != before, "something is counted otherwise"
        same()
        upkeep.DAYS.refresh_days()
        same()


def test_a_report_of_kept_days_reads_no_lead_of_them(cast: Cast, scene: dict[str, Job]) -> None:
    with use_tenant(cast.house.tenant):
        Job.objects.all().update(came_in_at=clock.now() - timedelta(days=3))
        upkeep.begin()
        upkeep.DAYS.refresh_days()
        with data_queries() as seen:
            kept = figures.kept_of(asked())
            figures.read(Job.objects.none(), asked(), kept)
            figures.whys(Job.objects.none(), asked(), kept)
    # Those of today, and of days that never had any, in one statement.
    assert len([sql for sql in seen if "jobs_job" in sql]) == 1
