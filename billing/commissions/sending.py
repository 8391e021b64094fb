"""Mail an issued statement to its partner, with the PDF, through the outbox and the send gate."""

import io
import logging
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing.commissions.message_values import given_for_statement
from billing.commissions.paper import statement_file
from billing.models import CommissionStatement
from comms.models import Message
from comms.outbox.by_template import queue_to, way_to
from crm.kernel.refusal import Refused
from crm.platform.files import stored_files
from crm.platform.models import Event, Member

logger = logging.getLogger(__name__)

TEMPLATE = "commission_statement"


def follow_issued_statements(issued: Sequence[Event]) -> None:
    """Mail statements that were issued. One that can't be mailed says so on its page (subscriber)."""
    for statement in _statements().filter(pk__in=[event.subject_id for event in issued]).order_by("pk"):
        try:
            send_statement(statement, by=None)
        except Refused as why:
            logger.info("a statement was not mailed", extra={"statement": statement.pk, "why": str(why)})


@transaction.atomic
def send_statement(statement: CommissionStatement, *, by: Member | None) -> None:
    """Mail it, once. Raises Refused for a draft, or if no address or channel reaches the partner."""
    statement.lock()
    if statement.is_draft:
        raise Refused(_("Issue it first."))
    if statement.sent_at is None:
        _queue_mail(statement, by)
        statement.note_sent()


def _queue_mail(statement: CommissionStatement, by: Member | None) -> Message:
    point = statement.partner.point
    if way_to(point, TEMPLATE, statement.brand) is None:
        raise Refused(_("%(brand)s has no address to write from.") % {"brand": statement.brand.name})
    content, name = statement_file(statement)
    files = stored_files.store_files([(io.BytesIO(content), name, "application/pdf")], purpose="statement", by=by)
    return queue_to(
        point,
        TEMPLATE,
        brand=statement.brand,
        by=by,
        given=given_for_statement(statement),
        occasion=f"commission_statement:{statement.pk}",
        files=files,
    )


def _statements() -> QuerySet[CommissionStatement]:
    rows: QuerySet[CommissionStatement] = CommissionStatement.objects.select_related("partner__person", "brand")
    return rows
