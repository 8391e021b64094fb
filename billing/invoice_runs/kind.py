"""Carry out a run that issues invoices: in slices, each a transaction with its numbers, entries and progress."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import prefetch_related_objects

from billing.invoice_runs.models import InvoiceRun, InvoiceRunAct
from billing.invoice_runs.preview import InvoicePreview, next_parts
from billing.invoices.plan_invoices import build_part_draft
from billing.models import Invoice, InvoiceState
from billing.models.customer_money import lock_payers
from billing.models.issuing import issue_drafts
from crm.jobs.models import Job
from crm.platform.models import Member
from crm.platform.work import runs

# What an invoice keeps of its customer and brand when it is issued.
_FACTS = ("brand", "job__person", "job__company", "job__site")


def prepare_run(act: str, ids: Iterable[int], *, by: Member) -> InvoiceRun:
    """Store a selection, so that its effect can be previewed."""
    run = InvoiceRun(act=InvoiceRunAct(act), by=by)
    run.select(ids)
    return runs.add(run)


def start_run(run: InvoiceRun, previewed: InvoicePreview) -> bool:
    """Start issuing what was previewed. Returns False if it was started before."""
    run.set_plan(previewed.steps)
    return runs.start(run, by=run.by, plan=run.plan, selection=run.selection, total=run.total)


@runs.register
class InvoiceRunKind(runs.SelectionKind[InvoiceRun]):
    """Issue the next invoices, except those that changed since the preview.

    A worker that dies has issued nothing of its slice, and its numbers are given again.
    """

    model = InvoiceRun
    work = "billing.issue_many"
    permission = "billing.issue"
    # The counter of the brand is locked until a slice ends: others who issue wait.
    size = 250
    small = 250
    kept = timedelta(days=30)

    def do(self, run: InvoiceRun, ids: Sequence[int]) -> None:
        if run.act == InvoiceRunAct.ISSUE:
            drafts = _lock_drafts(run, ids)
        else:
            drafts = _draft_parts(run, ids)
        prefetch_related_objects(drafts, *_FACTS)
        issue_drafts(drafts, by=run.by)
        run.issued_count += len(drafts)
        run.changed_meanwhile += len(ids) - len(drafts)


def _lock_drafts(run: InvoiceRun, ids: Sequence[int]) -> list[Invoice]:
    """Return the drafts of a slice, locked, that are as the preview has seen them."""
    rows = Invoice.objects.visible_to(run.by).filter(pk__in=ids, state=InvoiceState.DRAFT)
    lock_payers(rows)
    return [row for row in Invoice.lock_all(rows) if row.version == run.seen_version(row.pk)]


def _draft_parts(run: InvoiceRun, job_ids: Sequence[int]) -> list[Invoice]:
    """Return the drafts of the next parts of these jobs, locked; those that are missing are made.

    A job whose next part is another one by now is left out.
    """
    jobs = {job.pk: job for job in Job.lock_all(Job.objects.visible_to(run.by).filter(pk__in=job_ids))}
    parts = {part.pk: part for job_id, part in next_parts(list(jobs)).items() if part.pk == run.seen_version(job_id)}
    made = Invoice.objects.filter(part_id__in=parts).exclude(state=InvoiceState.VOID)
    lock_payers(made)
    drafts = Invoice.lock_all(made)
    for row in drafts:
        parts.pop(row.part_id, None)
    new = [build_part_draft(part, jobs[part.plan_id], by=run.by) for part in parts.values()]
    Invoice.add_drafts(new, by=run.by)
    return [row for row in drafts if row.is_draft] + [row for row, _lines in new]
