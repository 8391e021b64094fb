"""Tenant: an organization using the product; each sees only its own rows."""

import re
from datetime import datetime
from typing import Any

from django.core.validators import RegexValidator
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.events import events, hints
from crm.platform.events.event import Actor
from crm.platform.tenancy import context

# First path segments the product needs for itself; a constraint keeps tenants off them.
RESERVED_SLUGS = (
    "account accounts admin api app assets auth billing blog demo docs favicon favicon.ico health healthz help hooks "
    "import jobs login logout look mail metrics privacy public readyz robots robots.txt root security settings "
    "sign-in sign-out signup sprite static status support system tenants terms throughline tick webhooks "
    "well-known www"
).split()

slug_shape = RegexValidator(
    re.compile(r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$"),
    _("3 to 40 small letters, digits and hyphens, beginning with a letter."),
)


class Tenant(models.Model):
    """An organization, with the defaults of its brands, members and clocks."""

    slug = models.CharField(max_length=40, unique=True, validators=[slug_shape])
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, default="US")
    time_zone = models.CharField(max_length=64, default="America/New_York")
    language = models.CharField(max_length=8, default="en")
    currency = models.CharField(max_length=3, default="USD")
    brand_hue = models.PositiveSmallIntegerField(default=258)
    # Shares of the allowed time, in percent, at which a step is due soon and over twice (docs/rules.md#k15).
    warn_percent = models.PositiveSmallIntegerField(default=75)
    far_percent = models.PositiveSmallIntegerField(default=200)
    # What a step without a target of its own allows to us and to the customer, in calendar seconds.
    default_ours = models.PositiveIntegerField(default=12 * 3600)
    default_theirs = models.PositiveIntegerField(default=72 * 3600)
    # Counts edits of members, brands, pipelines, targets and calendars; what in-process caches are keyed by.
    config_version = models.PositiveIntegerField(default=1)
    requires_second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    suspended_at = models.DateTimeField(null=True, blank=True)
    # Of a practice organization: whose configuration it is a copy of. Nothing is sent from it.
    practice_of = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="practice")
    practice_of_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(slug__in=RESERVED_SLUGS), name="tenant_slug_is_not_reserved"),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z][a-z0-9-]{1,38}[a-z0-9]$"), name="tenant_slug_is_a_path_segment"
            ),
            models.CheckConstraint(
                condition=Q(warn_percent__gt=0, warn_percent__lt=100, far_percent__gt=100),
                name="tenant_levels_are_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ratios(self) -> tuple[float, float, float]:
        """The shares of the allowance at which a clock is due soon, over, and far over."""
        return (self.warn_percent / 100, 1.0, self.far_percent / 100)

    def suspend(self, *, by: Actor | None) -> None:
        """Lock the members out from their next request on, and pause all scheduled work.

        Inside the tenant; suspending twice records nothing.
        """
        if self.suspended_at is None:
            self._set_suspended(clock.now(), "tenant.suspended", by)

    def resume(self, *, by: Actor | None) -> None:
        """Let the members in again; what fell due meanwhile is done at the next ticks."""
        if self.suspended_at is not None:
            self._set_suspended(None, "tenant.resumed", by)

    def ask_second_factor(self, required: bool, *, by: Actor | None) -> None:
        """Require a second factor of all members, or no longer. Of two requests at once, one records it."""
        other = Tenant.objects.filter(pk=context.required_tenant_id(), requires_second_factor=not required)
        if other.update(requires_second_factor=required):
            configuration_changed()
            kind = "tenant.second_factor_optional"
            if required:
                kind = "tenant.second_factor_required"
            events.record(kind, subject=self, by=by)

    def edit(self, *, by: Actor | None, **fields: Any) -> None:
        """Change the organization's name and defaults (EDITABLE). Idempotent."""
        if unknown := set(fields) - set(EDITABLE):
            raise ValueError(f"an admin does not edit {sorted(unknown)}")
        tenant = lock_configuration()
        changed = {name: value for name, value in fields.items() if getattr(tenant, name) != value}
        if changed:
            Tenant.objects.filter(pk=tenant.pk).update(**changed)
            configuration_changed()
            events.record("tenant.edited", subject=self, by=by, data={"fields": sorted(changed)})

    def change_levels(
        self, *, warn_percent: int, far_percent: int, default_ours: int, default_theirs: int, by: Actor | None
    ) -> bool:
        """Set the due-level percentages and a step's default allowances (calendar seconds). Return whether it changed.

        The event has every open clock counted anew.
        """
        after = {
            "warn_percent": warn_percent,
            "far_percent": far_percent,
            "default_ours": default_ours,
            "default_theirs": default_theirs,
        }
        row = lock_configuration()
        before = {name: getattr(row, name) for name in after}
        if before == after:
            return False
        Tenant.objects.filter(pk=row.pk).update(**after)
        configuration_changed()
        events.record("tenant.levels_changed", subject=row, by=by, data={"from": before, "to": after})
        return True

    def _set_suspended(self, at: datetime | None, event: str, by: Actor | None) -> None:
        self.suspended_at = at
        self.save(update_fields=["suspended_at"])
        configuration_changed()
        events.record(event, subject=self, by=by)


# What an admin of the tenant may edit; the app's login may update these columns alone (row_level_security.py).
EDITABLE = ("name", "time_zone", "language", "country", "currency", "brand_hue")
# The same, of its levels: `change_levels`.
LEVELS = ("warn_percent", "far_percent", "default_ours", "default_theirs")


def lock_configuration() -> Tenant:
    """Lock the tenant's row until the transaction ends: edits that exclude each other wait here.

    Taken before any other row, so that two never wait for each other. New rows of the tenant do not wait. What was
    read of the configuration before the wait may be old by now, and is read anew.
    """
    tenant = Tenant.objects.select_for_update(no_key=True).get(pk=context.required_tenant_id())
    context.forget_configuration()
    return tenant


def configuration_changed(tenant_id: int | None = None) -> None:
    """Increase a tenant's configuration version, so that every process reloads its configuration."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update platform_tenant set config_version = config_version + 1 where id = %s",
            [tenant_id or context.required_tenant_id()],
        )
    context.forget_configuration()
    hints.touch("configuration", tenant_id=tenant_id)
