"""Many invoices issued by a run: what the preview shows, once each, with numbers without gaps."""

from collections.abc import Callable

import pytest
from django.db import transaction

from billing.invoice_runs.kind import InvoiceRunKind, prepare_run, start_run
from billing.invoice_runs.models import InvoiceRun
from billing.invoice_runs.preview import InvoiceRefusal, preview_run
from billing.invoices.plan_invoices import draft_part
from billing.ledger.balance import find_differences
from billing.models import Invoice, InvoiceKind, LineDraft, PartDraft, PartStart, PaymentPlan
from crm.jobs.models import Job
from crm.platform.models import RunStatus
from crm.platform.work import runs
from tests.cast import House
from tests.followups.conftest import Browser

HALVES = [PartDraft("Begun", 500_000, PartStart.BEGUN), PartDraft("Done", 500_000, PartStart.DONE)]


@pytest.fixture
def draft(house: House, job: Job) -> Callable[[], Invoice]:
    """`draft()` drafts an invoice of Cora's job."""

    def create() -> Invoice:
        return Invoice.draft(job, "progress", "Work", [LineDraft("Work", 10_000, tax_rate=70_000)], by=house.sam)

    return create


def started(run: InvoiceRun) -> InvoiceRun:
    start_run(run, preview_run(run))
    run.refresh_from_db()
    return run


def test_selected_drafts_are_issued_with_numbers_in_a_row(house: House, draft: Callable[[], Invoice]) -> None:
    rows = [draft() for _count in range(3)]
    run = started(prepare_run("issue", [row.pk for row in rows], by=house.sam))
    assert run.status == RunStatus.DONE
    assert run.issued_count == 3
    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == ["INV-2026-0001", "INV-2026-0002", "INV-2026-0003"]
    assert find_differences() == []


def test_what_was_issued_before_is_refused(
    house: House, draft: Callable[[], Invoice], bill: Callable[[], Invoice]
) -> None:
    preview = preview_run(prepare_run("issue", [draft().pk, bill().pk], by=house.sam))
    assert len(preview.steps) == 1
    assert preview.refusals == {InvoiceRefusal.ISSUED: 1}
    assert preview.sums == {"USD": 10_700}


def test_a_draft_that_changed_since_the_preview_stays(house: House, draft: Callable[[], Invoice]) -> None:
    row = draft()
    run = prepare_run("issue", [row.pk], by=house.sam)
    previewed = preview_run(run)
    row.edit("More work", [LineDraft("More work", 90_000)], by=house.mona)
    start_run(run, previewed)
    run.refresh_from_db()
    assert (run.issued_count, run.changed_meanwhile) == (0, 1)
    assert Invoice.objects.get().is_draft


def test_the_next_part_of_each_selected_job_is_billed(house: House, job: Job) -> None:
    PaymentPlan.agree(job, 100_000, HALVES, by=house.mona, rates={"70000": 100_000})
    for kind in (InvoiceKind.PROGRESS, InvoiceKind.FINAL):
        started(prepare_run("bill", [job.pk], by=house.sam))
        invoice = Invoice.objects.get(kind=kind)
        assert (invoice.total, invoice.tax, invoice.is_owed) == (50_000, 3_271, True)
    preview = preview_run(prepare_run("bill", [job.pk], by=house.sam))
    assert preview.refusals == {InvoiceRefusal.BILLED: 1}


def test_a_job_without_a_plan_is_refused(house: House, job: Job) -> None:
    preview = preview_run(prepare_run("bill", [job.pk], by=house.sam))
    assert preview.refusals == {InvoiceRefusal.NO_PLAN: 1}
    assert preview.steps == {}


def test_a_part_that_has_a_draft_is_billed_once(house: House, job: Job) -> None:
    plan = PaymentPlan.agree(job, 100_000, HALVES, by=house.mona)
    made = draft_part(plan.parts.first(), by=None)
    started(prepare_run("bill", [job.pk], by=house.sam))
    assert Invoice.objects.get().pk == made.pk


def test_a_slice_that_was_killed_is_done_again_without_doubles(
    house: House, draft: Callable[[], Invoice], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that dies after it has issued, before it has noted its progress, has done nothing."""
    monkeypatch.setattr(InvoiceRunKind, "size", 2)
    monkeypatch.setattr(InvoiceRunKind, "small", 0)
    run = prepare_run("issue", [draft().pk for _count in range(3)], by=house.sam)
    start_run(run, preview_run(run))
    with monkeypatch.context() as dying:
        dying.setattr(InvoiceRun, "save_progress", lambda self, count: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            runs.work(InvoiceRunKind(), [run.pk])
    assert Invoice.objects.issued().count() == 0
    for _count in range(2):
        runs.work(InvoiceRunKind(), [run.pk])
    assert sorted(Invoice.objects.values_list("sequence", flat=True)) == [1, 2, 3]


def test_drafts_are_issued_from_the_list(house: House, sam: Browser, draft: Callable[[], Invoice]) -> None:
    row = draft()
    assert f'value="{row.pk}"' in sam.get("invoices/?state=draft")
    sam.post("invoices/runs/issue/", {"pick": row.pk})
    run = InvoiceRun.objects.get()
    page = f"invoices/runs/{run.uid}/"
    assert "1 invoice is issued, of $107" in sam.get(page)
    sam.post(page, {"preview": preview_run(run).digest})
    assert "1 invoice is issued." in sam.get(page)


def test_a_rep_issues_nothing(house: House, rita: Browser, draft: Callable[[], Invoice]) -> None:
    row = draft()
    assert 'name="pick"' not in rita.get("invoices/?state=draft")
    rita.post("invoices/runs/issue/", {"pick": row.pk}, status=404)
