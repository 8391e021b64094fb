"""Erasure of a person from messages: texts, addresses, files, raw mail, drafts. Suppressions stay as hashes."""

from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from comms.addresses import address_key
from comms.channels.providers.embedded import forget_spooled
from comms.gate.consent import suppressions
from comms.message_deletion import blank_messages, forget_raw
from comms.models import (
    DeliveryReport,
    Draft,
    DraftFile,
    JudgedSender,
    Message,
    PictureSender,
    Recording,
    Suppression,
)
from comms.recordings.retention import remove
from crm.kernel import clock
from crm.people.erasure import ErasureSubject, PersonalData
from crm.people.models import ContactPoint, Person
from crm.platform.files import stored_files
from crm.platform.models import StaffMail, StoredFile
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due

Covers = Suppression.Covers
Reason = Suppression.Reason
_WAITING = ("queued", "held")
EMBEDDED = "embedded"
# A shorter name or number stands in too many words.
SHORTEST_WORD = 4


def _messages_of(people: frozenset[int], values: tuple[str, ...]) -> "QuerySet[Message]":
    """Return messages of these persons, and unassigned ones to or from their addresses."""
    messages: QuerySet[Message] = Message.objects.filter(
        Q(person_id__in=people) | Q(person_id__isnull=True, address__in=values)
    )
    return messages


def _count_messages(people: frozenset[int]) -> int:
    values = tuple(ContactPoint.objects.filter(person_id__in=people).values_list("value", flat=True))
    return _messages_of(people, values).count()


def _erase_messages(subject: ErasureSubject) -> None:
    for message in _messages_of(subject.people, subject.values).filter(state__in=_WAITING).order_by("pk"):
        message.cancel(by=subject.by)
    messages = list(_messages_of(subject.people, subject.values).order_by("pk").values_list("pk", "inbound_id"))
    ids = [pk for pk, _inbound in messages]
    reports = DeliveryReport.objects.filter(message_id__in=ids)
    raw = {inbound for _pk, inbound in messages if inbound}
    raw |= set(reports.filter(inbound_id__isnull=False).values_list("inbound_id", flat=True))
    remove(Recording.objects.filter(message_id__in=ids, removed_at__isnull=True), by=subject.by, cause="erasure")
    reports.update(detail="")
    now = clock.now()
    blank_messages(ids, now, name=subject.name)
    forget_raw(raw, now)
    drafts = Draft.objects.filter(
        Q(person_id__in=subject.people) | Q(job__person_id__in=subject.people) | Q(sent_as_id__in=ids)
    )
    forget_files([*DraftFile.objects.filter(draft__in=drafts).values_list("file_id", flat=True)])
    drafts.delete()
    _forget_mail_copies(ids, subject)
    addresses = [value.lower() for value in subject.values]
    JudgedSender.objects.filter(address__in=addresses).delete()
    PictureSender.objects.filter(address__in=addresses).delete()
    _keep_stops(subject)


def _forget_mail_copies(ids: list[int], subject: ErasureSubject) -> None:
    """Delete the demo's copies of their emails, and blank staff mail that names them."""
    copies = Message.objects.filter(pk__in=ids, channel__provider=EMBEDDED).values_list("uid", flat=True)
    transaction.on_commit(partial(forget_spooled, required_tenant_id(), list(copies)), robust=True)
    done = (StaffMail.State.SENT, StaffMail.State.FAILED, StaffMail.State.UNKNOWN)
    names = Person.objects.filter(pk__in=subject.people).values_list("name", flat=True)
    for word in (*subject.values, *names):
        if len(word) >= SHORTEST_WORD:
            mails = StaffMail.objects.filter(tenant_id=required_tenant_id(), state__in=done)
            mails.filter(Q(body__icontains=word) | Q(subject__icontains=word)).update(subject="–", body="")


def forget_files(files: list[int]) -> None:
    """Have a worker delete the files; from now on they are not served."""
    now = clock.now()
    StoredFile.objects.filter(pk__in=files).update(expires_at=now, name="–")
    due.schedule_all(stored_files.EXPIRE, [(pk, now) for pk in files])


def _keep_stops(subject: ErasureSubject) -> None:
    """Suppress offers to their addresses for good; only the keyed hash of each is stored."""
    for value in subject.values:
        suppressions.suppress(value, Reason.BLOCKED, covers=Covers.MARKETING, source="erasure", by=subject.by)
    keys = [address_key(value) for value in subject.values]
    Suppression.objects.filter(Q(key__in=keys) | Q(person_id__in=subject.people)).update(masked="", evidence="")


DATA = [
    PersonalData(
        name="messages", label=_("Texts, addresses and files of messages"), count=_count_messages, erase=_erase_messages
    )
]
