"""Queue the message of a composer, or say why it can't be; and record a consent given meanwhile."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.composer.composer import Composer
from comms.composer.recipients import check_addresses
from comms.composer.written_message import LONGEST
from comms.gate.consent import consents
from comms.gate.views.ledger import BY_HAND
from comms.models import Medium, Message, TemplateUse
from crm.kernel.refusal import Refused
from crm.platform.models import StoredFile

# What a higher app does with a message of its matter, in the transaction that queues it.
Sent = Callable[[Message], object]


@transaction.atomic
def send(composer: Composer, sent: Sent | None = None) -> Message:
    """Queue the message. Raises Refused; the text is kept as a draft with its files in either case."""
    written = composer.written
    way = composer.way
    matter = composer.matter
    _check_sendable(composer)
    leaves_at = written.leaves_at(composer.reader.zone, composer.now)
    if composer.text.missing:
        raise Refused(_("No value for: %(names)s.") % {"names": ", ".join(composer.text.missing)})
    if not composer.gate.may_send:
        raise Refused(composer.gate.verdict.words)
    if composer.file_trouble:
        raise Refused(composer.file_trouble)
    draft = composer.get_or_create_draft()
    files = [row.file for row in draft.files.select_related("file").order_by("pk")]
    if files and not way.takes_files:
        raise Refused(_("Files can’t be sent this way."))
    _check_heading(composer.text.heading, files)
    message = Message.queue(
        channel=way.channel,
        address=composer.recipient.point.value,
        by=composer.member,
        undo=True,
        send_at=leaves_at,
        answers=matter.last_received(Medium.EMAIL) if way.medium == Medium.EMAIL else None,
        files=files,
        # An address that is only offered is nobody's yet.
        contact_point=composer.recipient.point if composer.recipient.point.pk else None,
        person=composer.recipient.person,
        job=matter.job,
        participants=_copy_fields(composer),
        **_text_fields(composer),
    )
    if sent:
        sent(message)
    if version := written.version:
        TemplateUse.count_one(version.template_id, matter.job.stage_id if matter.job else None, way.medium)
    # It is a draft again when the message is taken back (Draft.restore).
    draft.sent_as = message
    draft.save(update_fields=["sent_as"])
    return message


# What each begins with, by the first part of a file's type.
_HEADINGS = {
    "image": gettext_lazy("This template begins with a picture: add one."),
    "video": gettext_lazy("This template begins with a video: add one."),
    "document": gettext_lazy("This template begins with a document: add a PDF."),
}


def _check_heading(heading: str, files: list[StoredFile]) -> None:
    kinds = [
        "document" if file.content_type == "application/pdf" else file.content_type.split("/")[0] for file in files
    ]
    if heading and kinds != [heading]:
        raise Refused(str(_HEADINGS[heading]))


def _copy_fields(composer: Composer) -> dict[str, Any]:
    """Return the copies of an email, open and blind, with names where known. Raises Refused."""
    if composer.way.medium != Medium.EMAIL:
        return {}
    names = {address.lower(): name for name, address in composer.matter.copies}
    typed = {"cc": composer.written.cc, "bcc": composer.written.bcc}
    copies = {key: [[names.get(one, ""), one] for one in check_addresses(rows)] for key, rows in typed.items()}
    return {key: rows for key, rows in copies.items() if rows}


def _check_sendable(composer: Composer) -> None:
    written = composer.written
    medium = composer.way.medium
    if not composer.recipient.point.value:
        raise Refused(_("Enter a recipient."))
    if medium == Medium.EMAIL:
        check_addresses([composer.recipient.point.value])
    if composer.recipient_facts.must_pick and written.version is None:
        raise Refused(_("Choose a template: WhatsApp’s 24 hours are over."))
    if composer.text.is_filled_in:
        return
    if not written.text:
        raise Refused(_("Write something first."))
    if len(written.text) > LONGEST[medium]:
        raise Refused(_("It is too long: %(most)s characters at most.") % {"most": LONGEST[medium]})
    if medium == Medium.EMAIL and not written.subject:
        raise Refused(_("Add a subject."))


def _text_fields(composer: Composer) -> dict[str, Any]:
    """Return the text of the message, its purpose, and its template."""
    written = composer.written
    composed = composer.text.composed
    if composer.text.is_filled_in and composed:
        return composed.fields
    is_mail = composer.way.medium == Medium.EMAIL
    fields: dict[str, Any] = {"subject": written.subject if is_mail else "", "purpose": composer.matter.purpose}
    if composed:
        made_of = {"purpose": composed.version.template.purpose, "language": composed.language}
        text = "\n\n".join(filter(None, [written.text, composer.text.unsubscribe_line]))
        return fields | made_of | {"template_version": composed.version, "text": text}
    return fields | {"text": "\n\n".join(filter(None, [written.text, composer.text.signature]))}


def note_consent(composer: Composer) -> None:
    """Record the customer's consent in their words. Raises Refused for insufficient evidence."""
    form = composer.given
    answer = form.get("consent", "")
    source = form.get("source", "")
    if answer not in ("yes", "no") or source not in BY_HAND:
        raise Refused(_("Choose what they agreed to, and where."))
    consents.record(
        composer.recipient.point.value,
        brand=composer.matter.brand,
        medium=composer.way.medium,
        purpose=composer.gate.candidate.purpose,
        given=answer == "yes",
        wording=form.get("wording", "")[:2000],
        source=source,
        by=composer.member,
    )
