"""What a customer writes on their page: stored before it is read, once, on the ticket of that job, and it waits."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from comms.inbound import inbound_processing
from comms.inbound.messaging.portal_messages import store_portal_message
from comms.models import Attachment, Inbound, Message
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events
from tests.cast import Cast
from tickets.models import Entry


def photo() -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "blue").save(made, "JPEG")
    return SimpleUploadedFile("roof.jpg", made.getvalue(), "image/jpeg")


def test_it_lands_once_on_the_ticket_of_its_job_and_waits_for_an_answer(cast: Cast) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        other = open_job(title="Her other roof", person=house.cora, by=None)
        key = uuid4()
        rows = [store_portal_message(house.cora, house.job, key, "A brown\r\nspot", [photo()]) for _again in range(2)]
        assert rows[0] == rows[1]
        assert (rows[0].kind, rows[0].state) == (Inbound.Kind.PORTAL, Inbound.State.STORED)
        assert not Message.objects.exists(), "it is stored before it is read"
        for job, words in ((house.job, ""), (other, "Of the other"), (house.job, "And the gutter")):
            if words:
                rows.append(store_portal_message(house.cora, job, uuid4(), words))
        for row in rows:
            inbound_processing.read_one(row.pk)
    dispatch_events()
    with use_tenant(house.tenant):
        messages = list(Message.objects.order_by("pk"))
        assert [(m.medium, m.direction, m.text) for m in messages] == [
            ("portal", "in", "A brown\nspot"),
            ("portal", "in", "Of the other"),
            ("portal", "in", "And the gutter"),
        ]
        entries = {entry.message_id: entry.ticket for entry in Entry.objects.select_related("ticket")}
        tickets = [entries[message.pk] for message in messages]
        assert tickets[0] == tickets[2] != tickets[1]
        assert [ticket.job_id for ticket in tickets] == [house.job.pk, other.pk, house.job.pk]
        assert all(ticket.waiting_since for ticket in tickets)
        assert Job.objects.get(pk=house.job.pk).unread_count == 2
        assert Attachment.objects.get().media_type == "image/jpeg"


@pytest.mark.parametrize(
    ("text", "names"),
    [("", []), ("x" * 5001, []), ("Look", ["page.svg"]), ("Look", ["a.jpg"] * 11)],
)
def test_what_is_nothing_too_much_or_no_picture_is_refused(cast: Cast, text: str, names: list[str]) -> None:
    files = [SimpleUploadedFile(name, b"<svg><script>1</script></svg>", "image/jpeg") for name in names]
    with use_tenant(cast.house.tenant):
        with pytest.raises(Refused):
            store_portal_message(cast.house.cora, cast.house.job, uuid4(), text, files)
        assert not Inbound.objects.exists()
