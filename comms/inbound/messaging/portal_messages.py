"""Messages written on the customer's page: stored raw, then placed on the job's ticket."""

import base64
import json
from collections.abc import Iterable
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from comms.inbound import inbound_storage, jobs
from comms.inbound.attachments import keep_file
from comms.inbound.inbound_result import InboundParked, InboundResult
from comms.inbound.text_cleaning import clean_text
from comms.models import Direction, Inbound, Medium, Message
from crm.jobs.models import Job
from crm.kernel.formats import MB, size_in_words
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint, Person
from crm.platform.events import events
from crm.platform.files.gps_removal import strip_gps_position
from crm.platform.files.media_types import sniff_media_type

PROVIDER = "portal"
LONGEST = 5000
MOST_FILES = 10
MOST_BYTES = 20 * MB
_TAKEN = ("image/", "video/", "application/pdf")


def store_portal_message(person: Person, job: Job, key: UUID, text: str, files: Iterable[UploadedFile] = ()) -> Inbound:
    """Store a message from the customer's page; `key`: of the form, which prevents sending twice.

    Raises Refused in words for nothing, too much, or a file that is no picture, video or PDF.
    """
    text = text.replace("\r\n", "\n").strip()
    files = list(files)
    if not text and not files:
        raise Refused(_("Write something first."))
    if len(text) > LONGEST:
        raise Refused(_("It is too long: %(most)s characters at most.") % {"most": LONGEST})
    payload = {
        "id": str(key),
        "person": str(person.uid),
        "job": job.number,
        "text": text,
        "files": _encode_files(files),
    }
    body = json.dumps(payload).encode()
    return inbound_storage.store(body, kind=Inbound.Kind.PORTAL, channel=None, provider=PROVIDER)[0]


def _encode_files(files: list[UploadedFile]) -> list[dict[str, str]]:
    if len(files) > MOST_FILES:
        raise Refused(_("At most %(most)s files fit in one message.") % {"most": MOST_FILES})
    if sum(file.size or 0 for file in files) > MOST_BYTES:
        raise Refused(_("Together the files may have %(most)s.") % {"most": size_in_words(MOST_BYTES)})
    encoded = []
    for file in files:
        content = file.read()
        media_type = sniff_media_type(content, name=file.name or "", declared=file.content_type or "")
        if media_type == "image/svg+xml" or not media_type.startswith(_TAKEN):
            raise Refused(_("%(name)s is not a picture, video or PDF.") % {"name": clean_text(file.name or "", 80)})
        encoded.append({"name": clean_text(file.name or "", 200), "content": base64.b64encode(content).decode()})
    return encoded


def receive_portal_message(body: bytes, inbound: Inbound) -> InboundResult:
    """Create the message from a stored page message."""
    payload = json.loads(body)
    person = Person.objects.filter(uid=payload["person"]).first()
    job = Job.objects.filter(number=payload["job"]).select_related("brand").first()
    if person is None or job is None:
        raise InboundParked(_("Its author or its subject no longer exists."))
    before = Message.objects.filter(medium=Medium.PORTAL, job=job, person=person, provider_id=payload["id"]).first()
    if before:
        return InboundResult("duplicate", message=before)
    point = ContactPoint.objects.filter(person=person).verified_first().first()
    message = Message(
        brand=job.brand,
        medium=Medium.PORTAL,
        direction=Direction.IN,
        state=Message.State.RECEIVED,
        person=person,
        contact_point=point,
        job=job,
        address=point.value if point else "",
        address_name=person.name,
        at=inbound.received_at,
        text=clean_text(payload["text"], LONGEST),
        provider_id=payload["id"],
        inbound=inbound,
    )
    message.save()
    for position, file in enumerate(payload["files"]):
        keep_file(message, position, file["name"], "", strip_gps_position(base64.b64decode(file["content"])))
    data = {"medium": message.medium, "automatic": "", "matched_by": "", "answers": None, "why": ""}
    events.record("message.received", subject=message, by=None, data=data, job_id=job.pk)
    jobs.record_customer_message(message)
    return InboundResult("ticket", message=message)
