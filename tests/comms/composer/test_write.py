"""Writing to the customer of a lead: by which way, what the gate says first, and fifteen seconds to take it back."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comms.gate import suppressions
from comms.models import Channel, Draft, Message, SenderProfile, Suppression
from crm.platform.tenancy.context import use_tenant
from tests.cast import HOUSE, Cast
from tests.web.test_people_pages import words


@pytest.fixture
def rita(client: Client, cast: Cast) -> Client:
    client.force_login(cast.house.rita.user)
    return client


@pytest.fixture
def house(cast: Cast, settings: Any) -> Iterator[Any]:
    settings.DEMO = True
    with use_tenant(cast.house.tenant):
        for medium, address in (("email", "support@suncoast.example"), ("sms", "+18135550100")):
            Channel.create(
                by=None, brand=cast.house.job.brand, medium=medium, role="support", provider="embedded", address=address
            )
        yield cast.house


def url(house: Any, query: str = "") -> str:
    return f"/{HOUSE}/messages/write/{house.job.number}/{query}"


def test_a_mail_waits_fifteen_seconds_and_can_be_taken_back(rita: Client, house: Any) -> None:
    page = rita.post(url(house), {"medium": "email", "subject": "Your roof", "text": "Hi Cora"}, follow=True)
    assert "It leaves in 15 seconds." in words(page)
    message = Message.objects.get()
    assert (message.state, message.text, message.job_id, message.author_id) == (
        "held",
        "Hi Cora",
        house.job.pk,
        house.rita.pk,
    )
    undo = f"/{HOUSE}/messages/outbox/{message.uid}/cancel/"
    assert undo in words(page)
    rita.post(undo)
    message.refresh_from_db()
    assert message.state == "cancelled"


def test_the_brands_signature_stands_below_a_mail_alone(rita: Client, house: Any) -> None:
    SenderProfile.of(house.job.brand).edit(by=None, signature="Dana\nSuncoast")
    rita.post(url(house), {"medium": "email", "subject": "Your roof", "text": "Hi Cora"})
    rita.post(url(house), {"medium": "sms", "text": "Hi Cora"})
    assert [row.text for row in Message.objects.order_by("pk")] == ["Hi Cora\n\nDana\nSuncoast", "Hi Cora"]


def test_what_was_typed_is_kept_when_it_is_refused_and_gone_when_it_is_sent(rita: Client, house: Any) -> None:
    refused = rita.post(url(house), {"medium": "email", "subject": "", "text": "Hi Cora"})
    assert refused.status_code == 422
    assert "Say in a subject what it is about." in words(refused)
    assert "Hi Cora" in words(rita.get(url(house, "?medium=email")))
    rita.post(url(house), {"medium": "email", "subject": "Your roof", "text": "Hi Cora"})
    assert not Draft.objects.exists()


def test_a_draft_is_kept_while_typing_and_nobody_elses(rita: Client, house: Any, cast: Cast) -> None:
    kept = rita.post(f"{url(house)}draft/", {"medium": "sms", "text": "We’re on our way"})
    assert "1 text, as “’” is no letter of a plain text." in words(kept)
    assert "We’re on our way" in words(rita.get(url(house, "?medium=sms")))
    mona = Client()
    mona.force_login(house.mona.user)
    assert "on our way" not in words(mona.get(url(house, "?medium=sms")))
    rita.post(f"{url(house)}draft/", {"medium": "sms", "text": ""})
    assert not Draft.objects.exists()


def test_what_the_gate_would_say_is_said_before(rita: Client, house: Any) -> None:
    point = house.cora.contact_points.get(kind="phone").value
    suppressions.suppress(point, Suppression.Reason.STOP, source="message")
    page = rita.get(url(house, "?medium=sms"))
    assert "is-drop" in words(page)
    refused = rita.post(url(house), {"medium": "sms", "text": "Hello"})
    assert refused.status_code == 422
    assert not Message.objects.exists()


def test_files_go_along_within_the_limits(rita: Client, house: Any) -> None:
    file = SimpleUploadedFile("quote.pdf", b"%PDF-1.7 quote", "text/html")
    sent = {"medium": "email", "subject": "Your quote", "text": "Here it is", "files": file}
    assert rita.post(url(house), sent).status_code == 302
    attachment = Message.objects.get().attachments.get()
    assert (attachment.name, attachment.media_type) == ("quote.pdf", "application/pdf")


def test_a_lead_without_an_address_says_so(rita: Client, house: Any) -> None:
    house.cora.contact_points.all().delete()
    assert "There is no way to write to them yet" in words(rita.get(url(house)))


def test_a_colleagues_lead_is_nobody_elses_to_write_about(rita: Client, house: Any) -> None:
    house.job.assign_to(house.mona, by=house.mona)
    assert rita.get(url(house)).status_code == 404
    assert rita.post(url(house), {"medium": "email", "subject": "a", "text": "b"}).status_code == 404
