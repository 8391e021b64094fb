"""How soon leads are answered, read of kept days: always what the rows themselves say, of all and of each member."""

from collections import defaultdict
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from django.http import QueryDict

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Brand, Member
from crm.platform.tenancy.context import use_tenant
from leads.models import FirstContact
from reports.dashboard.page import dashboard
from reports.dashboard.response import Response, by_member, count_unanswered, early, response, waiting_days
from reports.dashboard.scope import Scope
from reports.figures.days import ZonedDays, today
from reports.figures.measures import CONTACTED, MEASURES, WAITING
from reports.figures.reading import FigureRequest, KeptFigures
from reports.figures.sums import Narrowed, Sums
from reports.figures.upkeep import DAYS, begin
from reports.models import DailyFigure, Grain
from tests.cast import Cast, House

pytestmark = pytest.mark.django_db
QUERIES = ("days=7", "days=1", "days=30", "days=7&rep=nobody", "days=7&rep=RITA", "days=7&brand=BRAND")


def answered(member: Member | None, days_ago: float, seconds: int | None, *, allowed: int = 900) -> Job:
    """A lead that came in so long ago and was answered after so many seconds; None: not yet."""
    came = clock.now() - timedelta(days=days_ago)
    with clock.at(came):
        job = open_job(title="A lead", by=None, member=member)
    FirstContact.objects.filter(pk=job.pk).update(
        due_at=came + timedelta(seconds=allowed),
        contacted_at=came + timedelta(seconds=seconds) if seconds else None,
        seconds=seconds,
    )
    return job


@pytest.fixture
def week(cast: Cast) -> Any:
    """Leads of a week and the one before: answered soon, late or not at all, ended, and not due yet."""
    house = cast.house
    with use_tenant(house.tenant), clock.at(clock.now()):
        for days_ago, seconds in enumerate((61, 600, 899, 2_000, 40_000, 7, 80, 3_000, 120)):
            answered(house.rita if days_ago % 2 else house.mona, days_ago, seconds)
        answered(None, 2, 333)
        answered(house.rita, 2, 5)
        answered(house.rita, 1, None)
        answered(house.mona, 9, None)
        answered(house.rita, 0, None)
        answered(house.mona, 8, None, allowed=20 * 86_400)
        answered(house.mona, 3, None).drop("Double", by=house.mona)
        answered(house.rita, 4, None).lose("Price", by=house.mona)
        answered(house.rita, 0, None, allowed=60).lose("Price", by=house.mona)
        yield house


def of_rows(rows: list[FirstContact]) -> Response:
    """What these rows say of themselves."""
    done = [row for row in rows if row.contacted_at]
    late = [row for row in rows if not row.contacted_at and row.due_at < clock.now() and row.job.state != "dropped"]
    took = [row.seconds for row in done if row.seconds is not None]
    return Response(len(done), sum(row.is_in_time for row in done), len(late), median(took) if took else None)


def said(house: House, query: str) -> None:
    """The figures of a dashboard are what its rows say."""
    asked = query.replace("RITA", str(house.rita.uid)).replace("BRAND", str(Brand.objects.get().uid))
    scope = Scope.read(QueryDict(asked), house.mona, house.tenant.slug)
    every = [
        row
        for row in FirstContact.objects.select_related("job")
        if scope.narrowed.members is None or row.job.member_id in scope.narrowed.members
    ]
    not_yet, waits = early(scope), waiting_days()
    kept = KeptFigures(
        FigureRequest(scope.days, MEASURES), FigureRequest(scope.days.before, MEASURES), FigureRequest(waits, {WAITING})
    )
    for days, early_ones in ((scope.days, not_yet.of_days), (scope.days.before, not_yet.of_before)):
        rows = [row for row in every if days.since <= row.opened_at < days.until]
        figures = {key: one for (key,), one in kept.sums(days, MEASURES, ("measure",), scope.narrowed).items()}
        assert response(kept.answers(days, scope.narrowed), figures, early_ones.total()) == of_rows(rows), query
        apart = defaultdict(list)
        for row in rows:
            apart[row.job.member_id].append(row)
        members = kept.sums(days, MEASURES, ("member_id", "measure"), scope.narrowed)
        everybodys, each = kept.answers_by_member(days, scope.narrowed)
        assert everybodys == kept.answers(days, scope.narrowed), query
        found = by_member(each, members, early_ones)
        assert {pk: one for pk, one in found.items() if one != Response()} == {
            pk: of_rows(its) for pk, its in apart.items() if of_rows(its) != Response()
        }, query
    overdue = [row for row in every if row.job.state == "open" and not row.contacted_at and row.due_at < clock.now()]
    waiting = kept.sums(waits, {WAITING}, (), scope.narrowed).get((), Sums())
    assert count_unanswered(waiting, not_yet.open) == len(overdue), query


def test_kept_and_live_days_say_how_soon_leads_were_answered_as_their_rows_do(week: House) -> None:
    for query in QUERIES:
        said(week, query)
    begin()
    DAYS.refresh_days()
    for query in QUERIES:
        said(week, query)
    # Whoever has a lead now, and how soon it was answered: one day is as it was kept, until it is computed anew.
    job = Job.objects.get(first_contact__seconds=40_000)
    job.assign_to(week.rita, by=week.mona)
    FirstContact.objects.filter(pk=job.pk).update(seconds=4)
    DAYS.note([clock.now().date() - timedelta(days=at) for at in (3, 4, 5)])
    said(week, "days=7")
    DAYS.refresh_days()
    for query in QUERIES:
        said(week, query)
    assert DailyFigure.objects.filter(seconds__isnull=False).values_list("grain", "measure").distinct().get() == (
        Grain.TOTAL,
        CONTACTED,
    )
    scope = Scope.read(QueryDict("days=7"), week.mona, week.tenant.slug)
    rows = FirstContact.objects.filter(opened_at__gte=scope.days.since, opened_at__lt=scope.days.until)
    measured = of_rows(list(rows.select_related("job"))).measured
    tile = dashboard(scope).tiles[2]
    assert measured > 5
    assert f"of {measured}" in tile.change


def test_nobody_was_answered_on_days_without_leads(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        FirstContact.objects.all().delete()
        days = ZonedDays(clock.now().date() - timedelta(days=400), clock.now().date() - timedelta(days=390))
        kept = KeptFigures(FigureRequest(days, {CONTACTED}))
        assert kept.answers(days, Narrowed()) == (0, None)
        assert kept.answers_by_member(days, Narrowed()) == ((0, None), {})
        assert waiting_days() == ZonedDays(today(), today())
