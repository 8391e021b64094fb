"""What no browser of ours sends is answered, and never by an error of the server."""

import encodings
import pkgutil
import subprocess
import sys
from encodings.aliases import aliases
from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory

from crm.config.request import CharsetSafeRequest
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast
from tests.production import ROOT

NONSENSE = "http://[::1"


@pytest.mark.parametrize("headers", [{"Referer": NONSENSE}, {"HX-Request": "true", "HX-Current-URL": NONSENSE}])
def test_an_address_that_is_none_leads_to_signing_in(client: Client, cast: Cast, headers: dict[str, str]) -> None:
    answer = client.post(f"/{cast.house.tenant.slug}/leads/bulk/", headers=headers)
    assert "/account/login/" in answer.headers.get("HX-Redirect", answer.headers.get("Location", ""))


def test_who_is_to_confirm_comes_back_to_the_form_itself(client: Client, cast: Cast) -> None:
    client.force_login(cast.house.ada.user)
    path = f"/{cast.house.tenant.slug}/settings/members/invite/"
    answer = client.get(path, headers={"HX-Request": "true", "HX-Current-URL": NONSENSE})
    assert "invite" in answer["HX-Redirect"]


@pytest.mark.parametrize("on", ["list", "board"])
def test_a_verb_is_done_and_answered_without_filters(client: Client, cast: Cast, on: str) -> None:
    house = cast.house
    client.force_login(house.rita.user)
    with use_tenant(house.tenant):
        sent = {"stay": house.job.stay, "stage": house.stage("Reached").pk, "on": on}
    url = f"/{house.tenant.slug}/jobs/{house.job.number}/move/"
    answer = client.post(url, sent, headers={"HX-Request": "true", "HX-Current-URL": f"{NONSENSE}?level=over"})
    assert answer.status_code == 200
    assert "Cora Customer: moved to Reached." in answer.content.decode()


CODECS = sorted({module.name for module in pkgutil.iter_modules(encodings.__path__)} | set(aliases) | {"", "x" * 300})
LOGIN = "/account/login/"
PART = '--x\r\nContent-Disposition: form-data; name="login"\r\n\r\nb\\u0041cher-kva+AGE-\r\n--x--\r\n'


class Served(WSGIHandler):
    """As gunicorn is given it; a test client makes a request of its own."""

    request_class = CharsetSafeRequest


def ask(kind: str, body: bytes = b"", query: str = "") -> tuple[int, str]:
    said: list[str] = []
    sent = {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": len(body), "wsgi.input": BytesIO(body)} if body else {}
    environ = RequestFactory()._base_environ(PATH_INFO=LOGIN, CONTENT_TYPE=kind, QUERY_STRING=query, **sent)
    answer = Served()(environ, lambda status, headers: said.append(status))
    return int(said[0].split()[0]), b"".join(answer).decode()


def test_no_codec_of_pythons_is_an_error(db: None) -> None:
    """Django decodes by whatever is named: "zlib" and "idna" broke every page."""
    wrong = {}
    for charset in CODECS:
        shown = ask(f"text/plain; charset={charset}", query="next=/%41%00+AGE-/b-kva")[0]
        sent = (
            ask(f"multipart/form-data; boundary=x; charset={charset}", PART.encode())[0],
            ask(f"application/x-www-form-urlencoded; charset={charset}", b"login=%41")[0],
        )
        if shown != 200 or not {*sent} <= {400, 403}:
            wrong[charset] = (shown, *sent)
    assert wrong == {}


@pytest.mark.parametrize("charset", ["punycode", "idna", "zlib", "undefined", "rot13", "cp037", "utf-16", "utf-7"])
def test_what_no_form_is_sent_in_is_read_as_utf_8(charset: str) -> None:
    """By "punycode" a form of two megabytes took an hour, for anybody who sent one."""
    given = {"CONTENT_TYPE": f"text/plain; charset*=utf-8''{charset}", "QUERY_STRING": "a=B%C3%BCcher-kva"}
    for kind in (given["CONTENT_TYPE"], f'text/plain; charset="{charset}"', f"a/b;CHARSET={charset}"):
        request = CharsetSafeRequest(RequestFactory()._base_environ(**given | {"CONTENT_TYPE": kind}))
        assert (request.encoding, request.GET["a"]) == (None, "Bücher-kva")


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "iso-8859-1", "windows-1252", "gb18030", "koi8-r"])
def test_a_charset_that_forms_are_sent_in_is_kept(charset: str) -> None:
    assert (
        CharsetSafeRequest(RequestFactory()._base_environ(CONTENT_TYPE=f"a/b; charset={charset}")).encoding == charset
    )


def test_it_is_what_the_product_is_served_by(django_db_setup: None) -> None:
    program = "from crm.config.wsgi import application; print(application.request_class.__module__)"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "crm.config.request\n"
