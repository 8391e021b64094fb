"""SealIdentity: the certificate and private key that files are sealed with."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asn1crypto import keys, pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from libs.sentence import Sentence
from libs.sentence import Sentence as _

# The purpose of the certificate (RFC 9336).
DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
VALID_DAYS = 3653
# A common name has at most 64 letters (X.520).
LONGEST_NAME = 64
# The clock of whoever verifies may be behind.
BACKDATED = timedelta(days=1)


class UnusableIdentity(Exception):
    """A certificate or key that can't seal. `sentence` says why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class SealIdentity:
    """A certificate (PEM, the issuers' certificates may follow it) and its private key (PEM, not encrypted)."""

    certificate: str
    key: str = field(repr=False)

    @property
    def certificates(self) -> list[asn1_x509.Certificate]:
        """Return the certificate that seals, then those of its issuers."""
        return read_certificates(self.certificate)

    @property
    def key_info(self) -> keys.PrivateKeyInfo:
        der = load_pem_private_key(self.key.encode(), None).private_bytes(
            Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
        )
        return keys.PrivateKeyInfo.load(der)


def read_certificates(text: str) -> list[asn1_x509.Certificate]:
    """Return the certificates of a PEM text. Raises ValueError if it contains none."""
    return [asn1_x509.Certificate.load(der) for _type, _headers, der in pem.unarmor(text.encode(), multiple=True)]


def make_identity(name: str, now: datetime) -> SealIdentity:
    """Make a private key and a certificate signed with itself, valid for ten years from `now`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:LONGEST_NAME])])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return SealIdentity(certificate.public_bytes(Encoding.PEM).decode(), private.decode())


def read_identity(certificate: str, key: str) -> SealIdentity:
    """Return the identity of a certificate and key given as PEM. Raises UnusableIdentity."""
    try:
        first = x509.load_pem_x509_certificates(certificate.encode())[0]
    except (ValueError, IndexError):
        raise UnusableIdentity(_("The certificate isn’t a certificate in PEM form.")) from None
    try:
        private = load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError):
        raise UnusableIdentity(_("The key isn’t a private key in PEM form without a password.")) from None
    if not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise UnusableIdentity(_("The key is of a type that can’t seal: RSA and elliptic curves can."))
    of_certificate = first.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != of_certificate:
        raise UnusableIdentity(_("The certificate and the key don’t belong together."))
    return SealIdentity(certificate, key)
