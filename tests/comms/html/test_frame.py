"""The document of a mail's frame, and the frame on a page."""

import re

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from comms.mail.frame_estimate import estimate_frame
from comms.models import Message
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.comms.media.conftest import Given, attached, mail, photo

__all__ = ["attached", "mail"]


def url(cast: Cast, message: Message) -> str:
    return reverse("comms:mail_frame", args=[cast.house.tenant.slug, message.uid])


def test_it_has_its_own_policy_and_shows_only_what_is_safe(client: Client, cast: Cast, mail: Message) -> None:
    client.force_login(cast.house.rita.user)
    response = client.get(url(cast, mail))
    written = response.content.decode()
    assert "The roof <b>leaks</b>" in written
    assert "<script" not in written
    assert "x.example" not in written
    policy = response["Content-Security-Policy"]
    assert policy.startswith(
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    )
    assert {"script-src 'none'", "form-action 'none'", "base-uri 'none'"} <= set(policy.split("; "))
    assert not {"allow-scripts", "allow-forms", "allow-top-navigation"} & set(policy.replace(";", "").split())
    assert "img-src http://testserver/public/attachments/ data:;" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Referrer-Policy"] == "no-referrer"


def test_images_of_others_come_when_asked_for(client: Client, cast: Cast, mail: Message) -> None:
    client.force_login(cast.house.rita.user)
    response = client.get(url(cast, mail), {"images": "1"})
    assert 'src="https://x.example/a.png" referrerpolicy="no-referrer"' in response.content.decode()
    assert "img-src http://testserver/public/attachments/ data: https: http:;" in response["Content-Security-Policy"]


def test_the_pictures_of_a_chosen_sender_come_for_who_chose_them(client: Client, cast: Cast, mail: Message) -> None:
    choose = reverse("comms:choose_pictures", args=[cast.house.tenant.slug, mail.uid])
    client.force_login(cast.house.rita.user)
    for show, is_shown in (("1", True), ("1", True), ("", False)):
        assert client.post(choose, {"show": show}).status_code == 204
        assert ("x.example" in client.get(url(cast, mail)).content.decode()) is is_shown
    client.post(choose, {"show": "1"})
    client.force_login(cast.house.mona.user)
    assert "x.example" not in client.get(url(cast, mail)).content.decode()
    client.force_login(cast.otto.user)
    assert client.post(choose, {"show": "1"}).status_code == 404


def test_an_image_in_the_mail_is_asked_for_without_a_cookie(
    client: Client, cast: Cast, mail: Message, attached: Given
) -> None:
    attached(photo(), "roof.jpg", content_id="roof@mail", is_inline=True)
    client.force_login(cast.house.rita.user)
    written = client.get(url(cast, mail)).content.decode()
    found = re.search(r'src="http://testserver(/public/attachments/[^"]+)"', written)
    assert found
    assert Client().get(found[1])["Content-Type"] == "image/jpeg"


def test_it_is_not_there_for_others(client: Client, cast: Cast, mail: Message) -> None:
    client.force_login(cast.otto.user)
    assert client.get(url(cast, mail)).status_code == 404
    client.force_login(cast.house.rita.user)
    with use_tenant(cast.house.tenant):
        Message.objects.filter(pk=mail.pk).update(html="")
    assert client.get(url(cast, mail)).status_code == 404


def test_the_frame_on_a_page_runs_nothing(cast: Cast, mail: Message, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.tenant = cast.house.tenant  # type: ignore[attr-defined]
    page = Template("{% load mail %}{% mail_frame message %}")
    with use_tenant(cast.house.tenant):
        written = page.render(Context({"request": request, "message": mail}))
    assert 'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"' in written
    assert f'src="{url(cast, mail)}"' in written
    assert f'href="{url(cast, mail)}?images=1" target="mail-{mail.uid}"' in written
    assert "Show 1 image from another server" in written


@pytest.mark.parametrize(
    ("html", "text", "height", "remote"),
    [
        ("", "", 120, 0),
        ("<p>x</p>", "x\n" * 10, 290, 0),
        ("x", "line\n" * 10_000, 900, 0),
        ('<img src="https://x.example/a" height="200"><img src=//y.example/b>', "x", 270, 2),
        # A phone's photo names no height: it is as high as it is wide, and turned, in the frame.
        ('<img src="cid:Tall@phone" alt="x">', "x", 48 + 22 + 960, 0),
        ('<img width="300" src="cid:tall@phone">', "x", 48 + 22 + 400, 0),
        ('<img src="cid:unknown">', "x", 48 + 22 + 480, 0),
        ('<img src="cid:tall@phone">' * 9, "x", 2400, 0),
        ('<img src="https://x.example/a" width="1" height="1">', "x", 120, 0),
    ],
)
def test_it_is_foreseen_how_high_it_will_be(html: str, text: str, height: int, remote: int) -> None:
    seen = estimate_frame(html, text, {"tall@phone": (3000, 4000)})
    assert (seen.height, seen.remote_images) == (height, remote)


def test_the_frame_is_as_high_as_the_photo_within_it(
    cast: Cast, mail: Message, attached: Given, rf: RequestFactory
) -> None:
    attached(photo(), "roof.jpg", content_id="roof@mail", is_inline=True)
    request = rf.get("/")
    request.tenant = cast.house.tenant  # type: ignore[attr-defined]
    page = Template("{% load mail %}{% mail_frame message %}")
    with use_tenant(cast.house.tenant):
        written = page.render(Context({"request": request, "message": mail}))
    assert f'height="{48 + 22 + 200}"' in written


def test_the_page_of_a_message_has_its_frame_its_files_and_links(
    client: Client, cast: Cast, mail: Message, attached: Given
) -> None:
    picture, sheet = attached(photo(), "roof.jpg"), attached(b"%PDF-1.7", "quote.pdf")
    with use_tenant(cast.house.tenant):
        Message.objects.filter(pk=mail.pk).update(text='See https://dak.example/"onload="x <b>')
    client.force_login(cast.house.rita.user)
    written = client.get(reverse("comms:message", args=[cast.house.tenant.slug, mail.uid])).content.decode()
    assert f'src="{url(cast, mail)}"' in written
    assert f"/attachments/{picture.uid}/preview/" in written
    assert f"/attachments/{sheet.uid}/preview/" not in written
    assert f'/attachments/{sheet.uid}/"' in written
    assert '<a href="https://dak.example/" rel' in written
    assert "&quot;onload=&quot;x &lt;b&gt;" in written
