"""Identities: made by us, or given as PEM and refused with a sentence."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from libs.sealed_pdf import SealFacts, UnusableIdentity, make_identity, read_identity, seal, verify
from tests.libs.sealed_pdf.files import NOON, our_identity, plain_pdf, their_identity


def pem_of(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def test_a_made_identity_can_be_given_back() -> None:
    ours = our_identity()
    assert read_identity(ours.certificate, ours.key) == ours


def test_a_long_name_is_cut() -> None:
    identity = make_identity("x" * 100, NOON)
    assert identity.certificates[0].subject.native["common_name"] == "x" * 64


def test_the_key_is_not_printed() -> None:
    assert "PRIVATE" not in repr(our_identity())


def test_the_issuers_certificates_may_follow() -> None:
    chained = read_identity(our_identity().certificate + their_identity().certificate, our_identity().key)
    assert verify(seal(plain_pdf(), chained, SealFacts(NOON)), [chained.certificate]).is_whole


@pytest.mark.parametrize(
    ("certificate", "key", "sentence"),
    [
        ("nothing", our_identity().key, "The certificate isn’t a certificate in PEM form."),
        (our_identity().certificate, "nothing", "The key isn’t a private key in PEM form without a password."),
        (our_identity().certificate, their_identity().key, "The certificate and the key don’t belong together."),
        (
            our_identity().certificate,
            pem_of(ed25519.Ed25519PrivateKey.generate()),
            "The key is of a type that can’t seal: RSA and elliptic curves can.",
        ),
    ],
)
def test_what_can_not_seal_is_refused(certificate: str, key: str, sentence: str) -> None:
    with pytest.raises(UnusableIdentity) as refusal:
        read_identity(certificate, key)
    assert refusal.value.sentence == sentence
