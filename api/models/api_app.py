"""ApiApp: an app of another company that members connect. It reads and changes records as they may, by OAuth 2."""

import hmac
import re
import secrets
from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.accounts.token import secret_digest
from crm.platform.models.base import public_id
from crm.platform.models.tenant import lock_configuration

CLIENT_PREFIX = "tla_"
# What secrets begin with, so that a scanner of source code knows one.
SECRET_PREFIX = "tls_"  # noqa: S105
MOST = 50
MOST_REDIRECTS = 10
LONGEST_REDIRECT = 300
# Where an app on the member's own computer listens.
_LOOPBACK_IPS = ("127.0.0.1", "::1")
_LOOPBACK = (*_LOOPBACK_IPS, "localhost")
# The scheme of an app on a phone: a domain backwards (RFC 8252, 7.1).
_APP_SCHEME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+")


class ApiAppQuerySet(TenantQuerySet["ApiApp"]):
    def live(self) -> "ApiAppQuerySet":
        """Exclude removed apps."""
        return self.filter(removed_at=None)


class ApiApp(TenantModel):
    """A registered app. A confidential one has a secret, which only its server knows; a public one has none."""

    uid = public_id()
    # By which the app names itself, before a tenant is known (sql/71_api_apps.sql).
    client_id = models.CharField(max_length=32, unique=True, editable=False)
    name = models.CharField(max_length=60)
    redirect_uris = ArrayField(models.CharField(max_length=LONGEST_REDIRECT))
    # SHA-256 of the secret, which is 256 random bits; blank for a public app.
    secret_digest = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    # The reverse side of ApiToken.app.
    tokens: Any

    objects: ClassVar[Any] = TenantManager.from_queryset(ApiAppQuerySet)()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="api_app_uid_is_unique"),
            models.CheckConstraint(condition=~Q(redirect_uris=[]), name="api_app_has_a_redirect_uri"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_confidential(self) -> bool:
        return self.secret_digest != ""

    @classmethod
    @transaction.atomic
    def register(
        cls, name: str, redirect_uris: Sequence[str], *, is_confidential: bool, by: Member | None
    ) -> tuple["ApiApp", str]:
        """Register an app, and return it with its secret, which is not stored; "" for a public one.

        Raises Refused for what can't be.
        """
        lock_configuration()
        name = " ".join(name.replace("\0", "").split())[:60]
        if not name:
            raise Refused(_("Enter a name."))
        if cls.objects.live().count() >= MOST:
            raise Refused(_("There are %(most)s apps. Remove some.") % {"most": MOST})
        app = cls(name=name, redirect_uris=check_redirects(redirect_uris), created_by=by)
        app.client_id = CLIENT_PREFIX + secrets.token_urlsafe(18)
        secret = ""
        if is_confidential:
            secret = SECRET_PREFIX + secrets.token_urlsafe(32)
            app.secret_digest = secret_digest(secret)
        app.save(force_insert=True)
        app.refresh_from_db(fields=["uid"])
        events.record("api_app.registered", subject=app, by=by, data={"name": app.name})
        return app, secret

    @transaction.atomic
    def remove(self, *, by: Member | None) -> None:
        """Remove it, and disconnect all members from it. Waits for the writes under way. Idempotent."""
        self.lock()
        if self.removed_at is not None:
            return
        for token in self.tokens.filter(revoked_at=None).order_by("pk"):
            token.revoke(by=by)
        self.removed_at = clock.now()
        self.save(update_fields=["removed_at"])
        events.record("api_app.removed", subject=self, by=by, data={"name": self.name})

    def accepts_redirect(self, uri: str) -> bool:
        """Tell whether an address is registered, on any port if it is a loopback address (RFC 8252, 7.3)."""
        if uri in self.redirect_uris:
            return True
        portless = _without_loopback_port(uri)
        return portless != "" and portless in map(_without_loopback_port, self.redirect_uris)

    def has_secret(self, secret: str) -> bool:
        """Tell whether this is the app's secret."""
        return self.is_confidential and hmac.compare_digest(secret_digest(secret), self.secret_digest)


def check_redirects(uris: Sequence[str]) -> list[str]:
    """Return the addresses without doubles. Raises Refused for none, and for one that a token must not be sent to."""
    tidy = list(dict.fromkeys(uri.strip() for uri in uris if uri.strip()))
    if not tidy:
        raise Refused(_("Enter the address that members are sent back to."))
    if len(tidy) > MOST_REDIRECTS:
        raise Refused(_("Enter %(most)s addresses at most.") % {"most": MOST_REDIRECTS})
    for uri in tidy:
        if not is_redirect(uri):
            words = _("“%(uri)s” can’t be used. Enter an address that begins with https://, without “#”.")
            raise Refused(words % {"uri": uri[:80]})
    return tidy


def _without_loopback_port(uri: str) -> str:
    """Return a loopback address without its port; blank for another address."""
    if not is_redirect(uri):
        return ""
    parts = urlsplit(uri)
    if parts.scheme != "http" or parts.hostname not in _LOOPBACK_IPS:
        return ""
    return parts._replace(netloc=parts.hostname).geturl()


def is_redirect(uri: str) -> bool:
    """Tell whether an app may be answered at an address: encrypted, on the member's own computer, or an app's own."""
    if len(uri) > LONGEST_REDIRECT or not uri.isascii() or not uri.isprintable() or {" ", "#", "\\"} & set(uri):
        return False
    try:
        parts = urlsplit(uri)
        host = parts.hostname
        _port = parts.port
    except ValueError:
        return False
    if parts.username is not None:
        return False
    if parts.scheme == "https":
        return bool(host)
    if parts.scheme == "http":
        return host in _LOOPBACK
    return _APP_SCHEME.fullmatch(parts.scheme) is not None
