"""Seals of the installation: its own certificate or that of the settings, the command, and the public page."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from crm.documents.seals import sealing
from crm.documents.seals.installation_identity import seal_identity, trusted_certificates
from crm.documents.seals.sealing import seal_pdf
from crm.documents.seals.verification import verify_pdf
from crm.kernel import clock
from crm.kernel.sentences import translate_sentence
from crm.platform.http.outgoing import NoAnswer, OutgoingResponse
from crm.platform.models import InstallationKey
from libs.sealed_pdf import SealState, TimestampRefused
from tests.libs.sealed_pdf.files import NOON, plain_pdf, their_identity
from tests.libs.sealed_pdf.test_timestamps import answer_in_thread
from tests.libs.sealed_pdf.test_verification import flipped

PAGE = "/public/verify/"


@pytest.fixture
def sealed(db: None) -> bytes:
    with clock.at(NOON):
        return seal_pdf(plain_pdf(), signer="Suncoast", reason="Accepted")


def ask(content: bytes) -> Any:
    return Client().post(PAGE, {"file": SimpleUploadedFile("quote.pdf", content)})


@pytest.mark.django_db
def test_the_installation_makes_its_certificate_once_and_keeps_it_encrypted() -> None:
    assert seal_identity() == seal_identity()
    assert InstallationKey.objects.filter(name="seal").count() == 1
    assert "PRIVATE KEY" not in InstallationKey.objects.get(name="seal").sealed_private
    assert "PRIVATE KEY" not in "".join(trusted_certificates())


def test_what_was_sealed_is_whole_and_one_changed_byte_shows(sealed: bytes) -> None:
    assert verify_pdf(sealed).is_whole
    assert verify_pdf(flipped(sealed, len(sealed) // 3)).state == SealState.ALTERED


def test_the_sentence_is_in_the_language_of_who_asks(sealed: bytes) -> None:
    with translation.override("nl"):
        assert translate_sentence(verify_pdf(sealed).sentence).startswith(
            "Deze pdf is heel: er is niets gewijzigd sinds Throughline"
        )


def test_a_certificate_of_the_settings_seals_and_the_former_one_stays_trusted(
    sealed: bytes, settings: Any, tmp_path: Path
) -> None:
    for name, text in (("certificate", their_identity().certificate), ("key", their_identity().key)):
        (tmp_path / name).write_text(text)
    settings.SEAL_CERTIFICATE = str(tmp_path / "certificate")
    settings.SEAL_KEY = str(tmp_path / "key")
    assert verify_pdf(seal_pdf(plain_pdf(), signer="", reason="")).signer == "Somebody Else"
    assert verify_pdf(sealed).is_whole
    settings.SEAL_FORMER_CERTIFICATES = settings.SEAL_CERTIFICATE
    settings.SEAL_CERTIFICATE = ""
    assert len(trusted_certificates()) == 2


@pytest.mark.django_db
def test_files_of_the_settings_that_can_not_seal_are_told(settings: Any, tmp_path: Path) -> None:
    settings.SEAL_CERTIFICATE = str(tmp_path / "missing")
    with pytest.raises(ImproperlyConfigured, match="SEAL_CERTIFICATE"):
        seal_identity()


@pytest.mark.django_db
def test_a_timestamp_authority_is_asked(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SEAL_TIMESTAMP_URL = "https://tsa.example/"
    monkeypatch.setattr(sealing, "post", lambda _url, body, _headers: OutgoingResponse(200, {}, answer_in_thread(body)))
    with clock.at(NOON):
        assert verify_pdf(seal_pdf(plain_pdf(), signer="", reason="")).stamped_at == NOON.replace(minute=5)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [500, None])
def test_without_a_timestamp_nothing_is_sealed(
    settings: Any, monkeypatch: pytest.MonkeyPatch, status: int | None
) -> None:
    settings.SEAL_TIMESTAMP_URL = "https://tsa.example/"

    def post(*_call: Any) -> OutgoingResponse:
        if status is None:
            raise NoAnswer("The server did not answer", was_sent=True)
        return OutgoingResponse(status, {}, b"")

    monkeypatch.setattr(sealing, "post", post)
    with pytest.raises(TimestampRefused):
        seal_pdf(plain_pdf(), signer="", reason="")


def test_the_command_ends_with_0_for_a_whole_file(sealed: bytes, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "quote.pdf").write_bytes(sealed)
    call_command("verify_pdf", tmp_path / "quote.pdf")
    assert capsys.readouterr().out.startswith("This PDF is whole")


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "sentence"), [(b"hello", "isn’t a PDF"), (plain_pdf(), "has no seal")])
def test_the_command_ends_with_1_and_a_sentence(content: bytes, sentence: str, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "quote.pdf").write_bytes(content)
    with pytest.raises(SystemExit) as end:
        call_command("verify_pdf", tmp_path / "quote.pdf")
    assert end.value.code == 1
    assert sentence in capsys.readouterr().err


@pytest.mark.django_db
def test_the_command_names_a_file_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("verify_pdf", tmp_path / "quote.pdf")


def test_anybody_reads_on_the_page_whether_a_file_is_whole(sealed: bytes) -> None:
    assert "This PDF is whole" in ask(sealed).content.decode()
    assert "was altered" in ask(flipped(sealed, 900)).content.decode()


@pytest.mark.django_db
def test_the_page_is_there_without_signing_in() -> None:
    assert reverse("seals:verify") == PAGE
    assert Client().get(PAGE).status_code == 200


@pytest.mark.django_db
def test_the_page_asks_for_a_file() -> None:
    response = Client().post(PAGE)
    assert (response.status_code, "Choose the PDF file first." in response.content.decode()) == (400, True)


@pytest.mark.django_db
def test_a_large_file_is_refused_before_it_is_received(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.documents.seals.views.MOST_BYTES", 10)
    monkeypatch.setattr("crm.documents.seals.views.ENVELOPE", 0)
    assert "too large" in ask(b"%PDF-").content.decode()


@pytest.mark.django_db
def test_a_visitor_may_ask_ten_times_a_minute(valkey_url: str) -> None:
    with clock.at(NOON):
        statuses = [ask(b"hello").status_code for _attempt in range(11)]
    assert statuses == [200] * 10 + [429]


@pytest.mark.django_db
def test_all_visitors_together_are_limited(valkey_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.documents.seals.views.MOST_CALLS", 1)
    with clock.at(NOON):
        assert [ask(b"hello").status_code for _attempt in range(2)] == [200, 429]
