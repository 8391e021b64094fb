"""ApiToken: a secret by which a program acts as a member. Only its hash is stored."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from api.models.api_app import ApiApp
from api.scopes import EVERYTHING, SCOPES
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey, TenantManager, TenantModel, TenantQuerySet
from crm.platform.models.accounts.token import secret_digest
from crm.platform.models.base import public_id
from crm.platform.models.tenant import lock_configuration
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due

# What every secret begins with, so that a scanner of source code knows one.
PREFIX = "tl_"
# Characters of a secret that are kept, to know it by.
HINT = len(PREFIX) + 6
MOST = 200
# Due work, each day from the first token on: stored answers that are too old are deleted.
FORGET_ANSWERS = "api.forget_answers"
# How exactly its last use is known.
NOTED_EVERY = timedelta(minutes=1)


class ApiTokenQuerySet(TenantQuerySet["ApiToken"]):
    def live(self) -> "ApiTokenQuerySet":
        """Exclude revoked and expired tokens."""
        expired = models.Q(expires_at__lte=clock.now())
        return self.filter(revoked_at=None).exclude(expired)

    def of_programs(self) -> "ApiTokenQuerySet":
        """Exclude the tokens of apps that members connected."""
        return self.filter(app=None)

    def of_apps(self) -> "ApiTokenQuerySet":
        """Filter the connections of apps that were not ended. Their access tokens may be waiting to be refreshed."""
        return self.filter(app__isnull=False, revoked_at=None)

    def note_use(self, token_id: int) -> None:
        """Store when a token was last used, at most once a minute. Skips a token that another request writes."""
        now = clock.now()
        stale = models.Q(last_used_at=None) | models.Q(last_used_at__lte=now - NOTED_EVERY)
        rows = self.filter(stale, pk=token_id).select_for_update(skip_locked=True, no_key=True)
        self.filter(pk__in=rows.values("pk")).update(last_used_at=now)


class ApiToken(TenantModel):
    """A token of a member, or of a program that acts as one. It may do what the member's role allows, and no more."""

    uid = public_id()
    name = models.CharField(max_length=60)
    member = TenantForeignKey(Member, models.PROTECT, related_name="+")
    # Of the app that the member connected. Its secret, the access token, is replaced with each refresh.
    app = TenantForeignKey(ApiApp, models.PROTECT, null=True, blank=True, related_name="tokens")
    # SHA-256 of the secret, which is 256 random bits.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # The first characters of the secret.
    hint = models.CharField(max_length=HINT, editable=False)
    scopes = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField(default=clock.now, editable=False)
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TenantManager.from_queryset(ApiTokenQuerySet)()

    class Meta:
        base_manager_name = "objects"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="api_token_uid_is_unique")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    @transaction.atomic
    def create(
        cls,
        name: str,
        member: Member,
        scopes: Iterable[str] = (EVERYTHING,),
        *,
        by: Member | None,
        expires_at: datetime | None = None,
    ) -> tuple["ApiToken", str]:
        """Create a token, and return it with its secret, which is not stored. Raises Refused for what can't be."""
        lock_configuration()
        name = " ".join(name.replace("\0", "").split())[:60]
        chosen = [scope for scope in (EVERYTHING, *SCOPES) if scope in set(scopes)]
        if not name:
            raise Refused(_("Enter a name."))
        if not chosen:
            raise Refused(_("Choose what the token may do."))
        if not member.active:
            raise Refused(_("This member is deactivated."))
        if cls.objects.of_programs().live().count() >= MOST:
            raise Refused(_("There are %(most)s tokens. Revoke some.") % {"most": MOST})
        secret = new_secret()
        token = cls(name=name, member=member, scopes=chosen, created_by=by, expires_at=expires_at)
        token.set_secret(secret)
        token.save(force_insert=True)
        token.refresh_from_db(fields=["uid"])
        token._record("api_token.created", by)
        cls.schedule_forgetting()
        return token, secret

    def set_secret(self, secret: str) -> None:
        """Set the hash of its secret, and what it is known by. The caller saves them."""
        self.digest = secret_digest(secret)
        self.hint = secret[:HINT]

    @transaction.atomic
    def revoke(self, *, by: Member | None) -> None:
        """Revoke it: it is refused from now on. Waits for the writes that it has under way. Idempotent."""
        self.lock()
        if self.revoked_at is None:
            self.revoked_at = clock.now()
            self.save(update_fields=["revoked_at"])
            if self.app_id is None:
                self._record("api_token.revoked", by)
            else:
                self.record_connection("api_app.disconnected", by)

    @staticmethod
    def schedule_forgetting() -> None:
        """Schedule the next deletion of stored answers."""
        due.schedule(FORGET_ANSWERS, 0, clock.now() + timedelta(days=1))

    @staticmethod
    def hold_live(token_id: int) -> bool:
        """Lock a token against being revoked until the transaction ends; others may hold it too.

        Returns False if it was revoked. Django has no FOR SHARE.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "select id from api_apitoken where tenant_id = %s and id = %s and revoked_at is null for share",
                [required_tenant_id(), token_id],
            )
            return cursor.fetchone() is not None

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= clock.now()

    def record_connection(self, kind: str, by: Member | None) -> None:
        """Record an event of the app that it belongs to."""
        assert self.app
        events.record(kind, subject=self.app, by=by, data={"name": self.name, "member": self.member_id})

    def _record(self, kind: str, by: Member | None) -> None:
        events.record(kind, subject=self, by=by, data={"name": self.name, "member": self.member_id})


def is_use_to_note(last_used_at: datetime | None) -> bool:
    """Return True if the use of a token is to be noted now, by when it was noted last."""
    return last_used_at is None or last_used_at <= clock.now() - NOTED_EVERY


def new_secret() -> str:
    """Return the secret of a new token: 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)
