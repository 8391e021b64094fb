"""A message as its provider is to send it."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from comms.channels.interface import Permanent
from comms.gate import decide
from comms.library.composition import compose
from comms.library.context import subject_of
from comms.models import Channel, Message, Template
from comms.outbox.composition import outgoing
from crm.kernel import clock
from crm.platform.files import stored_files
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast

# By day where the customer is: at night every message waits, and nothing else is asked.
NOON = datetime(2026, 5, 12, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("provider", "tls", "reports"), [("twilio", True, True), ("twilio", False, False), ("smtp", True, False)]
)
def test_a_provider_is_told_where_to_report(cast: Cast, settings: Any, provider: str, tls: bool, reports: bool) -> None:
    settings.TLS = tls
    medium, address = ("sms", "+18135550100") if provider == "twilio" else ("email", "sales@suncoast.example")
    with use_tenant(cast.house.tenant):
        channel = Channel.create(
            by=None, brand=cast.house.job.brand, medium=medium, role="sales", provider=provider, address=address
        )
        message = Message.queue(channel=channel, address="+18135550142", by=cast.house.rita, text="Hi", subject="Hi")
        assert (f"/hooks/{provider}/" in outgoing(message, channel).callback_url) is reports


def test_a_picture_leaves_by_a_link_of_a_day_and_over_tls_alone(cast: Cast, settings: Any, client: Client) -> None:
    settings.TLS, settings.SITE_URL = True, "https://crm.example"
    with use_tenant(cast.house.tenant):
        channel = Channel.create(
            by=None, brand=cast.house.job.brand, medium="sms", role="sales", provider="twilio", address="+18135550100"
        )
        kept = stored_files.store_file(
            io.BytesIO(b"\x89PNG"), "roof.png", purpose="message", by=cast.house.rita, content_type="image/png"
        )
        message = Message.queue(channel=channel, address="+18135550142", text="Your roof", files=[kept])
        [file] = outgoing(message, channel).files
    path = file.url.removeprefix("https://crm.example")
    assert client.get(path).status_code == 404, "nothing is leaving yet"
    with use_tenant(cast.house.tenant):
        message._become("sending")
    answer = client.get(path)
    assert (b"".join(answer.streaming_content), answer["Content-Type"]) == (b"\x89PNG", "image/png")  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"{path[:-2]}x/").status_code == 404, "a forged one"
    with clock.at(clock.now() + timedelta(hours=25)):
        assert client.get(path).status_code == 404
    settings.TLS = False
    with use_tenant(cast.house.tenant):
        with pytest.raises(Permanent, match="https"):
            outgoing(message, channel)
        message._become("cancelled")
    assert client.get(path).status_code == 404


def test_whatsapp_gets_its_template_by_name_language_and_values(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        brand = cast.house.job.brand
        channel = Channel.create(
            by=None, brand=brand, medium="whatsapp", role="sales", provider="meta_whatsapp", address="+18135550100"
        )
        template = Template.create(by=None, name="Quote ready", purpose="transactional", media=["whatsapp"])
        body = "Hi {{ customer.first_name }}, job {{ job.number }}: we come on {{ appointment.date }}, not before."
        content = {
            "header": "",
            "body": body,
            "footer": "",
            "buttons": [["Look", "https://x.example/{{ job.number }}"]],
        }
        version = template.write("whatsapp", "en", content, by=None)
        version.mark("approved", category="utility", name="", language="en_US", reason="", by=None)
        about = {"brand": brand, "language": "en", "job": cast.house.job}
        given = {"appointment.date": "Monday"}
        composed = compose(version, subject_of(given=given, **about))
        message = Message.queue(channel=channel, address="+18135550142", **composed.fields)
        sent = outgoing(message, channel)
        number = str(cast.house.job.number)
        assert (sent.template, sent.language, sent.values, sent.button_values) == (
            "quote_ready",
            "en_US",
            ("Cora", number, "Monday"),
            ((0, number),),
        )
        shape = {"names": {"body": ["first_name", "number", "day"], "header": []}, "heading": "image"}
        version.mark("approved", category="utility", name="", reason="", by=None, shape=shape)
        message.template_version.refresh_from_db()
        sent = outgoing(message, channel)
        assert (sent.names, sent.heading_names, sent.heading) == (("first_name", "number", "day"), (), "image")
        # What is missing is named, stands in the text, and stops it at the gate.
        composed = compose(version, subject_of(**about))
        assert composed.missing == ("appointment.date",)
        message = Message.queue(channel=channel, address="+18135550142", **composed.fields)
        with clock.at(NOON):
            verdict = decide(message)
        assert (verdict.outcome, verdict.rule) == ("needs_human", "text")
        assert "appointment.date" in verdict.words
        assert "{{ appointment.date }}" in message.text


def test_who_has_no_first_name_is_greeted_without_one(cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        cast.house.cora.name = "+18135554711"
        about = subject_of(brand=cast.house.job.brand, language="en", person=cast.house.cora)
        template = Template.create(by=None, name="Late", purpose="service", media=["sms", "whatsapp"])
        text = template.write("sms", "en", {"text": "Hi {{ customer.first_name }}, we are late."}, by=None)
        parts = {"header": "", "body": "Hi {{ customer.first_name }}, we are late.", "footer": "", "buttons": []}
        whatsapp = template.write("whatsapp", "en", parts, by=None)
        assert (compose(text, about).text, compose(text, about).missing) == ("Hi, we are late.", ())
        # WhatsApp refuses a placeholder without a value.
        assert compose(whatsapp, about).fields["template_values"]["body"] == ["there"]
