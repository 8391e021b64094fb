"""Whether the server that received a mail could prove its sender."""

import pytest

from comms.mail.authentication import authentication, in_words, is_doubtful
from tests.comms.mail.mails import with_header


@pytest.mark.parametrize(
    ("header", "found", "doubtful"),
    [
        (
            "mx.example.nl; dmarc=fail (p=reject dis=none) header.from=bank.example; spf=pass",
            "DMARC fail, SPF pass",
            True,
        ),
        (
            "mx.example.nl; dkim=pass header.d=a.example; spf=fail smtp.mailfrom=x@b.example",
            "DKIM pass, SPF fail",
            False,
        ),
        ("mx.example.nl; spf=softfail smtp.mailfrom=x@b.example; dkim=none", "DKIM none, SPF softfail", True),
        ("mx.example.nl; dkim=fail header.d=b.example; dkim=pass header.d=a.example", "DKIM pass", False),
        ("mx.example.nl; dmarc=pass; spf=fail; dkim=fail", "DMARC pass, DKIM fail, SPF fail", False),
        ("mx.example.nl; spf=none; dkim=none; dmarc=none", "DMARC none, DKIM none, SPF none", False),
        ("mx.example.nl; none", "", False),
        ("mx.example.nl; spf=pass (said: dmarc=fail)", "SPF pass", False),
    ],
)
def test_what_the_server_found(header: str, found: str, doubtful: bool) -> None:
    results = authentication(with_header(f"Authentication-Results: {header}"))
    assert (in_words(results), is_doubtful(results)) == (found, doubtful)


def test_the_topmost_header_alone_is_our_servers_own() -> None:
    mail = with_header("Authentication-Results: mx.example.nl; dmarc=fail\nAuthentication-Results: forged; dmarc=pass")
    assert authentication(mail) == {"dmarc": "fail"}
    assert authentication(with_header("X-None: 1")) == {}
