"""Writing to the customer of a lead: by which way, what the gate says first, and fifteen seconds to take it back."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comms.composer import attachment_limits
from comms.gate.candidate import SendCandidate
from comms.gate.consent import suppressions
from comms.gate.recipients import facts_of
from comms.models import Channel, Consent, Draft, DraftFile, Message, SenderProfile, Suppression, Template, TemplateUse
from crm.kernel import clock
from crm.people.models import ContactPoint
from crm.platform.models import StoredFile
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
    assert "It will be sent in 15 seconds." in words(page)
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


def test_what_was_just_sent_is_no_draft(rita: Client, house: Any) -> None:
    """The request that keeps the last keystrokes may come after the one that sends them."""
    told = {"medium": "email", "subject": "Your roof", "text": "Hi Cora"}
    rita.post(url(house), told)
    # The subject of another message alone is a draft.
    for text, kept in (("Hi Cora", False), ("Hi Co", False), ("Hi Cora, one more thing", True), ("", True)):
        rita.post(url(house), told | {"text": text, "act": "draft"})
        assert Draft.objects.unsent().exists() is kept
    Draft.objects.all().delete()
    rita.post(f"/{HOUSE}/messages/outbox/{Message.objects.get().uid}/cancel/")
    rita.post(url(house), told | {"act": "draft"})
    assert Draft.objects.get().text == "Hi Cora"


def test_the_brands_signature_stands_below_a_mail_alone(rita: Client, house: Any) -> None:
    SenderProfile.of(house.job.brand).edit(by=None, signature="Dana\nSuncoast")
    rita.post(url(house), {"medium": "email", "subject": "Your roof", "text": "Hi Cora"})
    rita.post(url(house), {"medium": "sms", "text": "Hi Cora"})
    assert [row.text for row in Message.objects.order_by("pk")] == ["Hi Cora\n\nDana\nSuncoast", "Hi Cora"]


def test_what_was_typed_is_kept_when_it_is_refused_and_gone_when_it_is_sent(rita: Client, house: Any) -> None:
    refused = rita.post(url(house), {"medium": "email", "subject": "", "text": "Hi Cora"})
    assert refused.status_code == 422
    assert "Add a subject." in words(refused)
    assert "Hi Cora" in words(rita.get(url(house, "?medium=email")))
    rita.post(url(house), {"medium": "email", "subject": "Your roof", "text": "Hi Cora"})
    assert not Draft.objects.unsent().exists()


def test_a_draft_is_kept_while_typing_and_nobody_elses(rita: Client, house: Any, cast: Cast) -> None:
    kept = rita.post(url(house), {"act": "draft", "medium": "sms", "text": "We’re on our way"})
    assert "1 text, because of the character “’”" in words(kept)
    assert "We’re on our way" in words(rita.get(url(house, "?medium=sms")))
    mona = Client()
    mona.force_login(house.mona.user)
    assert "on our way" not in words(mona.get(url(house, "?medium=sms")))
    rita.post(url(house), {"act": "draft", "medium": "sms", "text": ""})
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


def test_files_stay_with_the_draft_and_come_back_with_it(rita: Client, house: Any) -> None:
    written = {"medium": "email", "subject": "Your quote", "text": "Here it is"}
    files = [SimpleUploadedFile(name, b"%PDF-1.7 quote") for name in ("quote.pdf", "draft.pdf")]
    rita.post(url(house), written | {"act": "files", "files": files})
    unwanted = DraftFile.objects.get(file__name="draft.pdf")
    rita.post(url(house), written | {"remove": str(unwanted.uid)})
    assert not StoredFile.objects.get(pk=unwanted.file_id).path
    rita.post(url(house), written)
    message = Message.objects.get()
    assert [one.name for one in message.attachments.all()] == ["quote.pdf"]
    message.cancel(by=house.rita)
    page = words(rita.get(url(house, "?medium=email")))
    assert "quote.pdf" in page
    assert "Here it is" in page


def test_a_file_that_is_too_large_is_refused_and_the_words_stay(rita: Client, house: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(attachment_limits.LIMITS, "email", attachment_limits.MediumLimit(100, 50, {}))
    file = SimpleUploadedFile("roof.pdf", b"%PDF-1.7" + b"x" * 200)
    page = rita.post(url(house), {"medium": "email", "subject": "Roof", "text": "Hi Cora", "files": file})
    assert "At most" in words(page)
    assert not Message.objects.exists()
    assert Draft.objects.unsent().get().text == "Hi Cora"


def test_words_and_files_move_along_to_another_channel(rita: Client, house: Any) -> None:
    rita.post(url(house), {"act": "draft", "medium": "sms", "text": "Begun before"})
    file = SimpleUploadedFile("roof.pdf", b"%PDF-1.7 roof")
    rita.post(url(house), {"act": "files", "medium": "email", "subject": "Roof", "text": "Hi Cora", "files": file})
    page = rita.post(url(house), {"medium": "email", "subject": "Roof", "text": "Hi Cora", "channel": "sms"})
    assert "Begun before\n\nHi Cora" in page.content.decode()
    assert "roof.pdf" in words(page)
    assert Draft.objects.get(medium="email").text == ""


def test_a_mail_goes_to_whom_one_types(rita: Client, house: Any) -> None:
    written = {"medium": "email", "subject": "Your roof", "text": "Hi Cora"}
    copies = {"cc": "Ann <Ann@agency.example>; bob@home.example", "bcc": "boss@suncoast.example"}
    assert "is not an email address" in words(rita.post(url(house), written | {"cc": "ann at agency"}))
    rita.post(url(house), written | copies | {"to": "Cora@work.example"})
    message = Message.objects.get()
    assert (message.address, message.contact_point) == ("cora@work.example", None)
    assert message.participants == {
        "cc": [["", "ann@agency.example"], ["", "bob@home.example"]],
        "bcc": [["", "boss@suncoast.example"]],
    }


def test_a_signature_that_was_typed_is_not_put_below_again(rita: Client, house: Any) -> None:
    SenderProfile.of(house.job.brand).edit(by=None, signature="Dana\nSuncoast")
    rita.post(url(house), {"medium": "email", "subject": "Your roof", "text": "Hi Cora\n\nDana\nSuncoast"})
    assert Message.objects.get().text == "Hi Cora\n\nDana\nSuncoast"


def test_a_lead_without_an_address_says_so(rita: Client, house: Any) -> None:
    house.cora.contact_points.all().delete()
    assert "You can’t write to this customer yet" in words(rita.get(url(house)))


def test_a_colleagues_lead_is_nobody_elses_to_write_about(rita: Client, house: Any) -> None:
    house.job.assign_to(house.mona, by=house.mona)
    assert rita.get(url(house)).status_code == 404
    assert rita.post(url(house), {"medium": "email", "subject": "a", "text": "b"}).status_code == 404


# A Monday noon in Tampa: no quiet hours.
NOON = datetime(2026, 5, 4, 16, 0, tzinfo=UTC)


def template(medium: str, content: dict[str, Any], **fields: Any) -> Any:
    made = Template.create(by=None, media=[medium], **({"name": "Coming over", "purpose": "transactional"} | fields))
    parts: dict[str, Any] = {"header": "", "footer": "", "buttons": []} if medium == "whatsapp" else {}
    version = made.write(medium, "en", parts | content, by=None)
    version.approve(by=None)
    return version


@pytest.mark.parametrize("how", ["pick", "plain"])
def test_a_template_is_filled_in_and_what_is_missing_is_named(rita: Client, house: Any, how: str) -> None:
    words_of_it = "Hi {{ customer.first_name }}, we come on {{ appointment.date }}."
    version = template("sms", {"text": words_of_it}, purpose="service")
    offered = words(rita.get(url(house, "?medium=sms")))
    assert "Coming over" in offered
    assert 'role="listbox"' in offered
    picked = {"medium": "sms", "pick": str(version.uid)} | ({"act": "pick"} if how == "plain" else {})
    page = words(rita.post(url(house), picked))
    assert "Hi Cora, we come on {{ appointment.date }}." in page
    assert "No value for: Day of the appointment." in page
    sent = {"medium": "sms", "template": str(version.uid), "text": "Hi Cora, we come on {{ appointment.date }}."}
    assert "Write something first." in words(rita.post(url(house), sent | {"text": ""}))
    with clock.at(NOON + timedelta(hours=11)):  # it would wait for the morning, and be held then
        assert rita.post(url(house), sent).status_code == 422
    with clock.at(NOON):
        refused = rita.post(url(house), sent)
        assert refused.status_code == 422
        assert "No value for: Day of the appointment." in words(refused)
        assert rita.post(url(house), sent | {"text": "Hi Cora, we come on Monday."}).status_code == 302
    message = Message.objects.get()
    assert (message.template_version_id, message.purpose, message.template_values) == (version.pk, "service", None)


def test_a_mail_leaves_as_its_template_or_in_changed_words(rita: Client, house: Any) -> None:
    parts = {"subject": "{{ brand.name }}: job {{ job.number }}", "body": "**Look** at {{ quote.link }}"}
    blank = dict.fromkeys(("preheader", "greeting", "opening", "signature", "footer"), "")
    version = template("email", blank | parts | {"details": [], "buttons": []}, purpose="marketing")
    page = words(rita.post(url(house), {"medium": "email", "pick": str(version.uid)}))
    assert "No value for: Link to the quote." in page
    chosen = {"medium": "email", "template": str(version.uid), "given.quote.link": "https://x.example/q"}
    with clock.at(NOON):
        assert "No consent for Marketing by Email" in words(rita.post(url(house), chosen))
        noted = {"act": "consent", "consent": "yes", "source": "call", "wording": "Yes, do send me offers"}
        page = words(rita.post(url(house), chosen | noted))
        assert "Marketing: yes" in page
        assert rita.post(url(house), chosen).status_code == 302
        changed = words(rita.post(url(house), chosen | {"act": "words"}))
    consent = Consent.objects.get()
    assert (consent.source, consent.wording, consent.by_id) == ("call", "Yes, do send me offers", house.rita.pk)
    message = Message.objects.get()
    assert message.subject.endswith(f": job {house.job.number}")
    assert "<b>Look</b> at https://x.example/q" in message.html
    assert "/mail/" in message.text, "the way out of the list"
    assert "Look at https://x.example/q" in changed


def test_the_words_of_a_notice_are_edited_without_the_link_to_unsubscribe_and_leave_with_it(
    rita: Client, house: Any
) -> None:
    blank = dict.fromkeys(("preheader", "greeting", "opening", "signature", "footer"), "")
    parts = blank | {"subject": "Welcome", "body": "Call me", "details": [], "buttons": []}
    version = template("email", parts, purpose="service")
    form = {"medium": "email", "template": str(version.uid), "subject": "Welcome"}
    with clock.at(NOON):
        page = words(rita.post(url(house), form | {"act": "words"}))
        assert "An unsubscribe link is added below it." in page
        assert "/mail/preferences/" not in page
        assert rita.post(url(house), form | {"text": "Call me today"}).status_code == 302
    text = Message.objects.get().text
    assert text.startswith("Call me today\n\nUnsubscribe: http")
    assert "/mail/preferences/" in text


def test_outside_the_24_hours_whatsapp_is_a_list_of_its_templates(rita: Client, house: Any) -> None:
    with clock.at(NOON):
        ours = Channel.create(
            by=None,
            brand=house.job.brand,
            medium="whatsapp",
            role="support",
            provider="embedded",
            address="+18135550101",
        )
        version = template("whatsapp", {"body": "Hi {{ customer.first_name }}, we come today."})
        template("whatsapp", {"body": "Hi {{ customer.first_name }}, not yet."}, name="Unknown to them")
        version.mark("approved", category="utility", name="", reason="", by=None)
        shut = words(rita.get(url(house, "?medium=whatsapp")))
        assert "Coming over" in shut
        assert "Unknown to them" not in shut
        assert "1 more waits for WhatsApp’s approval." in shut
        assert 'name="text"' not in shut
        free = rita.post(url(house), {"medium": "whatsapp", "text": "Hello"})
        assert (free.status_code, Message.objects.count()) == (422, 0)
        assert rita.post(url(house), {"medium": "whatsapp", "template": str(version.uid)}).status_code == 302
        message = Message.objects.get()
        assert (message.text, message.template_values) == ("Hi Cora, we come today.", {"header": [], "body": ["Cora"]})
        assert SendCandidate.of(message).template.is_approved  # type: ignore[union-attr]
        point = house.cora.contact_points.get(kind="phone")
        Message.objects.create(
            channel=ours, brand=ours.brand, medium="whatsapp", direction="in", state="received", address=point.value,
            person=house.cora, job=house.job, text="When?", at=NOON - timedelta(hours=20, minutes=48),
        )  # fmt: skip
        assert facts_of([SendCandidate.of(message)], NOON)[0].wrote_here_at
        opened = words(rita.get(url(house)))
    assert "Closes in 3 h 12 min" in opened
    assert 'name="text"' in opened


def test_a_message_waits_for_its_time_and_can_be_taken_back(rita: Client, house: Any) -> None:
    with clock.at(NOON):
        late = {"medium": "sms", "text": "See you", "day": "2026-05-04", "clock": "23:30"}
        assert "Next allowed" in words(rita.post(url(house), late | {"act": "draft"}))
        past = rita.post(url(house), late | {"day": "2026-05-03"})
        assert (past.status_code, "Choose a time in the future." in words(past)) == (422, True)
        rita.post(url(house), late | {"day": "2026-05-05", "clock": "09:00"})
        message = Message.objects.get()
        assert (message.state, message.send_at) == ("held", datetime(2026, 5, 5, 13, 0, tzinfo=UTC))
        page = words(rita.get(url(house, "?medium=sms")))
        assert "Scheduled messages" in page
        assert f"/outbox/{message.uid}/cancel/" in page


def test_a_person_is_written_to_as_their_work_is(rita: Client, house: Any) -> None:
    where = f"/{HOUSE}/messages/write/person/{house.cora.uid}/"
    rita.post(where, {"act": "draft", "medium": "email", "subject": "Hello", "text": "Again"})
    assert "Again" not in words(rita.get(url(house, "?medium=email"))), "another matter, another draft"
    rita.post(where, {"medium": "email", "subject": "Hello", "text": "Again"})
    message = Message.objects.get()
    assert (message.person_id, message.job_id) == (house.cora.pk, None)


def test_a_template_that_begins_with_a_picture_takes_one(rita: Client, house: Any) -> None:
    with clock.at(NOON):
        brand = house.job.brand
        Channel.create(
            by=None, brand=brand, medium="whatsapp", role="support", provider="embedded", address="+18135550101"
        )
        version = template("whatsapp", {"body": "Hi {{ customer.first_name }}, it is done."})
        version.mark("approved", category="utility", name="", reason="", by=None, shape={"heading": "image"})
        sent = {"medium": "whatsapp", "template": str(version.uid)}
        picked = words(rita.post(url(house), {"medium": "whatsapp", "pick": str(version.uid)}))
        assert "It begins with: A picture" in picked
        for file in (None, SimpleUploadedFile("quote.pdf", b"%PDF-1.7 quote", "application/pdf")):
            refused = rita.post(url(house), sent | ({"files": file} if file else {}))
            assert refused.status_code == 422
            assert "begins with a picture: add one" in words(refused)
        photo = SimpleUploadedFile("roof.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50, "image/png")
        assert rita.post(url(house), sent | {"files": photo}).status_code == 302
    message = Message.objects.get()
    assert (message.attachments.get().media_type, message.leaves_as_template) == ("image/png", True)


def offered(page: Any) -> list[str]:
    """The names of the templates in the picker, in their order."""
    return re.findall(r'role="option"[^>]*>\s*([^<]+?)\s*<small>', page.content.decode())


def test_what_was_written_in_this_step_is_offered_first(rita: Client, house: Any) -> None:
    lacking = {"text": "We come on {{ appointment.date }}."}
    names = {name: template("sms", text, name=name) for name, text in (("Lacks a day", lacking), ("B", {"text": "B"}))}
    names["C"] = template("sms", {"text": "C"}, name="C")
    assert offered(rita.get(url(house, "?medium=sms"))) == ["B", "C", "Lacks a day"]
    with clock.at(NOON):
        rita.post(url(house), {"medium": "sms", "template": str(names["C"].uid), "text": "C"})
    assert offered(rita.get(url(house, "?medium=sms"))) == ["C", "B", "Lacks a day"]
    use = TemplateUse.objects.get()
    assert (use.template_id, use.stage_id, use.count) == (names["C"].template_id, house.job.stage_id, 1)
    with clock.at(NOON + timedelta(days=1)):
        rita.post(url(house), {"medium": "sms", "template": str(names["C"].uid), "text": "C once more"})
    assert TemplateUse.objects.get().count == 2


def test_a_new_lead_is_offered_what_greets_it(rita: Client, house: Any) -> None:
    for key in ("decline", "welcome", "our_own"):
        template("sms", {"text": key}, name=key, key=key)
    assert offered(rita.get(url(house, "?medium=sms"))) == ["welcome", "our_own", "decline"]
    house.job.refresh_from_db()
    house.job.lose(reason="Price", by=house.rita)
    assert offered(rita.get(url(house, "?medium=sms"))) == ["decline", "our_own", "welcome"]


def test_a_link_to_a_number_writes_to_it_and_to_nobody_elses(rita: Client, house: Any) -> None:
    ContactPoint.objects.create(person=house.cora, kind="phone", value="+18135550188", note="mobile")
    page = rita.get(url(house, "?medium=sms&to=%2B18135550188")).content.decode()
    assert re.search(r'value="\+18135550188" selected>\s*\(813\) 555-0188 · mobile', page)
    assert "+18135559999" not in rita.get(url(house, "?medium=sms&to=%2B18135559999")).content.decode()
