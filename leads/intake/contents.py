"""The contents of a submission by any kind of door: fields by the sender's labels."""

import json

from django.utils.translation import gettext as _

from leads.intake.fields import Given, read
from leads.intake.forms.entry import OWN
from leads.intake.mail.lines import fields_of_mail
from leads.intake.posts.payload import UnreadablePayload, fields_of
from leads.models import IntakeDoor, Submission


def fields_in(submission: Submission, door: IntakeDoor) -> dict[str, str]:
    """Return the fields of a submission, in its order. Raises Unreadable with a sentence."""
    body = bytes(submission.fetched) or bytes(submission.body)
    if not body:
        raise UnreadablePayload(_("The original is deleted."))
    if door.kind == IntakeDoor.DoorKind.MAIL:
        return _of_mail(body)
    return fields_of(body, "application/json" if submission.fetched else submission.content_type)


def _of_mail(body: bytes) -> dict[str, str]:
    try:
        payload = json.loads(body)
        return fields_of_mail(str(payload["subject"]), str(payload["from"]), str(payload["text"]))
    except (ValueError, KeyError, TypeError):
        raise UnreadablePayload(_("This email can’t be read.")) from None


def given_in(submission: Submission, door: IntakeDoor) -> Given:
    """Return the values of a submission by our fields. Raises Unreadable with a sentence."""
    of_form = {}
    if door.kind == IntakeDoor.DoorKind.FORM:
        of_form = OWN
    return read(fields_in(submission, door), of_form | door.mapping)


def raw_of(submission: Submission, door: IntakeDoor) -> bytes:
    """Return the raw content for a person to look at; for a mail its headers and text."""
    body = bytes(submission.fetched) or bytes(submission.body)
    if door.kind != IntakeDoor.DoorKind.MAIL:
        return body
    try:
        payload = json.loads(body)
        return f"{payload['from']}\n{payload['subject']}\n\n{payload['text']}".encode()
    except (ValueError, KeyError, TypeError):
        return body


def mail_body(subject: str, sender: str, text: str) -> bytes:
    """Return a mail as the bytes that a door stores."""
    return json.dumps({"subject": subject, "from": sender, "text": text}, ensure_ascii=False).encode()
