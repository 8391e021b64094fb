"""Why a lead was lost, as rows: the reasons of two levels, their settings, and the number kept with the end."""

from datetime import date

import pytest
from django.test import Client

from crm.jobs.losses.setup import lost_reasons
from crm.jobs.models import Job, Source
from crm.jobs.models.losses import LostCase, LostReason
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.platform.tenancy.context import use_tenant
from leads.lead_list import LEADS
from tests.acts import current
from tests.cast import Cast

PAGE = "/suncoast-test/settings/lost-reasons/"


def test_the_number_is_kept_for_the_end_it_was_said_of(post, cast: Cast) -> None:
    post("lose", **{"reason": "price", "part-price": "price-1", "gap-price": "2,400", "gap-mine": ""})
    with use_tenant(cast.house.tenant):
        case = LostCase.objects.get()
        assert (case.reason.name, case.part.name, case.gap) == ("Price", "Another was cheaper", 240_000)
        assert case.ended_at == current(cast, cast.house.job).ended_at
    post("reopen")
    # Ended again in words of its own, as a rule does: the number is not this end's.
    with use_tenant(cast.house.tenant):
        job = Job.objects.get(pk=cast.house.job.pk)
        job.lose("Moved away", by=None)
        assert not LostCase.objects.filter(ended_at=job.ended_at).exists()
        job.reopen(by=None)
    post("lose", **{"reason": "schedule", "offered-schedule": "2026-12-12", "wanted-schedule": "2026-11-28"})
    with use_tenant(cast.house.tenant):
        case = LostCase.objects.get()
        assert (case.reason.code, case.part, case.gap) == ("schedule", None, None)
        assert (case.offered, case.wanted) == (date(2026, 12, 12), date(2026, 11, 28))


def test_reasons_are_set_up_in_two_levels(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        mona = cast.house.mona
        price = LostReason.objects.get(ends="lost", code="price")
        tax = LostReason.add("Tax", ends="lost", parent=price, by=mona)
        # The same name may stand elsewhere; not twice in one place, nor on a third level.
        LostReason.add("Tax", ends="dropped", by=mona)
        for wrong in ({"ends": "lost", "parent": tax}, {"ends": "dropped", "parent": price}, {"ends": "won"}):
            with pytest.raises(Refused):
                LostReason.add("Deep", by=mona, **wrong)
        with pytest.raises(Refused, match="already exists"):
            LostReason.add("price", ends="lost", by=mona)
        price.edit(name="Too dear", asks="rival", by=mona)
        price.move(before=None, by=mona)
        (top, parts) = lost_reasons().live_groups("lost")[-1]
        assert (top.name, top.asks, [part.name for part in parts][-1]) == ("Too dear", "rival", "Tax")
        others = [row for row, _parts in lost_reasons().live_groups("lost") if row.pk != price.pk]
        for row in others:
            row.archive(by=mona)
        with pytest.raises(Refused, match="Keep at least one reason"):
            price.archive(by=mona)


def test_the_settings_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.house.mona.user)
    page = client.get(PAGE)
    version = page.context["version"]
    assert "Another was cheaper" in page.content.decode()
    client.post(f"{PAGE}add/", {"version": version, "ends": "lost", "name": "Weather", "asks": "words"})
    with use_tenant(cast.house.tenant):
        row = LostReason.objects.get(name="Weather")
    stale = client.post(f"{PAGE}{row.pk}/archive/", {"version": version})
    assert stale.status_code == 409
    fresh = client.get(PAGE).context["version"]
    assert client.post(f"{PAGE}{row.pk}/edit/", {"version": fresh, "name": "Storm", "asks": "all"}).status_code == 422
    client.force_login(cast.house.rita.user)
    assert client.get(PAGE).status_code == 404


def test_a_merged_source_means_the_other_until_it_is_taken_apart(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        mona, old, new = cast.house.mona, Source.add("Adwords", by=None), Source.add("Google Ads", by=None)
        Job.objects.filter(pk=cast.house.job.pk).update(source=old)
        old.merge(new, by=mona)
        here = pipeline_setup().sources
        assert (here[old.pk].name, old.pk in list(here)) == ("Google Ads", False)
        assert here.meaning(new.pk) == [old.pk, new.pk]
        new.rename("Google", by=mona)
        assert dict(pipeline_setup().sources.all_names())["Adwords"] == new.pk
        found = LEADS.apply(LEADS.filters(source="Google"), mona)
        assert [job.pk for job in found] == [cast.house.job.pk]
        for wrong in (new, old):
            with pytest.raises(Refused, match="Choose two sources"):
                new.merge(wrong, by=mona)
        with pytest.raises(Refused, match="Unmerge it first"):
            old.archive(by=mona)
        old.take_apart(by=mona)
        assert pipeline_setup().sources[old.pk].name == "Adwords"
        assert not LEADS.apply(LEADS.filters(source="Google"), mona).exists()
