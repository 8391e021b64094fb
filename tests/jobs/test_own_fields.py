"""Fields of leads that a tenant adds: set up, filled in, undone, asked for, found by, erased with the customer."""

import pytest
from django.db import connection
from django.test import Client

from crm.jobs.customers.erasure import DATA
from crm.jobs.fields.setup import job_fields
from crm.jobs.models import Job
from crm.jobs.models.fields import OwnField
from crm.jobs.pipelines.key_fields import key_fields
from crm.people.erasure import ErasureSubject
from crm.platform.models import Change
from crm.platform.tenancy.context import use_tenant
from leads.lead_list import LEADS
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_fields_are_added_renamed_and_archived_by_managers(cast: Cast, client: Client) -> None:
    page = f"/{cast.house.tenant.slug}/settings/fields/"
    client.force_login(cast.house.rita.user)
    assert client.get(page).status_code == 404
    client.force_login(cast.house.mona.user)

    def act(where: str, **typed: object) -> int:
        version = client.get(page).context["version"]
        return client.post(f"{page}{where}/", {"version": version, **typed}).status_code

    assert act("add", name="Lease ends", kind="date") == 302
    assert act("add", name="lease ends", kind="date") == 422, "a name is there once"
    assert act("add", name="Gate code", kind="colour") == 422
    assert act("add", name="Gate code", kind="text") == 302
    with use_tenant(cast.house.tenant):
        lease = OwnField.objects.get(name="Lease ends")
        assert act(f"{lease.pk}/edit", name="Rent ends") == 302
        assert act(f"{lease.pk}/archive") == 302
        assert [field.name for field in job_fields().live] == ["Gate code"]
        assert act(f"{lease.pk}/restore") == 302
    with use_tenant(cast.house.tenant):
        assert [field.name for field in job_fields().dates] == ["Rent ends"]


def test_a_lead_has_one_it_is_undone_and_leads_are_found_by_it(cast: Cast, client: Client) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        lease = OwnField.add("Lease ends", kind="date", by=None)
        code = OwnField.add("Gate code", kind="text", by=None)
    client.force_login(house.rita.user)
    form = f"/{house.tenant.slug}/jobs/{house.job.number}/correct/"

    def correct(field: OwnField, typed: str) -> int:
        part = f"own-{field.pk}"
        shown = client.get(form, {"part": part})
        given = {"part": part, "version": shown.context["version"], part: typed}
        return client.post(form, given).status_code

    lead = f"/{house.tenant.slug}/leads/{house.job.number}/"
    assert "Lease ends" in client.get(lead).content.decode()
    assert 'type="date"' in client.get(form, {"part": f"own-{lease.pk}"}).content.decode()
    assert correct(lease, "tomorrow") == correct(lease, "0026-01-01") == 422
    assert correct(lease, "2031-07-31") == correct(code, "4711 <b>") == 302
    shown = client.get(lead).content.decode()
    assert "2031" in shown
    assert "4711 &lt;b&gt;" in shown

    def found(where: str) -> int:
        return client.get(f"/{house.tenant.slug}/leads/", {"where": where}).content.count(b'<tr class="lead"')

    assert (found("own_words:has:471"), found("own_words:has:x")) == (1, 0)
    assert (found(f"own_date:is:{lease.key}-past"), found(f"own_date:is:{lease.key}-365")) == (0, 0)
    assert (found(f"missing:is:own-{lease.pk}"), found(f"missing:not:own-{lease.pk}")) == (0, 1)
    assert correct(lease, "2020-01-31") == 302
    assert found(f"own_date:is:{lease.key}-past") == 1
    with use_tenant(house.tenant):
        assert f"own-{lease.pk}" in key_fields()
        last = Change.objects.order_by("-pk")[0]
        client.post(f"/{house.tenant.slug}/jobs/undo/{last.uid}/")
        assert Job.objects.get(pk=house.job.pk).own_fields[lease.key] == "2031-07-31"
        subject = ErasureSubject(frozenset({house.cora.pk}), (), "Erased", house.ada)
        next(one for one in DATA if one.name == "notes").erase(subject)
        assert Job.objects.get(pk=house.job.pk).own_fields == {}


def test_leads_with_any_field_are_looked_up_in_an_index_of_their_own(cast: Cast) -> None:
    with use_tenant(cast.house.tenant), connection.cursor() as cursor:
        lease = OwnField.add("Lease ends", kind="date", by=None)
        near = LEADS.filters(own_date=f"{lease.key}-30").conditions(cast.house.mona)
        cursor.execute("set local enable_seqscan = off")
        for rows in (Job.objects.with_own_field(lease.key), Job.objects.filter(*near)):
            assert "job_with_own_fields" in rows.order_by().explain()
