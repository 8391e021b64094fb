"""The providers whose mailboxes are opened by a token instead of a password, with their mail servers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.conf import settings

from crm.integrations.models import CalendarProvider
from crm.integrations.providers.oauth import OAuthProvider, oauth_provider

GOOGLE = CalendarProvider.GOOGLE.value
MICROSOFT = CalendarProvider.MICROSOFT.value
# "openid email" have the answer to the sign-in name the address; the others open the mailbox by IMAP and SMTP.
_SCOPES: Mapping[str, str] = {
    GOOGLE: "openid email https://mail.google.com/",
    MICROSOFT: (
        "openid email offline_access https://outlook.office.com/IMAP.AccessAsUser.All "
        "https://outlook.office.com/SMTP.Send"
    ),
}


@dataclass(frozen=True)
class MailServer:
    """A mail server as settings name it: host, port and encryption (tls, starttls or none)."""

    host: str
    port: str
    security: str


def _read_server(text: str) -> MailServer:
    host, port, security = text.split(":")
    return MailServer(host, port, security)


def mail_provider(name: str, *, address: str = "") -> OAuthProvider | None:
    """Return a provider with the rights to a mailbox. None if the installation has no credentials for it.

    `address`: the account that the sign-in page proposes.
    """
    provider = oauth_provider(name)
    if provider is None:
        return None
    parameters = dict(provider.parameters)
    if address:
        parameters["login_hint"] = address
    return replace(provider, scopes=_SCOPES[name], parameters=parameters)


def mail_settings(name: str) -> dict[str, str]:
    """Return the settings of a channel at a provider, apart from its user name."""
    servers = {
        GOOGLE: (settings.GMAIL_IMAP_SERVER, settings.GMAIL_SMTP_SERVER),
        MICROSOFT: (settings.OUTLOOK_IMAP_SERVER, settings.OUTLOOK_SMTP_SERVER),
    }
    imap, smtp = (_read_server(text) for text in servers[name])
    return {
        "sign_in": name,
        "host": imap.host,
        "port": imap.port,
        "security": imap.security,
        "smtp_host": smtp.host,
        "smtp_port": smtp.port,
        "smtp_security": smtp.security,
    }


def revocation_url(name: str) -> str:
    """Return where a token is revoked; blank if the provider has no such address."""
    if name == GOOGLE:
        return str(settings.GOOGLE_REVOKE_URL)
    return ""
