"""Contents of a submission of any kind of door: fields by the sender's labels."""

import json

from django.utils.translation import gettext as _

from leads.intake.fields import Given, read
from leads.intake.forms.entry import OWN
from leads.intake.mail.lines import fields_of_mail
from leads.intake.posts.payload import UnreadablePayload, fields_of
from leads.models import IntakeDoor, Submission


def fields_in(submission: Submission, door: IntakeDoor) -> dict[str, str]:
    """Return its fields in its order. Raises Unreadable, in words."""
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
    """Return what it says by our fields. Raises Unreadable, in words."""
    of_form = {}
    if door.kind == IntakeDoor.DoorKind.FORM:
        of_form = OWN
    return read(fields_in(submission, door), of_form | door.mapping)


def raw_of(submission: Submission, door: IntakeDoor) -> bytes:
    """Return it as it came, for a person to look at: of a mail its head and text."""
    body = bytes(submission.fetched) or bytes(submission.body)
    if door.kind != IntakeDoor.DoorKind.MAIL:
        return body
    try:
        payload = json.loads(body)
        return f"{payload['from']}\n{payload['subject']}\n\n{payload['text']}".encode()
    except (ValueError, KeyError, TypeError):
        return body


def mail_body(subject: str, sender: str, text: str) -> bytes:
    """Return a mail as a door keeps it."""
    return json.dumps({"subject": subject, "from": sender, "text": text}, ensure_ascii=False).encode()
