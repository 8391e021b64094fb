"""What customers do themselves, without an account: one click, the preferences page, links that are over."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from comms.gate import decide
from comms.gate.consent.suppressions import suppress
from comms.gate.preferences import links, preferences
from comms.gate.preferences.links import PreferenceLink
from comms.gate.preferences.preferences import ConsentEvidence
from comms.models import Channel, Consent, ContactPreference, Message, Suppression
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House
from tests.comms.gate.conftest import channel, message


@pytest.fixture
def house(cast: Cast) -> House:
    """The house; its tenant is not in use, as pages open it themselves."""
    return cast.house


def mail(house: House, **fields: object) -> Message:
    with use_tenant(house.tenant):
        by = Channel.objects.filter(medium="email").first() or channel("email", provider="smtp")
        return message(house, by, **fields)


def decided(house: House, sent: Message) -> str:
    with use_tenant(house.tenant):
        return decide(sent).reason


def token_of(sent: Message) -> str:
    return PreferenceLink.of(sent).token()


def test_offers_and_notices_can_be_unsubscribed_from_with_one_click(house: House) -> None:
    for fields in ({"purpose": "service", "author": None}, {"purpose": "marketing"}):
        headers = links.headers(mail(house, **fields))
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert re.fullmatch(r"<https?://[^/]+/mail/unsubscribe/[\w=-]+/>", headers["List-Unsubscribe"])


def test_a_persons_answer_and_what_is_about_work_in_hand_cannot_be_unsubscribed_from(house: House) -> None:
    own_words = {"purpose": "service", "in_reply_to": "<1@home.example>"}
    for fields in (own_words, {"purpose": "transactional"}, {"purpose": "transactional", "author": None}):
        assert links.headers(mail(house, **fields)) == {}
    assert links.headers(mail(house, purpose="security")) == {}
    with use_tenant(house.tenant):
        assert links.headers(message(house, channel("sms"))) == {}


@pytest.mark.parametrize("act", ["one_click", "everything"])
def test_who_unsubscribes_and_writes_is_answered_and_gets_no_notices(house: House, act: str) -> None:
    link = PreferenceLink.of(mail(house, purpose="service", author=None))
    with use_tenant(house.tenant):
        if act == "one_click":
            preferences.unsubscribe(link, ConsentEvidence("one_click"))
        else:
            preferences.stop_everything(link)
    assert decided(house, mail(house)) == "unsubscribed"
    with use_tenant(house.tenant):
        theirs = {"direction": "in", "author": None, "state": "received", "text": "Please answer me"}
        message(house, Channel.objects.get(medium="email"), **theirs)
    assert decided(house, mail(house)) == ""
    assert decided(house, mail(house, purpose="marketing")) != ""
    assert decided(house, mail(house, author=None)) != ""


@pytest.mark.parametrize(
    ("purpose", "stopped"),
    [("marketing", {"marketing"}), ("service", {"marketing", "service"}), ("transactional", {"marketing", "service"})],
)
def test_one_click_needs_no_login_and_no_cookie(house: House, client: Client, purpose: str, stopped: set[str]) -> None:
    sent = mail(house, purpose=purpose)
    url = reverse("unsubscribe", args=[token_of(sent)])
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert strict.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    with use_tenant(house.tenant):
        [one] = Suppression.objects.in_force()
        assert {
            what for what in ("transactional", "service", "marketing") if one.stops("email", sent.brand_id, what)
        } == stopped
        entry = Consent.objects.first()
        assert (entry.given, entry.source, entry.ip, entry.wording_version) == (
            False,
            "one_click",
            "127.0.0.1",
            "PREFERENCES-1",
        )
    assert decided(house, mail(house)) == ("unsubscribed" if "service" in stopped else "")


def test_looking_never_unsubscribes(house: House, client: Client) -> None:
    """Scanners open every link."""
    token = token_of(mail(house))
    for name in ("unsubscribe", "message_preferences"):
        for ask in (client.get, client.head):
            assert ask(reverse(name, args=[token])).status_code == 200
    with use_tenant(house.tenant):
        assert not Suppression.objects.exists()
        assert not Consent.objects.exists()


def test_pages_show_no_more_than_a_masked_address_and_are_not_kept(house: House, client: Client) -> None:
    sent = mail(house)
    for name in ("unsubscribe", "message_preferences"):
        page = client.get(reverse(name, args=[token_of(sent)]))
        assert "c…@suncoast-test-mail.example" in page.text
        assert sent.address not in page.text
        assert "Cora" not in page.text
        assert "no-store" in page["Cache-Control"]
        assert page["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("cut", ["", "x", "gAAAAABnot-one-of-ours", "a" * 3000])
def test_broken_link_says_so(client: Client, cast: Cast, cut: str) -> None:
    page = client.get(reverse("message_preferences", args=[cut or "-"]))
    assert page.status_code == 410
    assert "not complete" in page.text


def test_old_link_says_so(house: House, client: Client) -> None:
    sent = mail(house)
    with clock.at(clock.now() - links.KEPT - timedelta(days=1)):
        token = token_of(sent)
    page = client.post(reverse("unsubscribe", args=[token]))
    assert (page.status_code, "too old" in page.text) == (410, True)


def boxes(page_text: str) -> set[str]:
    return set(re.findall(r'value="([a-z]+-[a-z]+)" checked', page_text))


def test_choices_are_kept_as_consent_in_the_words_of_the_page(house: House, client: Client) -> None:
    sent = mail(house)
    url = reverse("message_preferences", args=[token_of(sent)])
    assert boxes(client.get(url).text) == {"email-transactional", "email-service"}
    client.post(url, {"get": ["email-transactional", "email-marketing"], "limit": "1", "language": "nl"})
    assert boxes(client.get(url).text) == {"email-transactional", "email-marketing"}
    with use_tenant(house.tenant):
        said = {entry.purpose: entry for entry in Consent.objects.all()}
        assert {purpose: entry.given for purpose, entry in said.items()} == {"service": False, "marketing": True}
        assert said["marketing"].wording == "Email: Offers and news"
        assert ContactPreference.objects.get().weekly_limit == 1
        assert Person.objects.get(pk=house.cora.pk).language == "nl"
    assert decided(house, sent) == "consent_withdrawn"
    assert 'lang="nl"' in client.get(url).text[:200]


def test_nothing_at_all_and_back_again(house: House, client: Client) -> None:
    sent = mail(house, purpose="transactional")
    url = reverse("message_preferences", args=[token_of(sent)])
    client.post(url, {"nothing": "1"})
    assert decided(house, sent) == "unsubscribed"
    assert boxes(client.get(url).text) == set()
    client.post(url, {"get": ["email-transactional"]})
    assert decided(house, sent) == ""
    assert boxes(client.get(url).text) == {"email-transactional"}


def test_page_does_not_open_what_stop_closed(house: House, client: Client) -> None:
    with use_tenant(house.tenant):
        sent = message(house, channel())
        suppress(sent.address, "stop", source="message", medium="sms", brand=sent.brand)
    url = reverse("message_preferences", args=[token_of(sent)])
    page = client.get(url).text
    assert "START" in page
    assert boxes(page) == {
        f"{medium}-{kind}" for medium in ("whatsapp", "call") for kind in ("transactional", "service")
    }
    client.post(url, {"get": ["sms-service"]})
    assert decided(house, sent) == "stop"


def test_link_is_of_its_own_tenant(cast: Cast, client: Client) -> None:
    sent = mail(cast.house)
    client.post(reverse("unsubscribe", args=[token_of(sent)]))
    with use_tenant(cast.other.tenant):
        assert not Suppression.objects.exists()


def test_one_click_that_was_not_meant_is_taken_back(house: House, client: Client) -> None:
    sent = mail(house, purpose="service")
    url = reverse("unsubscribe", args=[token_of(sent)])
    assert client.post(url, {"undo": "1"}).status_code == 200
    with use_tenant(house.tenant):
        assert not Consent.objects.exists(), "there was nothing to take back"
    assert "undo" in client.post(url, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert 'name="undo"' in client.get(reverse("message_preferences", args=[token_of(sent)])).content.decode()
    assert client.get(f"{url}?undo=1").status_code == 200
    with use_tenant(house.tenant):
        assert Suppression.objects.in_force().exists(), "looking changes nothing"
    client.post(url, {"undo": "1"})
    client.post(url, {"undo": "1"})
    with use_tenant(house.tenant):
        assert not Suppression.objects.in_force().exists()
        said = [(entry.purpose, entry.given, entry.source) for entry in Consent.objects.order_by("pk")]
        # Offers they had never agreed to: these stay unsaid.
        assert said[-1] == ("service", True, "preferences")
        assert [given for purpose, given, _source in said if purpose == "marketing"] == [False]
    assert decided(house, mail(house)) == ""
