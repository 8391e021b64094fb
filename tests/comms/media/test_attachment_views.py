"""An attachment is handed out to who may read its message, as a download, whatever it claims to be."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import signing
from django.test import Client
from django.urls import reverse

from comms.models import Channel, Message
from comms.views.file_addresses import preview_path
from crm.documents.kinds import begin
from crm.documents.models import Document
from crm.kernel import clock
from crm.platform.files.responses import safe_filename
from crm.platform.models import AccessLog, Member, Role
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, member
from tests.comms.media.conftest import Given, photo

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
HTML = b"<html><script>alert(1)</script>"


def address(cast: Cast, attachment: object, name: str = "attachment") -> str:
    return reverse(f"comms:{name}", args=[cast.house.tenant.slug, attachment.uid])  # type: ignore[attr-defined]


def as_rita(client: Client, cast: Cast) -> Client:
    client.force_login(cast.house.rita.user)
    return client


@pytest.mark.parametrize(
    ("content", "name", "declared", "served"),
    [
        (photo(), "roof.jpg", "image/jpeg", "image/jpeg"),
        (SVG, "logo.svg", "image/svg+xml", "application/octet-stream"),
        (SVG, "logo.png", "image/png", "application/octet-stream"),
        (HTML, "photo.jpg", "image/jpeg", "application/octet-stream"),
        (b"%PDF-1.7", "quote.pdf", "text/html", "application/pdf"),
        (b"<?xml version='1.0'?><a/>", "a.xml", "application/xml", "application/octet-stream"),
        (b"name,phone", "a.csv", "text/html", "application/octet-stream"),
    ],
)
def test_a_file_is_downloaded_and_never_shown(
    client: Client, cast: Cast, attached: Given, content: bytes, name: str, declared: str, served: str
) -> None:
    response = as_rita(client, cast).get(address(cast, attached(content, name, declared_type=declared)))
    assert response.status_code == 200
    assert b"".join(response) == content
    assert response["Content-Type"].split(";")[0] == served
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_pdf_is_shown_by_the_browser_itself_and_nothing_else_is(client: Client, cast: Cast, attached: Given) -> None:
    rita = as_rita(client, cast)
    shown = rita.get(address(cast, attached(b"%PDF-1.7", "quote.pdf")), {"open": ""})
    assert (shown["Content-Type"], shown["Content-Disposition"]) == ("application/pdf", 'inline; filename="quote.pdf"')
    assert shown["Content-Security-Policy"].startswith("default-src 'none'")
    for content, name in ((HTML, "a.pdf"), (SVG, "logo.svg"), (b"name", "a.csv")):
        assert rita.get(address(cast, attached(content, name)), {"open": ""}).status_code == 404


def test_who_may_not_download_may_not_look_either(client: Client, cast: Cast, attached: Given) -> None:
    paper, picture = attached(b"%PDF-1.7", "quote.pdf"), attached(photo(), "roof.jpg")
    client.force_login(cast.otto.user)
    assert client.get(address(cast, paper), {"open": ""}).status_code == 404
    assert client.get(address(cast, picture, "attachment_preview"), {"large": ""}).status_code == 404


def test_a_photo_is_looked_at_large_and_the_read_is_noted(
    client: Client, cast: Cast, attached: Given, mail: Message
) -> None:
    url = address(cast, attached(photo(), "roof.jpg"), "attachment_preview")
    assert as_rita(client, cast).get(url, {"large": ""})["Content-Type"] == "image/jpeg"
    with use_tenant(cast.house.tenant):
        assert AccessLog.objects.of(mail).count() == 1


def test_a_read_is_noted(client: Client, cast: Cast, attached: Given, mail: Message) -> None:
    as_rita(client, cast).get(address(cast, attached(photo(), "roof.jpg")))
    with use_tenant(cast.house.tenant):
        assert AccessLog.objects.of(mail).get().member_id == cast.house.rita.pk


def test_it_is_not_there_for_others(client: Client, cast: Cast, attached: Given) -> None:
    """Another tenant's, another rep's, and nobody's."""
    file = attached(photo(), "roof.jpg")
    assert client.get(address(cast, file)).status_code == 302
    client.force_login(cast.otto.user)
    assert client.get(address(cast, file)).status_code == 404
    assert client.get(reverse("comms:attachment", args=[cast.other.tenant.slug, file.uid])).status_code == 404
    with use_tenant(cast.house.tenant):
        rob = member("Rob Rep", Role.REP, cast.house.tenant.slug)
    client.force_login(rob.user)
    assert client.get(address(cast, file)).status_code == 404
    client.force_login(cast.house.mona.user)
    assert client.get(address(cast, file)).status_code == 200


@pytest.mark.parametrize(("sharing", "status"), [("private", 404), ("metadata", 404), ("subject", 404), ("full", 200)])
def test_of_a_colleagues_mailbox_only_what_they_share(
    client: Client, cast: Cast, attached: Given, mail: Message, sharing: str, status: int
) -> None:
    file = attached(photo(), "roof.jpg")
    with use_tenant(cast.house.tenant):
        mail.channel = Channel.objects.create(
            brand=mail.brand, medium="email", provider="imap", address="rita@x.example", owner=cast.house.rita,
            sharing=sharing, role="support",
        )  # fmt: skip
        mail.sole_reader_id = mail.channel.sole_reader_id
        mail.save(update_fields=["channel", "sole_reader"])
    assert as_rita(client, cast).get(address(cast, file)).status_code == 200
    client.force_login(cast.house.mona.user)
    assert client.get(address(cast, file)).status_code == status


def test_a_preview_is_an_image_made_anew(client: Client, cast: Cast, attached: Given) -> None:
    content = photo() + HTML
    response = as_rita(client, cast).get(address(cast, attached(content, "roof.html"), "attachment_preview"))
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert b"script" not in response.content
    assert response["Content-Disposition"] == "inline"


@pytest.mark.parametrize("content", [SVG, HTML, b"%PDF-1.7", b"\xff\xd8\xff damaged"])
def test_what_is_no_image_has_no_preview(client: Client, cast: Cast, attached: Given, content: bytes) -> None:
    url = address(cast, attached(content, "roof.jpg"), "attachment_preview")
    assert as_rita(client, cast).get(url).status_code == 404


def test_a_signed_address_needs_no_cookie_and_ends(client: Client, cast: Cast, attached: Given) -> None:
    url = preview_path(attached(photo(), "roof.jpg"), cast.house.rita)
    assert client.get(url)["Content-Type"] == "image/jpeg"
    assert client.get(f"{url[:-3]}x/").status_code == 404
    assert client.get("/public/attachments/x/").status_code == 404
    forged = signing.dumps([1, 1, 1, 1], salt="another")
    assert client.get(f"/public/attachments/{forged}/").status_code == 404


def test_a_signed_address_is_good_for_who_may_still_read_it(client: Client, cast: Cast, attached: Given) -> None:
    url = preview_path(attached(photo(), "roof.jpg"), cast.house.rita)
    with use_tenant(cast.house.tenant):
        Member.objects.get(pk=cast.house.rita.pk).deactivate(by=cast.house.ada)
    assert client.get(url).status_code == 404


def test_on_a_host_of_its_own(client: Client, cast: Cast, attached: Given, settings: LazySettings) -> None:
    settings.ATTACHMENT_HOST = "files.example"
    settings.ALLOWED_HOSTS = ["testserver", "files.example"]
    file = attached(photo(), "roof.jpg")
    there = as_rita(client, cast).get(address(cast, file))["Location"]
    assert there.startswith("http://files.example/public/attachments/")
    path = there.removeprefix("http://files.example")
    response = Client().get(path, headers={"host": "files.example"})
    assert response["Content-Disposition"] == 'attachment; filename="roof.jpg"'
    assert b"".join(response) == photo()
    assert Client().get("/account/login/", headers={"host": "files.example"}).status_code == 404


def test_a_file_past_its_retention_is_not_there(client: Client, cast: Cast, attached: Given) -> None:
    file = attached(photo(), "roof.jpg")
    as_rita(client, cast)
    with use_tenant(cast.house.tenant):
        file.file.expires_at = clock.now() - timedelta(days=1)
        file.file.save(update_fields=["expires_at"])
    assert client.get(address(cast, file)).status_code == 404
    assert client.get(address(cast, file, "attachment_preview")).status_code == 404


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("roof.jpg", "roof.jpg"),
        ("a\r\nSet-Cookie: x=y.jpg", "aSet-Cookie: x=y.jpg"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\x.pdf", "x.pdf"),
        ("één dak.pdf", "één dak.pdf"),
        ("\u200f\x00", "attachment"),
        ("", "attachment"),
        ("x" * 300 + ".jpg", "x" * 146 + ".jpg"),
    ],
)
def test_a_name_is_a_name(name: str, safe: str) -> None:
    assert safe_filename(name) == safe


def test_a_name_with_a_line_end_is_no_header(client: Client, cast: Cast, attached: Given) -> None:
    response = as_rita(client, cast).get(address(cast, attached(photo(), "a\r\nX-Y: z\u202egpj.jpg")))
    assert response["Content-Disposition"] == 'attachment; filename="aX-Y: zgpj.jpg"'
    assert "X-Y" not in response


def test_it_is_kept_as_a_document_once(
    client: Client, cast: Cast, attached: Given, settings: LazySettings, tmp_path: Path
) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    with use_tenant(cast.house.tenant):
        begin()
    as_rita(client, cast)
    keep = address(cast, attached(photo(), "roof.jpg"), "keep_as_document")
    assert [client.post(keep).status_code for _twice in range(2)] == [302, 302]
    client.post(address(cast, attached(SVG, "logo.svg"), "keep_as_document"))
    with use_tenant(cast.house.tenant):
        row = Document.objects.get()
        assert (row.title, row.job, row.sent_by) == ("roof.jpg", cast.house.job, cast.house.cora)
        assert row.visibility == "internal"
    client.force_login(cast.otto.user)
    assert client.post(keep).status_code == 404
