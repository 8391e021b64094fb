"""The document that a mail is shown in."""

from comms.mail.document import SANDBOX, document, policy
from libs.inbound_mail import SafeHtml


def test_the_document_runs_nothing_and_follows_the_reader_where_the_mail_has_no_colours() -> None:
    plain, coloured = SafeHtml("<p>x</p>"), SafeHtml("<p>x</p>", has_colours=True)
    assert "color-scheme:dark" in document(plain, language="nl", theme="dark")
    assert "color-scheme:light;background:#fff" in document(coloured, language="nl", theme="dark")
    assert '<html lang="en">' in document(plain, language='"><script>')
    closed = policy(images=["https://crm.example"], remote=False)
    assert closed.startswith(f"sandbox {SANDBOX}; default-src 'none';")
    assert "img-src https://crm.example data:;" in closed
    assert "img-src https://crm.example data: https: http:;" in policy(images=["https://crm.example"], remote=True)
