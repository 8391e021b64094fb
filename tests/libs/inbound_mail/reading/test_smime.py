"""Signed S/MIME is opened and read as a mail; an encrypted one says that it is, and stays attached."""

import base64

import pytest
from asn1crypto import cms

from libs.inbound_mail.message import Mail
from libs.inbound_mail.reading import smime
from tests.libs.inbound_mail.mails import HEAD, mixed, read

INNER = mixed(
    "Content-Type: text/plain; charset=utf-8\n\nThe order",
    "Content-Type: application/pdf; name=order.pdf\n\n%PDF-1.7",
    head="",
).encode()


def signed(content: bytes) -> bytes:
    data = {
        "version": "v1",
        "digest_algorithms": [],
        "encap_content_info": {"content_type": "data", "content": content},
        "signer_infos": [],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)}).dump())


def encrypted() -> bytes:
    info = {
        "content_type": "data",
        "content_encryption_algorithm": {"algorithm": "aes256_cbc", "parameters": b"1" * 16},
    }
    data = {"version": "v0", "recipient_infos": [], "encrypted_content_info": info | {"encrypted_content": b"secret"}}
    return bytes(cms.ContentInfo({"content_type": "enveloped_data", "content": cms.EnvelopedData(data)}).dump())


def opaque(content: bytes, kind: str = "application/pkcs7-mime; name=smime.p7m") -> Mail:
    body = base64.encodebytes(content).decode()
    return read(f"{HEAD}Content-Type: {kind}\nContent-Transfer-Encoding: base64\n\n{body}")


@pytest.mark.parametrize("kind", ["application/x-pkcs7-mime", 'application/octet-stream; name="smime.p7m"'])
def test_a_signed_mail_is_read_as_what_it_holds(kind: str) -> None:
    mail = opaque(signed(INNER), kind)
    assert mail.text == "The order"
    assert [part.name for part in mail.attachments] == ["order.pdf"]
    assert mail.problems == ()


def test_one_that_was_signed_twice_is_opened_twice_and_no_deeper_than_three() -> None:
    content, head = INNER, b"Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n"
    for _time in range(2):
        content = head + base64.encodebytes(signed(content))
    assert opaque(signed(content)).text == "The order"
    content = head + base64.encodebytes(signed(content))
    assert [part.type for part in opaque(signed(content)).attachments] == ["application/pkcs7-mime"]


@pytest.mark.parametrize(
    "mail",
    [
        opaque(encrypted()),
        opaque(signed(b"Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n"
                      + base64.encodebytes(encrypted()))),
        read(mixed("Content-Type: application/pgp-encrypted\n\nVersion: 1",
                   "Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN PGP MESSAGE-----",
                   kind="encrypted")),
    ],
)  # fmt: skip
def test_an_encrypted_mail_says_so_and_is_attached(mail: Mail) -> None:
    assert mail.text == ""
    assert [problem.code for problem in mail.problems] == ["encrypted"]
    assert mail.attachments


@pytest.mark.parametrize("content", [b"", b"\x30\x80" * 100_000, signed(INNER)[:200], b"no ASN.1 at all"])
def test_what_is_damaged_is_attached_as_it_is(content: bytes) -> None:
    assert smime.open_envelope(content).kind == "unknown"
    assert [part.name for part in opaque(content).attachments] == ["smime.p7m"]


@pytest.mark.parametrize(("declared", "codes"), [("enveloped-data", ["encrypted"]), ("signed-data", [])])
def test_a_damaged_part_is_encrypted_if_its_header_says_so(declared: str, codes: list[str]) -> None:
    mail = read(f"{HEAD}Content-Type: application/pkcs7-mime; smime-type={declared}\n\nno ASN.1 at all")
    assert [problem.code for problem in mail.problems] == codes
