"""The bytes of a seal itself, which no signature covers: compare them with what sealing writes.

A signature covers all of a file except the hexadecimal string that holds it. Within that string it covers the signed
attributes only. A changed version number, a small letter in the hexadecimal, or bytes in the padding would verify.
"""

from asn1crypto import cms
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature


def are_seal_bytes_as_written(pdf: bytes, signature: EmbeddedPdfSignature, fingerprints: set[str]) -> bool:
    """Return whether the seal is spelled as sealing spells it, with certificates of `fingerprints` (SHA-256) alone."""
    certificates = [choice.chosen.sha256 for choice in signature.signed_data["certificates"]]
    if len(set(certificates)) < len(certificates) or not fingerprints.issuperset(certificates):
        return False
    _start, covered, resumed, _rest = (int(number) for number in signature.byte_range)
    content: bytes = signature.pkcs7_content
    if pdf[covered:resumed] != b"<" + content.hex().upper().encode() + b">":
        return False
    message = _rebuild_message(signature).dump()
    return content.startswith(message) and not content[len(message) :].strip(b"\0")


def _rebuild_message(signature: EmbeddedPdfSignature) -> cms.ContentInfo:
    """Return the message as sealing writes it around the parts that are signed."""
    data = signature.signed_data
    info = signature.signer_info
    certificate = signature.signer_cert
    algorithm = cms.DigestAlgorithm({"algorithm": info["digest_algorithm"]["algorithm"].native})
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                )
            }
        ),
        "digest_algorithm": algorithm,
        "signature_algorithm": info["signature_algorithm"],
        "signed_attrs": info["signed_attrs"],
        "signature": info["signature"],
    }
    if info["unsigned_attrs"]:
        signer["unsigned_attrs"] = info["unsigned_attrs"]
    rebuilt = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": cms.DigestAlgorithms((algorithm,)),
            "encap_content_info": {"content_type": "data"},
            "certificates": [choice.chosen for choice in data["certificates"]],
            "signer_infos": [signer],
        }
    )
    return cms.ContentInfo({"content_type": cms.ContentType("signed_data"), "content": rebuilt})
