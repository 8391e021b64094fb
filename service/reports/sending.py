"""Approve and send a report: as a document visible to the customer, and by mail if they have an address."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from comms.models import Medium, Message
from comms.outbox.by_template import channel_of, point_of
from crm.documents.files.inspection import inspect
from crm.documents.kinds import kind_for
from crm.documents.models import Document
from crm.platform.models import Member
from service.models import ProgressReport
from service.reports.content import content_of, language_of
from service.reports.pdf import make_pdf


@transaction.atomic
def send(report: ProgressReport, *, by: Member) -> bool:
    """Make the PDF and send it; return whether a mail is sent, too.

    The mail waits as any that a colleague writes, and can be taken back until it leaves. Raises Stale once it was sent,
    Refused as mail does.
    """
    report.lock()
    report.expect_version(report.form_version)
    job = report.project.job
    kind = kind_for(is_photo=False)
    assert kind is not None, "a tenant starts with kinds of documents"
    with override(language_of(report.project)):
        title = _("Progress report, %(percent)s%%") % {"percent": report.percent}
    file = inspect(make_pdf(content_of(report)), f"{title}.pdf")
    document = Document.add(file, kind=kind, job=job, title=title, visibility="customer", by=by)
    channel = channel_of(job.brand_id, Medium.EMAIL)
    point = point_of(job.person_id, Medium.EMAIL)
    message = None
    if channel is not None and point is not None:
        message = Message.queue(
            channel=channel,
            address=point.value,
            address_name=job.person.name if job.person else "",
            by=by,
            undo=True,
            contact_point=point,
            person=job.person,
            job=job,
            subject=title,
            text=report.text,
            files=[document.current.file],
        )
    report.mark_sent(document, message, by=by)
    return message is not None
