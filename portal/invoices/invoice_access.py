"""Which invoices a viewer sees: with a code, those of jobs whose prices they see."""

from uuid import UUID

from django.http import Http404

from billing.models import Invoice, Payment
from portal.access.viewer import PortalViewer


def find_invoice(viewer: PortalViewer, uid: UUID) -> Invoice:
    """Return an issued invoice by its id. Raises Http404 unless the viewer may see it."""
    rows = Invoice.objects.issued().bills().filter(uid=uid, job__in=viewer.jobs().order_by())
    row: Invoice | None = rows.select_related("job__site", "job__member", "job__brand", "person").first()
    if row is None or row.job is None or not viewer.may(row.job, "money"):
        raise Http404("not their invoice")
    return row


def may_tell(viewer: PortalViewer, invoice: Invoice) -> bool:
    """True if they may promise or dispute: who is billed, or who lives with them."""
    return viewer.may_answer(invoice.job, invoice.person_id)


def find_payment(viewer: PortalViewer, uid: UUID) -> Payment:
    """Return a payment for one of their jobs by its id. Raises Http404 unless the viewer may see it."""
    rows = Payment.objects.filter(uid=uid, reversed_at=None, job__in=viewer.jobs().order_by())
    row: Payment | None = rows.select_related("job", "brand", "person").first()
    if row is None or row.job is None or not viewer.may(row.job, "money"):
        raise Http404("not their payment")
    return row
