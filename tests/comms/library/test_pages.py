"""The pages of templates: found, written, previewed, compared, approved; who may what; nothing typed is lost."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comms.library.catalogue import catalogue
from comms.library.seeding import create_library
from comms.models import Channel, Message, Template, TemplateVersion
from crm.automation.definition import Definition, DoStep
from crm.automation.models import Rule
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House

QUOTE = {"medium": "sms", "language": "en"}


@pytest.fixture
def house(cast: Cast) -> House:
    with use_tenant(cast.house.tenant):
        create_library(["en"])
    return cast.house


class Reader:
    """A signed-in colleague with a template open."""

    def __init__(self, house: House, name: str, template: Template) -> None:
        self.client, self.house = Client(), house
        self.client.force_login(getattr(house, name).user)
        self.url = reverse("comms:template", args=[house.tenant.slug, template.uid])

    def get(self, **asked: str) -> str:
        answer = self.client.get(self.url, asked)
        assert answer.status_code == 200
        return answer.content.decode()

    def post(self, path: str = "", status: int = 302, **sent: Any) -> str:
        answer = self.client.post(self.url + path, sent)
        assert answer.status_code == status, answer.content.decode()[:300]
        return answer.content.decode()

    def version(self, **asked: str) -> str:
        return re.search(r'name="version" value="([^"]*)"', self.get(**asked))[1]  # type: ignore[index]


@pytest.fixture
def quote(house: House) -> Template:
    with use_tenant(house.tenant):
        template = catalogue().find("quote_notification", None)
        assert template
        return template


@pytest.fixture
def reader(house: House, quote: Template) -> Callable[[str], Reader]:
    return lambda name: Reader(house, name, quote)


def texts(house: House, quote: Template) -> list[tuple[int, str, bool]]:
    with use_tenant(house.tenant):
        rows = TemplateVersion.objects.of(quote, "sms", "en")
        return [(row.number, row.content["text"], row.is_approved) for row in rows]


def test_the_library_stands_by_shelf_and_is_searched(house: House, reader: Callable[[str], Reader]) -> None:
    client = reader("rita").client
    url = reverse("comms:templates", args=[house.tenant.slug])
    page = client.get(url).content.decode()
    with use_tenant(house.tenant):
        count = f"{Template.objects.count()} templates"
    for words in ("Order status", "Quote is ready", "Partner: commission statement", count, "Not submitted"):
        assert words in page
    assert "templates/new/" not in page, "a rep reads"
    found = client.get(url, {"q": "quote"}).content.decode()
    assert "Quote is ready" in found
    assert "Welcome" not in found


def test_a_text_is_written_then_approved(house: House, quote: Template, reader: Callable[[str], Reader]) -> None:
    mona, ada = reader("mona"), reader("ada")
    version = mona.version(**QUOTE)
    mona.post(act="approve", text="New {{ brand.name }}", version=version, **QUOTE)
    assert texts(house, quote)[0] == (2, "New {{ brand.name }}", False), "a manager writes, an admin approves"
    assert "Version 2 waits for approval. Version 1 is in use." in mona.get(**QUOTE)
    with use_tenant(house.tenant):
        uid = TemplateVersion.objects.of(quote, "sms", "en").first().uid
    slug = house.tenant.slug
    assert mona.client.post(reverse("comms:approve_template", args=[slug, uid])).status_code == 404
    assert ada.client.post(reverse("comms:approve_template", args=[slug, uid])).status_code == 302
    assert texts(house, quote)[0][2]
    ada.post(act="approve", text="Third", version=ada.version(**QUOTE), **QUOTE)
    assert texts(house, quote)[0] == (3, "Third", True)
    page = mona.client.get(f"{mona.url}versions/", {**QUOTE, "older": "1", "newer": "3"}).content.decode()
    assert "<ins>+ Text: Third</ins>" in page
    assert "Hi {{ customer.first_name }}, your quote" in page
    with use_tenant(house.tenant):
        first = TemplateVersion.objects.of(quote, "sms", "en").last()
    assert mona.client.post(reverse("comms:restore_template_version", args=[slug, first.uid])).status_code == 302
    assert texts(house, quote)[0] == (4, first.content["text"], False)


def test_it_says_which_triggers_use_it(house: House, quote: Template, reader: Callable[[str], Reader]) -> None:
    sends, drafts, other = (
        DoStep(action, {"template": key})
        for action, key in (("message.send", quote.key), ("message.draft", quote.key), ("message.send", "welcome"))
    )
    with use_tenant(house.tenant):
        for name, step in (("Quote sent", sends), ("Put it away", drafts), ("Greets", other), ("Gone", sends)):
            made = Rule.add(name, Definition("job", "job.opened", steps=(step,)), by=None)
        made.archive(by=house.ada)
    mona = reader("mona")
    for page in (mona.get(), mona.get(medium="sms"), mona.client.get(f"{mona.url}settings/").content.decode()):
        assert "Used by 2 triggers" in page
        assert f"/{house.tenant.slug}/triggers/" in page
        assert "Greets" not in page
        assert "Gone" not in page
    rita = reader("rita").get()
    assert "Quote sent" in rita, "a rep reads its name"
    assert ">Quote sent</a>" not in rita


def test_archiving_a_template_names_its_triggers_and_pauses_them(
    house: House, quote: Template, reader: Callable[[str], Reader]
) -> None:
    with use_tenant(house.tenant):
        steps = (DoStep("message.send", {"template": quote.key, "first": "email"}),)
        rule = Rule.add("Quote sent", Definition("job", "job.opened", steps=steps), by=None)
    mona = reader("mona")
    asked = mona.post("archive/", status=200)
    assert "Quote sent" in asked
    with use_tenant(house.tenant):
        assert Template.objects.get(pk=quote.pk).archived_at is None
    version = re.search(r'name="version" value="([^"]*)"', asked)[1]  # type: ignore[index]
    mona.post("archive/", version=version)
    with use_tenant(house.tenant):
        rule.refresh_from_db()
        assert "template" in rule.pause_reason


def test_nothing_typed_is_lost(house: House, quote: Template, reader: Callable[[str], Reader]) -> None:
    mona, ada = reader("mona"), reader("ada")
    version = mona.version(**QUOTE)
    page = mona.post(status=422, text="Hi {{ customer.frist }}", version=version, **QUOTE)
    assert "Hi {{ customer.frist }}" in page
    assert "There is no variable “customer.frist”." in page
    ada.post(text="Hers", version=version, **QUOTE)
    page = mona.post(status=409, text="Mine", version=version, **QUOTE)
    assert ">Mine</textarea>" in page
    assert "Someone else saved a version" in page
    again = re.search(r'name="version" value="([^"]*)"', page)[1]  # type: ignore[index]
    mona.post(text="Mine", version=again, **QUOTE)
    assert [text for _number, text, _approved in texts(house, quote)][:2] == ["Mine", "Hers"]


def test_a_rep_reads_and_does_not_write(house: House, quote: Template, reader: Callable[[str], Reader]) -> None:
    rita = reader("rita")
    page = rita.get(**QUOTE)
    assert "readonly" in page
    assert 'value="save"' not in page
    rita.post(status=200, text="Changed", version=rita.version(**QUOTE), **QUOTE)
    assert len(texts(house, quote)) == 1


def test_the_preview_has_a_real_record_and_says_what_to_check(reader: Callable[[str], Reader]) -> None:
    mona = reader("mona")
    text = "It’s ready, {{ customer.first_name }}: {{ job.value }} " + "x" * 80
    page = mona.post("preview/", status=200, text=text, **QUOTE)
    assert '<span class="var">Cora</span>' in page
    assert '<span class="var is-missing">job.value</span>' in page
    assert "job.value is empty for Cora Customer" in page
    assert "Replace: ’ → &#x27;" in page
    assert "2 texts" in page
    assert "name your company" in page
    whole = mona.post(status=200, act="plain", text=text, **QUOTE)
    assert "It&#x27;s ready" in whole
    assert "Showing sample data" in mona.post("preview/", status=200, text="x", **{"as": "Nobody Known"}, **QUOTE)
    found = mona.post("preview/", status=200, text="x", **{"as": "cora"}, **QUOTE)
    assert "Cora Customer" in found


def test_a_rep_sees_only_their_own_records_in_it(cast: Cast, quote: Template, reader: Callable[[str], Reader]) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        house.job.assign_to(house.mona, by=house.mona)
    text = "Hi {{ customer.first_name }}"
    asked = {"text": text, "as": str(house.job.number), **QUOTE}
    assert "Cora" not in reader("rita").post("preview/", status=200, **asked)
    assert "Cora" in reader("mona").post("preview/", status=200, **asked)


def test_the_mail_stands_in_a_frame_of_its_own(house: House, reader: Callable[[str], Reader], settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    mona = reader("mona")
    page = mona.get(medium="email", language="en")
    frame = re.search(r'<iframe class="mail-frame" sandbox src="([^"]+)"', page)[1]  # type: ignore[index]
    answer = mona.client.get(frame)
    assert "Your quote is ready" in answer.content.decode()
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert reader("ada").client.get(frame).status_code == 404, "it is shown to whoever had it made"
    sent = {"subject": "S", "body": "B {{ job.number }}", "medium": "email", "language": "en", "dark": "on"}
    dark = re.search(r'src="([^"]+)"', mona.post("preview/", status=200, **sent))[1]  # type: ignore[index]
    assert "background-color: #121316 !important" in mona.client.get(dark).content.decode()


def test_a_template_is_made_renamed_and_archived(house: House, reader: Callable[[str], Reader]) -> None:
    mona, slug = reader("mona"), house.tenant.slug
    new = reverse("comms:new_template", args=[slug])
    facts = {"name": "Storm check", "category": "own", "purpose": "service", "sent_as": ["sms"]}
    assert mona.client.post(new, facts | {"sent_as": []}).status_code == 422
    answer = mona.client.post(new, facts)
    assert answer.status_code == 302
    page = mona.client.get(answer["Location"]).content.decode()
    assert "No text in this language yet" in page
    assert mona.client.post(new, facts).status_code == 422
    settings = answer["Location"] + "settings/"
    version = re.search(r'name="version" value="([^"]+)"', mona.client.get(settings).content.decode())[1]  # type: ignore[index]
    changed = facts | {"name": "Storm", "version": version}
    assert mona.client.post(settings, changed).status_code == 302
    assert mona.client.post(settings, changed).status_code == 409
    assert mona.client.post(answer["Location"] + "archive/").status_code == 302
    assert (
        "Storm"
        not in reader("mona")
        .client.get(reverse("comms:template_settings", args=[slug, catalogue_uid(house)]))
        .content.decode()
    )
    assert mona.client.post(answer["Location"] + "restore/").status_code == 302
    with use_tenant(house.tenant):
        assert catalogue().find("storm_check", None)


def catalogue_uid(house: House) -> str:
    with use_tenant(house.tenant):
        template = catalogue().find("welcome", None)
        assert template
        return str(template.uid)


def test_a_test_goes_to_oneself(house: House, quote: Template, reader: Callable[[str], Reader]) -> None:
    ada, slug = reader("ada"), house.tenant.slug
    with use_tenant(house.tenant):
        version = TemplateVersion.objects.of(quote, "email", "en").first()
        brand = Brand.objects.get()
    url = reverse("comms:test_template", args=[slug, version.uid])
    assert "no email address to send from" in ada.client.post(url, follow=True).content.decode()
    with use_tenant(house.tenant):
        Channel.create(
            by=house.ada, brand=brand, medium="email", role="support", provider="embedded", address="hi@x.example"
        )
    assert "Missing values: brand.phone_link" in ada.client.post(url, follow=True).content.decode()
    with use_tenant(house.tenant):
        brand.edit(by=house.ada, phone="+18135550100")
    assert "On its way" in ada.client.post(url, follow=True).content.decode()
    with use_tenant(house.tenant):
        message = Message.objects.get()
        assert (message.address, message.subject.startswith("Test: ")) == (house.ada.user.email, True)
        assert "Cora" in message.text
        assert message.html


def test_prices_of_texts_are_entered_by_country(house: House, reader: Callable[[str], Reader]) -> None:
    ada, slug = reader("ada"), house.tenant.slug
    with use_tenant(house.tenant):
        brand = Brand.objects.get()
        channel = Channel.create(
            by=house.ada, brand=brand, medium="sms", role="support", provider="embedded", address="+18135550100"
        )
    url = reverse("comms:text_prices", args=[slug])
    change = reverse("comms:change_text_prices", args=[slug, channel.uid])

    def version() -> str:
        return re.search(r'name="version" value="([^"]+)"', ada.client.get(url).content.decode())[1]  # type: ignore[index]

    refused = ada.client.post(change, {"prices": "USA cheap", "version": version()})
    assert refused.status_code == 422
    assert "USA cheap" in refused.content.decode()
    assert ada.client.post(change, {"prices": "US 79.5\nnl 6,9", "version": version()}).status_code == 302
    assert "US 79.5" in ada.client.get(url).content.decode()
    assert "$1.59" in ada.post("preview/", status=200, text="x" * 200, **QUOTE)


def test_enter_in_any_field_of_the_editor_shows_the_preview(reader: Callable[[str], Reader]) -> None:
    form = reader("ada").get(**QUOTE).partition('id="template"')[2]
    first_button = re.search(r"<button[^>]*>", form)
    assert first_button is not None
    assert 'value="preview"' in first_button[0], "a browser presses the first button of a form"
