"""Timestamps of an authority: pyHanko's own authority of tests answers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from libs.sealed_pdf import PostTimeStamper, SealFacts, SealIdentity, SealState, TimestampRefused, seal, verify
from tests.libs.sealed_pdf.files import NOON, our_identity, plain_pdf
from tests.libs.sealed_pdf.test_verification import OURS, flipped


@cache
def authority_identity() -> SealIdentity:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOON.replace(year=2020))
        .not_valid_after(NOON.replace(year=2040))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return SealIdentity(certificate.public_bytes(Encoding.PEM).decode(), private.decode())


def answer(request: bytes) -> bytes:
    identity = authority_identity()
    authority = DummyTimeStamper(identity.certificates[0], identity.key_info, fixed_dt=NOON.replace(minute=5))
    reply = asyncio.new_event_loop().run_until_complete(
        authority.async_request_tsa_response(tsp.TimeStampReq.load(request))
    )
    return bytes(reply.dump())


def refuse(_request: bytes) -> bytes:
    """PKIStatusInfo with status 2, rejection, and no token."""
    return bytes.fromhex("30053003020102")


def answer_in_thread(request: bytes) -> bytes:
    """pyHanko asks within its own event loop, as an HTTP client without one is asked."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(answer, request).result()


@cache
def stamped_pdf() -> bytes:
    return seal(plain_pdf(), our_identity(), SealFacts(NOON), timestamper=PostTimeStamper(answer_in_thread))


def test_the_time_of_the_authority_is_in_the_seal() -> None:
    verdict = verify(stamped_pdf(), OURS)
    assert (verdict.state, verdict.stamped_at) == (SealState.WHOLE, NOON.replace(minute=5))


def test_a_changed_timestamp_shows() -> None:
    """The type of a timestamp's content (TSTInfo) stands twice in it; the time follows the first."""
    pdf = stamped_pdf()
    content = pdf.index(b"2A864886F70D0109100104")
    for at in range(content + 60, content + 120):
        assert not verify(flipped(pdf, at), OURS).is_whole, at


def test_an_authority_that_refuses_is_told() -> None:
    with pytest.raises(TimestampRefused):
        seal(plain_pdf(), our_identity(), SealFacts(NOON), timestamper=PostTimeStamper(refuse))
