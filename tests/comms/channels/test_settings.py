"""The pages and the command that set up channels: what is saved, masked, refused and tested."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from PIL import Image

from comms.channels import channel_check
from comms.channels.capability import capabilities, registration_lack
from comms.channels.interface import Capability, Permanent
from comms.channels.providers.smtp import Smtp
from comms.models import Channel, SenderProfile
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Brand, Event, StoredFile
from crm.platform.tenancy.context import current_tenant_id, use_tenant
from tests.cast import HOUSE, Cast
from tests.web.test_people_pages import version, words

CHANNELS = f"/{HOUSE}/messages/channels/"
NEW_MAIL, NEW_TEXT = f"{CHANNELS}new/?carrier=email:smtp", f"{CHANNELS}new/?carrier=sms:twilio"


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.house.ada.user)
    return client


@pytest.fixture
def brand(cast: Cast) -> Iterator[Brand]:
    with use_tenant(cast.house.tenant):
        yield Brand.objects.get()


def mail(brand: Brand, **changed: str) -> dict[str, str]:
    sent = {"brand": str(brand.uid), "role": "sales", "sharing": "private", "address": "Sales@Suncoast.example"}
    server = {"provider_host": "127.0.0.1", "provider_port": "9", "provider_security": "none"}
    return sent | server | {"provider_password": "hunter2hunter2"} | changed


def test_its_last_test_is_told_in_the_zone_and_words_of_the_house(ada: Client, cast: Cast, brand: Brand) -> None:
    ada.post(NEW_MAIL, mail(brand))
    with clock.at(datetime(2026, 5, 12, 1, 30, tzinfo=UTC)):
        ada.force_login(cast.house.ada.user)
        Channel.objects.update(fine_at=clock.now())
        assert "worked today, 9:30 PM" in words(ada.get(CHANNELS))


def test_a_channel_is_set_up_and_its_secret_is_never_shown(ada: Client, brand: Brand) -> None:
    assert "SMTP" in words(ada.get(f"{CHANNELS}new/"))
    assert ada.post(NEW_MAIL, mail(brand)).status_code == 302
    channel = Channel.objects.get()
    assert (channel.address, channel.secrets) == ("sales@suncoast.example", {"password": "hunter2hunter2"})
    assert "hunter2" not in channel.sealed_secrets
    for page in (ada.get(CHANNELS), ada.get(f"{CHANNELS}{channel.uid}/")):
        assert "sales@suncoast.example" in words(page)
        assert "hunter2hunter2" not in words(page)
    assert "••••ter2" in words(ada.get(f"{CHANNELS}{channel.uid}/"))
    assert "hunter2" not in json.dumps([event.data for event in Event.objects.all()])


def test_an_edit_keeps_the_secrets_that_were_left_blank(ada: Client, brand: Brand) -> None:
    ada.post(NEW_MAIL, mail(brand))
    url = f"{CHANNELS}{Channel.objects.get().uid}/"
    sent = mail(brand, provider_password="", provider_username="sales", version=version(ada.get(url)))
    assert ada.post(url, sent).status_code == 302
    channel = Channel.objects.get()
    assert (channel.settings["username"], channel.secrets["password"]) == ("sales", "hunter2hunter2")
    assert ada.post(url, sent).status_code == 409, "the second of two editors"


@pytest.mark.parametrize(
    ("url", "changed", "said"),
    [
        (NEW_MAIL, {"address": "nowhere"}, "That is not a valid email address."),
        (NEW_MAIL, {"provider_host": ""}, "required"),
        (NEW_MAIL, {"role": "personal"}, "Choose whose mailbox it is."),
        (NEW_TEXT, {"address": "12"}, "That is not a valid phone number."),
    ],
)
def test_nonsense_is_refused_in_words(ada: Client, brand: Brand, url: str, changed: dict[str, str], said: str) -> None:
    page = ada.post(url, mail(brand, **changed))
    assert page.status_code == 422
    assert said in words(page)
    assert "hunter2" not in words(page)
    assert not Channel.objects.exists()


def test_an_address_is_of_one_channel(ada: Client, brand: Brand) -> None:
    ada.post(NEW_MAIL, mail(brand))
    assert "Another channel has this address." in words(ada.post(NEW_MAIL, mail(brand)))
    ada.post(f"{CHANNELS}{Channel.objects.get().uid}/archive/")
    assert ada.post(NEW_MAIL, mail(brand)).status_code == 302


def test_a_test_says_what_is_wrong_and_the_card_keeps_it(ada: Client, brand: Brand) -> None:
    ada.post(NEW_MAIL, mail(brand))
    page = ada.post(f"{CHANNELS}{Channel.objects.get().uid}/test/", follow=True)
    assert "Being tested…" in words(page), "the request itself calls nobody"
    channel_check.test_later(brand.tenant_id, Channel.objects.get().pk)
    page = words(ada.get(CHANNELS))
    assert "The last test failed: No connection" in page
    assert "Being tested…" not in page


def test_an_outage_of_a_mailbox_is_none_of_its_mail_server(ada: Client, brand: Brand) -> None:
    place = {"host": "imap.x.example", "port": "993", "security": "tls", "username": "u"}
    chosen = place | {"smtp_host": "smtp.x.example"}
    mailbox = Channel(brand=brand, medium="email", provider="imap", address="a@x.example", settings=chosen)
    mailbox.seal({"password": "x"})
    mailbox.problem = "The server is too slow."
    lines = {line.words: (line.can, line.missing) for line in capabilities(mailbox)}
    assert lines == {
        "Sends email": (True, ""),
        "Receives: the mailbox is checked every minute": (False, "The server is too slow."),
    }
    mailbox.settings = chosen | {"smtp_host": ""}
    assert capabilities(mailbox)[0] == Capability("Sends email", False, "Missing: SMTP server")


def test_an_american_number_texts_once_it_is_registered(brand: Brand) -> None:
    channel = Channel(provider="twilio", medium="sms", address="+18135550100", brand=brand)
    assert "A2P" in registration_lack(channel)
    channel.registration = Channel.Registration.APPROVED
    assert registration_lack(channel) == ""
    assert registration_lack(Channel(provider="twilio", medium="sms", address="+31612345678", brand=brand)) == ""


def test_a_provider_of_the_demo_is_not_offered_elsewhere(ada: Client, brand: Brand, settings: Any) -> None:
    assert ada.get(f"{CHANNELS}new/?carrier=email:embedded").status_code == 422
    channel = Channel.create(
        by=None, brand=brand, medium="email", role="sales", provider="embedded", address="a@b.example"
    )
    assert "carries no real messages" in words(ada.get(CHANNELS))
    assert "carries no real messages" in words(ada.get(f"{CHANNELS}{channel.uid}/", follow=True))
    settings.DEMO = True
    assert "carries no real messages" not in words(ada.get(CHANNELS))


def test_a_new_webhook_address_ends_the_old_one(ada: Client, brand: Brand) -> None:
    fields = {"provider_account_sid": "AC1", "provider_auth_token": "t" * 32, "registration": "approved"}
    ada.post(NEW_TEXT, mail(brand, address="(813) 555-0100", **fields))
    channel = Channel.objects.get()
    before = words(ada.get(f"{CHANNELS}{channel.uid}/"))
    assert "/hooks/twilio/" in before
    ada.post(f"{CHANNELS}{channel.uid}/renew/")
    key = channel.webhook_key
    channel.refresh_from_db()
    assert channel.webhook_key != key


# How a brand writes


def picture(kind: str = "PNG", size: tuple[int, int] = (1200, 900)) -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", size, "navy").save(made, kind)
    return SimpleUploadedFile("logo.png", made.getvalue(), "image/png")


def test_signature_logo_hours_and_order_are_kept(ada: Client, brand: Brand) -> None:
    url = f"{CHANNELS}brand/{brand.uid}/"
    hours = {"sms_from": "09:00", "sms_until": "19:00", "whatsapp_from": "08:00", "whatsapp_until": "22:00"}
    hours |= {"call_from": "09:00", "call_until": "17:00"}
    sent = {**hours, "signature": "Dana\nSuncoast", "order_service": "sms,email", "version": version(ada.get(url))}
    assert ada.post(url, {**sent, "logo": picture()}).status_code == 302
    profile = SenderProfile.of(brand)
    assert (profile.sms_from.hour, profile.signature, profile.fallback) == (
        9,
        "Dana\nSuncoast",
        {"service": ["sms", "email"]},
    )
    assert profile.logo is not None
    first = profile.logo.pk
    assert ada.post(url, {**sent, "version": version(ada.get(url)), "logo": picture("JPEG")}).status_code == 302
    assert StoredFile.objects.get(pk=first).path == "", "the logo before is deleted"
    late = ada.post(url, {**sent, "version": version(ada.get(url)), "sms_until": "08:00"})
    assert "The end must be after the start." in words(late)


@pytest.mark.parametrize(
    "made",
    [
        lambda: SimpleUploadedFile("a.png", b"<svg onload=alert(1)>"),
        lambda: SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64),
        lambda: SimpleUploadedFile("a.png", b"\x89PNG" + b"x" * (5 << 20)),
    ],
)
def test_what_is_no_picture_is_no_logo(ada: Client, brand: Brand, made: Callable[[], SimpleUploadedFile]) -> None:
    url = f"{CHANNELS}brand/{brand.uid}/"
    page = ada.post(url, {"logo": made(), "version": version(ada.get(url))})
    assert page.status_code == 422
    assert "That picture can’t be used" in words(page)


# The command


def run(*arguments: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("channels", "--tenant", HOUSE, *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_command_adds_lists_changes_and_tests(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNEL_AUTH_TOKEN", "t0ken-t0ken-t0ken")
    add = "add --medium sms --provider twilio --address 813-555-0100 --set account_sid=AC1 --secret auth_token"
    [added] = run(*add.split())
    assert added["address"] == "+18135550100"
    assert "/hooks/twilio/" in added["webhook"]
    assert added["secrets"] == ["auth_token"]
    assert any("A2P" in each for each in added["cannot"])
    [changed] = run(*"change +18135550100 --registration approved".split())
    assert not any("A2P" in each for each in changed["cannot"])
    assert run() == [changed]
    assert "t0ken" not in json.dumps(changed)
    [archived] = run("archive", "+18135550100")
    assert archived["archived"]


def test_the_command_tests_a_channel_with_its_exit_code(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the call stands in no transaction of a tenant's: a silent server would keep it open."""
    asked: list[int | None] = []

    def refuses(self: Smtp, channel: Channel) -> str:
        asked.append(current_tenant_id())
        raise Permanent("No such server")

    monkeypatch.setattr(Smtp, "test", refuses)
    run(*"add --medium email --provider smtp --address a@b.example --set host=127.0.0.1".split())
    with pytest.raises(SystemExit) as ended:
        run("test", "a@b.example")
    assert (ended.value.code, asked) == (1, [None])
    with use_tenant(cast.house.tenant):
        assert Channel.objects.get().problem == "No such server"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("add --medium sms --provider smtp --address +18135550100", "does not carry"),
        ("add --medium email --provider nope --address a@b.example", "There are:"),
        ("add --medium email --provider smtp --address nowhere", "no email address"),
        ("add --medium email --provider smtp --address a@b.example", "It needs more: Server"),
        ("add --medium email --provider smtp --address a@b.example --set hots=x", "no setting 'hots'"),
        ("add --medium email --provider smtp --address a@b.example --secret key", "no secret 'key'"),
        ("add --medium email --provider smtp --address a@b.example --brand Moon", "no brand"),
        ("test a@b.example", "no channel"),
    ],
)
def test_the_command_says_what_it_lacks(brand: Brand, arguments: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(*arguments.split())
    assert not Channel.objects.exists()


def test_the_command_knows_its_organizations(db: None) -> None:
    with pytest.raises(CommandError, match="no organization"):
        call_command("channels", "--tenant", "nobody")


def test_what_others_see_of_a_mailbox_its_owner_alone_sets(ada: Client, brand: Brand, cast: Cast) -> None:
    house, own = cast.house, f"/{HOUSE}/messages/mailboxes/"
    ada.post(NEW_MAIL, mail(brand, role="personal", owner=str(house.rita.pk), sharing="full"))
    channel = Channel.objects.get()
    assert (channel.owner, channel.sharing) == (house.rita, "private")
    url = f"{CHANNELS}{channel.uid}/"
    for changed in ({"role": "personal", "owner": str(house.ada.pk)}, {"role": "sales"}):
        refused = ada.post(url, mail(brand, version=version(ada.get(url)), **changed))
        assert "can’t be given to somebody else" in words(refused)
    with pytest.raises(Refused):
        channel.edit(by=house.ada, owner=house.ada)
    shared = {"mailbox": str(channel.uid), "sharing": "subject"}
    assert ada.post(own, shared).status_code == 404
    rita = Client()
    rita.force_login(house.rita.user)
    assert channel.address in words(rita.get(own))
    assert own in rita.get(f"/{HOUSE}/preferences/").content.decode()
    assert channel.address not in words(ada.get(own))
    for sharing, kept in (("subject", "subject"), ("nonsense", "subject")):
        rita.post(own, shared | {"sharing": sharing})
        channel.refresh_from_db()
        assert channel.sharing == kept
