"""Whether the server that received a mail could prove its sender."""

import pytest

from libs.inbound_mail.authentication import authentication_results, is_doubtful
from tests.libs.inbound_mail.mails import with_header


@pytest.mark.parametrize(
    ("header", "found", "doubtful"),
    [
        (
            "mx.example.nl; dmarc=fail (p=reject dis=none) header.from=bank.example; spf=pass",
            {"dmarc": "fail", "spf": "pass"},
            True,
        ),
        (
            "mx.example.nl; dkim=pass header.d=a.example; spf=fail smtp.mailfrom=x@b.example",
            {"dkim": "pass", "spf": "fail"},
            False,
        ),
        ("mx.example.nl; spf=softfail smtp.mailfrom=x@b.example; dkim=none", {"dkim": "none", "spf": "softfail"}, True),
        ("mx.example.nl; dkim=fail header.d=b.example; dkim=pass header.d=a.example", {"dkim": "pass"}, False),
        ("mx.example.nl; dmarc=pass; spf=fail; dkim=fail", {"dmarc": "pass", "dkim": "fail", "spf": "fail"}, False),
        ("mx.example.nl; spf=none; dkim=none; dmarc=none", {"dmarc": "none", "dkim": "none", "spf": "none"}, False),
        ("mx.example.nl; none", {}, False),
        ("mx.example.nl; spf=pass (said: dmarc=fail)", {"spf": "pass"}, False),
    ],
)
def test_what_the_server_found(header: str, found: dict[str, str], doubtful: bool) -> None:
    results = authentication_results(with_header(f"Authentication-Results: {header}"))
    assert (results, is_doubtful(results)) == (found, doubtful)


def test_the_topmost_header_alone_is_our_servers_own() -> None:
    mail = with_header("Authentication-Results: mx.example.nl; dmarc=fail\nAuthentication-Results: forged; dmarc=pass")
    assert authentication_results(mail) == {"dmarc": "fail"}
    assert authentication_results(with_header("X-None: 1")) == {}
