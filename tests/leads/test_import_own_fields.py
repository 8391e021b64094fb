"""Fields of leads that a tenant added, in an import and an export: mapped, checked by kind, filled in, taken back."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.jobs.fields.setup import job_fields
from crm.jobs.models import Job, Note
from crm.jobs.models.fields import OwnField
from crm.kernel.refusal import Refused
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from leads import export
from leads.importing.mapping.columns import OWN
from leads.importing.values.vocabulary import vocabulary
from leads.importing.views.options import column_groups
from tests.cast import Cast
from tests.leads.importing import signed_in, the_run, upload

pytestmark = pytest.mark.usefixtures("files")

ANN = "Name,Email,Lease ends,Gate code\nAnn Lee,ann@example.com,2031-07-31,  4711   B \n"


@pytest.fixture
def fields(cast: Cast) -> tuple[OwnField, OwnField]:
    with use_tenant(cast.house.tenant):
        return OwnField.add("Lease ends", kind="date", by=None), OwnField.add("Gate code", kind="text", by=None)


def anns(cast: Cast) -> Job:
    with use_tenant(cast.house.tenant):
        job: Job = Job.objects.get(title="Ann Lee")
        return job


def test_a_column_of_a_fields_name_fills_it_by_its_kind(cast: Cast, fields: Any, bring: Any) -> None:
    lease, code = fields
    rows, summary = bring(ANN + "Bob Fox,bob@example.com,soon,\nCy Ray,cy@example.com,31.7.0026," + "x" * 300 + "\n")
    assert anns(cast).own_fields == {lease.key: "2031-07-31", code.key: "4711 B"}
    assert [row["verdict"] for row in rows] == ["new"] * 3
    assert "Lease ends “soon”:" in rows[1]["reason"]
    assert "Lease ends “31.7.0026”:" in rows[2]["reason"]
    assert "longer than 200" in rows[2]["reason"]
    assert "Gate code" not in summary["kept_as_notes"]
    with use_tenant(cast.house.tenant):
        bob = Job.objects.get(title="Bob Fox")
        assert bob.own_fields == {}
        assert Note.objects.get(job=bob).body == "Lease ends: soon"


def test_the_command_and_the_page_offer_them(cast: Cast, fields: Any, bring: Any) -> None:
    lease, _code = fields
    content = "Name,Email,Mietende\nAnn Lee,ann@example.com,31.7.2031\n"
    bring(content, "--column", "Mietende=Lease ends")
    assert anns(cast).own_fields == {lease.key: "2031-07-31"}
    with pytest.raises(Exception, match="gate code"):
        bring(content, "--column", "Mietende=Leash")
    with use_tenant(cast.house.tenant):
        offered = {option.code for group in column_groups(vocabulary()) for option in group.options}
        assert {f"{OWN}{field.pk}" for field in fields} <= offered
        lease.archive(by=None)
        offered = {option.code for group in column_groups(vocabulary()) for option in group.options}
        assert f"{OWN}{lease.pk}" not in offered


def test_a_known_lead_gains_what_it_lacks_and_the_undo_takes_it_off(cast: Cast, fields: Any, bring: Any) -> None:
    lease, code = fields
    bring("Name,Email,Gate code\nAnn Lee,ann@example.com,1234\n")
    mona = signed_in(cast.house.mona)
    url = upload(mona, cast, ANN).url
    page = mona.get(url).content.decode()
    assert f'<option value="{OWN}{lease.pk}" selected>' in " ".join(page.split())
    assert "31" in page
    mona.post(url)
    assert anns(cast).own_fields == {lease.key: "2031-07-31", code.key: "1234"}, "what is there is not overwritten"
    rows, _summary = bring(ANN)
    assert rows[0]["verdict"] == "duplicate", "and the second run adds nothing"
    with use_tenant(cast.house.tenant):
        run = the_run(cast).__class__.objects.exclude(by=None).latest("pk")
    mona.post(reverse("leads:import_undo", args=[cast.house.tenant.slug, run.uid]))
    while due.run_due_work():
        pass
    assert anns(cast).own_fields == {code.key: "1234"}


def test_two_rows_of_one_lead_are_one_with_both(cast: Cast, fields: Any, bring: Any) -> None:
    lease, code = fields
    head = "Name,Email,Lease ends,Gate code\n"
    rows, _summary = bring(f"{head}Ann Lee,ann@example.com,2031-07-31,\nAnn Lee,ann@example.com,,4711\n")
    assert [row["verdict"] for row in rows] == ["new", "update"]
    assert "Gate code" in rows[1]["reason"]
    assert anns(cast).own_fields == {lease.key: "2031-07-31", code.key: "4711"}


def test_the_export_has_a_column_for_each_and_comes_in_as_it_went_out(cast: Cast, fields: Any, bring: Any) -> None:
    _lease, code = fields
    bring(ANN)
    with use_tenant(cast.house.tenant):
        heads, row = export.headings(), next(iter(export.rows([anns(cast).pk], cast.house.mona)))
        shown = dict(zip(heads, row, strict=True))
        assert (shown["Lease ends"], shown["Gate code"]) == ("2031-07-31", "4711 B")
        code.archive(by=None)
        assert "Gate code" not in export.headings()
        assert [field.name for field in job_fields().live] == ["Lease ends"]
        with pytest.raises(Refused):
            OwnField.add("Lease ends", kind="text", by=None)


HEAD = "Name,Email,Street,City,Passport,Roof\n"


@pytest.fixture
def others(cast: Cast) -> tuple[OwnField, OwnField]:
    """A field of customers and one of properties."""
    with use_tenant(cast.house.tenant):
        passport = OwnField.add("Passport", kind="date", record="person", by=None)
        return passport, OwnField.add("Roof", kind="text", record="property", by=None)


def anns_records(cast: Cast) -> tuple[dict[str, str], dict[str, str]]:
    job = anns(cast)
    with use_tenant(cast.house.tenant):
        return job.person.own_fields, job.site.own_fields if job.site else {}


def test_fields_of_customers_and_properties_are_filled_in_where_they_belong(
    cast: Cast, others: Any, bring: Any
) -> None:
    passport, roof = others
    bring(f"{HEAD}Ann Lee,ann@example.com,1 Oak St,Tampa,2031-07-31,Slate\n")
    assert anns_records(cast) == ({passport.key: "2031-07-31"}, {roof.key: "Slate"})
    assert anns(cast).own_fields == {}


def test_a_known_customer_gains_what_it_lacks_and_the_undo_takes_that_off(cast: Cast, others: Any, bring: Any) -> None:
    passport, roof = others
    bring(f"{HEAD}Ann Lee,ann@example.com,1 Oak St,Tampa,,Slate\n")
    rows, _summary = bring(f"{HEAD}Ann Lee,ann@example.com,1 Oak St,Tampa,2031-07-31,Tile\n")
    assert rows[0]["verdict"] == "update"
    assert anns_records(cast) == ({passport.key: "2031-07-31"}, {roof.key: "Slate"})
    rows, _summary = bring(f"{HEAD}Ann Lee,ann@example.com,1 Oak St,Tampa,2031-07-31,Tile\n")
    assert rows[0]["verdict"] == "duplicate", "and the second run adds nothing"


def test_own_fields_of_many_customers_cost_no_more_statements(cast: Cast, others: Any, bring: Any) -> None:
    counts = []
    for size in (2, 8):
        lines = [f"P{n} Q{size},p{n}.{size}@example.com,{n} Elm{size} St,Tampa,2031-07-31,Slate\n" for n in range(size)]
        with CaptureQueriesContext(connection) as captured:
            bring(HEAD + "".join(lines))
        counts.append(sum("people_" in one["sql"] for one in captured))
    assert counts[0] == counts[1]


def test_the_undo_of_an_import_removes_what_a_customer_gained(cast: Cast, others: Any, bring: Any) -> None:
    bring(f"{HEAD}Ann Lee,ann@example.com,1 Oak St,Tampa,,Slate\n")
    mona = signed_in(cast.house.mona)
    url = upload(mona, cast, f"{HEAD}Ann Lee,ann@example.com,1 Oak St,Tampa,2031-07-31,\n").url
    mona.post(url)
    assert anns_records(cast)[0] != {}
    with use_tenant(cast.house.tenant):
        run = the_run(cast).__class__.objects.exclude(by=None).latest("pk")
    mona.post(reverse("leads:import_undo", args=[cast.house.tenant.slug, run.uid]))
    while due.run_due_work():
        pass
    assert anns_records(cast)[0] == {}
    assert anns_records(cast)[1] != {}, "what was there before stays"


def test_the_export_has_the_fields_of_customers_and_properties(cast: Cast, others: Any, bring: Any) -> None:
    bring(f"{HEAD}Ann Lee,ann@example.com,1 Oak St,Tampa,2031-07-31,Slate\n")
    with use_tenant(cast.house.tenant):
        row = next(iter(export.rows([anns(cast).pk], cast.house.mona)))
        shown = dict(zip(export.headings(), row, strict=True))
    assert (shown["Passport"], shown["Roof"]) == ("2031-07-31", "Slate")
