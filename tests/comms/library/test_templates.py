"""Templates: written, approved, restored; which text fits whom; what a record says in it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from comms.appointments.variables import VARIABLES as APPOINTMENT_VARIABLES
from comms.channels.interface import TemplateState
from comms.channels.providers.meta_whatsapp import MetaWhatsApp
from comms.library import approvals
from comms.library.catalogue import catalogue, choose
from comms.library.context import render_for, subject_of
from comms.library.own_variables import VARIABLES
from comms.library.seeding import begin, catch_up, create_library
from comms.library.variables import values_of
from comms.models import Channel, Message, Template, TemplateVersion
from comms.rendering.content import clean
from comms.rendering.rendering import Missing
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Brand, Due, Event
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House


def sms(text: str) -> dict[str, Any]:
    return clean("sms", {"text": text})


@pytest.fixture
def hello(house: House) -> Template:
    with use_tenant(house.tenant):
        return Template.create(by=house.mona, name="Hello", media=["sms"], purpose="service")


@pytest.fixture
def house(cast: Cast) -> House:
    return cast.house


def test_an_edit_is_a_version_and_what_is_approved_is_sent(house: House, hello: Template) -> None:
    with use_tenant(house.tenant):
        first = hello.write("sms", "en", sms("One"), by=house.mona)
        assert choose(hello, "sms", person=house.cora, brand=Brand.objects.get()) is None
        again = hello.write("sms", "en", sms("One!"), by=house.mona)
        assert (again.pk, again.number) == (first.pk, 1), "one's own draft is changed"
        first.approve(by=house.ada)
        second = hello.write("sms", "en", sms("Two"), by=house.mona)
        assert (second.number, second.is_approved) == (2, False)
        third = hello.write("sms", "en", sms("Three"), by=house.ada)
        assert third.number == 3, "another's draft stays as it is"
        choice = choose(hello, "sms", person=None, brand=Brand.objects.get())
        assert choice
        assert choice.version.content == sms("One!")
        third.approve(by=house.ada)
        with pytest.raises(Refused, match="newer version"):
            second.approve(by=house.ada)
        events = list(Event.objects.filter(kind__startswith="template.").order_by("pk").values_list("kind", flat=True))
        hello.write("sms", "en", sms("Three"), by=house.mona)
        third.approve(by=house.ada)
        assert Event.objects.filter(kind__startswith="template.").count() == len(events), "again: nothing"
        assert events.count("template.approved") == 2


def test_a_message_keeps_the_version_it_was_sent_with(house: House, hello: Template) -> None:
    with use_tenant(house.tenant):
        version = hello.write("sms", "en", sms("One"), by=house.mona)
        version.approve(by=house.ada)
        message = Message.objects.create(
            brand=Brand.objects.get(),
            medium="sms",
            direction="out",
            address="+18135550142",
            state="sent",
            template_version=version,
        )
        hello.write("sms", "en", sms("Two"), by=house.mona).approve(by=house.ada)
        message.refresh_from_db()
        assert message.template_version == version
        assert message.template_version.content == sms("One")


def test_the_language_is_the_persons_then_the_brands_then_any(house: House, hello: Template) -> None:
    with use_tenant(house.tenant):
        brand = Brand.objects.get()
        for language in ("en", "nl"):
            hello.write("sms", language, sms(language), by=house.mona).approve(by=house.ada)
        house.cora.language = "nl-BE"
        chosen = choose(hello, "sms", person=house.cora, brand=brand)
        assert chosen
        assert (chosen.version.language, chosen.why) == ("nl", "in Nederlands, the customer’s language")
        house.cora.language = "es"
        chosen = choose(hello, "sms", person=house.cora, brand=brand)
        assert chosen
        assert chosen.version.language == "en"
        assert brand.name in chosen.why
        TemplateVersion.objects.filter(language="en").update(approved_at=None)
        hello.edit(by=house.ada, position=3)
        chosen = choose(hello, "sms", person=None, brand=brand)
        assert chosen
        assert chosen.why == "in Nederlands, the only language it is approved in"


def test_a_brands_own_template_goes_first(house: House, hello: Template) -> None:
    with use_tenant(house.tenant):
        brand = Brand.objects.get()
        assert catalogue().find("hello", brand.pk) == hello
        own = Template.create(by=house.ada, key="hello", name="Hello", media=["sms"], brand=brand)
        assert catalogue().find("hello", brand.pk) == own
        assert catalogue().find("hello", None) == hello
        own.archive(by=house.ada)
        assert catalogue().find("hello", brand.pk) == hello
        with pytest.raises(Refused, match="archived"):
            own.write("sms", "en", sms("x"), by=house.ada)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " ", "media": ["sms"]}, "Enter a name"),
        ({"name": "x", "media": ["call"]}, "how it is sent"),
        ({"name": "hello", "media": ["sms"]}, "already exists"),
    ],
)
def test_what_no_template_may_be(house: House, hello: Template, fields: dict[str, Any], words: str) -> None:
    with use_tenant(house.tenant), pytest.raises(Refused, match=words):
        Template.create(by=house.ada, **fields)


def test_where_whatsapp_stands_is_set_by_hand(house: House) -> None:
    with use_tenant(house.tenant):
        template = Template.create(by=house.ada, name="Hi", media=["whatsapp", "sms"])
        version = template.write("whatsapp", "en", clean("whatsapp", {"body": "Hi you"}), by=house.ada)
        version.mark("rejected", category="utility", name="hi", reason="Too short", by=house.ada)
        assert not version.is_approved_by_whatsapp
        version.mark("approved", category="utility", name="hi", reason="Too short", by=house.ada)
        assert version.is_approved_by_whatsapp
        assert version.whatsapp_reason == ""
        count = Event.objects.filter(kind="template.marked").count()
        version.mark("approved", category="utility", name="hi", reason="", by=house.ada)
        assert Event.objects.filter(kind="template.marked").count() == count == 2
        text = template.write("sms", "en", sms("x"), by=house.ada)
        with pytest.raises(Refused, match="Only WhatsApp"):
            text.mark("approved", category="utility", name="hi", reason="", by=house.ada)


def test_a_record_gives_the_values(house: House) -> None:
    with use_tenant(house.tenant):
        job = house.job
        job.value, job.next_step_kind, job.next_step_at = 1_840_000, "visit", clock.now() + timedelta(days=2)
        brand = Brand.objects.get()
        brand.phone = "+18135550100"
        names = [variable.name for variable in (*VARIABLES, *APPOINTMENT_VARIABLES)]
        english = values_of(subject_of(brand=brand, language="en", job=job, sender=house.rita), names)
        assert english["customer"] == {"first_name": "Cora", "name": "Cora Customer"}
        assert english["sender"] == {"first_name": "Rita", "name": "Rita Rep"}
        assert english["job"]["value"] == "$18,400"
        assert english["job"]["status"] == "New"
        assert english["brand"]["phone"] == "(813) 555-0100"
        assert english["property"]["address"] == "2207 Bayshore Ct, Tampa, FL 33611"
        assert set(english["appointment"]) == {"date", "time"}
        brand.country = "NL"
        dutch = values_of(subject_of(brand=brand, language="nl", job=job), names)
        assert "sender" not in dutch
        assert dutch["job"]["value"].replace("\u00a0", " ") == "US$ 18.400"
        job.next_step_kind = "call"
        assert "appointment" not in values_of(subject_of(brand=brand, language="nl", job=job), names)


def test_what_a_record_lacks_blocks_and_is_named(house: House, hello: Template) -> None:
    with use_tenant(house.tenant):
        text = "Hi {{ customer.first_name }}, {{ job.value }} on {{ appointment.date }}"
        version = hello.write("sms", "en", sms(text), by=house.mona)
        subject = subject_of(brand=Brand.objects.get(), language="en", job=house.job)
        with pytest.raises(Missing) as found:
            render_for(subject, version, "sms")
        assert found.value.names == ["job.value", "appointment.date"]
        given = subject_of(
            brand=Brand.objects.get(),
            language="en",
            job=house.job,
            given={"job.value": "$5", "appointment.date": "Monday"},
        )
        assert render_for(given, version, "sms").text == "Hi Cora, $5 on Monday"


def test_a_tenant_starts_with_the_library_in_its_language(house: House) -> None:
    with use_tenant(house.tenant), translation.override("nl"):
        begin()
        assert {version.language for version in TemplateVersion.objects.all()} == {"nl"}
        here = catalogue()
        template = here.find("appointment_confirmation", None)
        assert template
        assert template.name == "Werk is ingepland"
        assert sorted(here.of(template)) == [("email", "nl"), ("sms", "nl"), ("whatsapp", "nl")]
        assert all(text.approved for text in here.texts.values())
        assert [one.key for one in here.offered_templates("whatsapp", None)]


def test_both_languages_stand_side_by_side(house: House) -> None:
    with use_tenant(house.tenant):
        create_library(["nl", "en"])
        template = catalogue().find("welcome", None)
        assert template
        assert catalogue().languages(template) == ["en", "nl"]
        assert template.name == "Welkom"


def test_whatsapps_states_go_to_the_version_that_has_their_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with use_tenant(cast.house.tenant):
        channel = Channel.create(
            by=None,
            brand=cast.house.job.brand,
            medium="whatsapp",
            role="support",
            provider="meta_whatsapp",
            address="+18135550100",
        )
        template = Template.create(by=None, name="Quote ready", media=["whatsapp"])
        blank = {"header": "", "footer": "", "buttons": []}
        first = template.write("whatsapp", "en", {**blank, "body": "Hi {{ customer.first_name }}, ready."}, by=None)
        second = template.write("whatsapp", "en", {**blank, "body": "Ready, {{ customer.first_name }}?"}, by=None)
        states = [
            TemplateState("quote_ready", "approved", "en_US", "marketing", "", "Hi {{1}}, ready."),
            TemplateState("quote_ready", "approved", "nl", "utility", "", "Ready, {{1}}?"),
            TemplateState("quote_ready", "", "en", "utility", "", "Ready, {{1}}?"),
        ]
        monkeypatch.setattr(MetaWhatsApp, "template_states", lambda self, channel, names: states)
        tenant_id = channel.tenant_id
    approvals.read(tenant_id, channel.pk)
    with use_tenant(cast.house.tenant):
        first.refresh_from_db()
        second.refresh_from_db()
        channel.refresh_from_db()
        assert (first.whatsapp_state, first.whatsapp_language, first.whatsapp_category) == (
            "approved",
            "en_US",
            "marketing",
        )
        assert second.whatsapp_state == "draft"
        assert channel.templates_read_at
        again = Due.objects.get(kind=approvals.READ)
        assert again.due_at > channel.templates_read_at + timedelta(hours=23)


def test_a_library_gets_what_an_upgrade_brings_and_keeps_what_it_has(house: House) -> None:
    with use_tenant(house.tenant), translation.override("nl"):
        catch_up()
        assert not Template.objects.exists(), "who has no library gets none"
        create_library(["en", "nl"])
        whole = set(TemplateVersion.objects.values_list("template__key", "medium", "language"))
        gone = Template.objects.filter(key__in=["appointment_changed", "appointment_cancelled"])
        TemplateVersion.objects.filter(template__in=gone).delete()
        gone.delete()
        kept = Template.objects.get(key="appointment_reminder")
        Template.objects.filter(pk=kept.pk).update(name="Ours", archived_at=clock.now())
        for _twice in range(2):
            catch_up()
            assert set(TemplateVersion.objects.values_list("template__key", "medium", "language")) == whole
        kept.refresh_from_db()
        assert (kept.name, kept.archived_at is not None) == ("Ours", True)
        assert TemplateVersion.objects.filter(template__key="appointment_changed", approved_at=None).count() == 0
