"""ClaimMailRule: where a value stands in the mails of a carrier: the text before it, and what it looks like."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant


class ClaimField(models.TextChoices):
    """The fields of a claim that a mail of a carrier may state."""

    NUMBER = "number", _("Claim number")
    POLICY = "policy", _("Policy number")
    ADJUSTER = "adjuster", _("Adjuster")
    ADJUSTER_EMAIL = "email", _("Adjuster’s email")
    ADJUSTER_PHONE = "phone", _("Adjuster’s phone")
    LOST_ON = "lost_on", _("Date of loss")
    DEDUCTIBLE = "deductible", _("Deductible")
    APPROVED = "approved", _("Amount approved")
    PAID = "paid", _("Amount paid")


class ClaimMailRule(ConfigurationModel):
    """A field's place in the mails of one sender domain."""

    domain = models.CharField(max_length=120)
    field = models.CharField(max_length=10, choices=ClaimField)
    # The words right before the value, folded; compared without case and with any white space.
    before = models.CharField(max_length=80)

    class Meta:
        base_manager_name = "objects"
        ordering = ["domain", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "domain", "field"], name="claim_field_is_once_in_a_domain"),
            models.CheckConstraint(condition=~models.Q(before=""), name="claim_mail_rule_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.domain} {self.field}"

    @classmethod
    @transaction.atomic
    def set_all(cls, domain: str, before: dict[str, str], *, by: Member | None) -> None:
        """Replace the rules of a domain, by field; none removes the domain. Idempotent."""
        lock_configuration()
        stored = {row.field: row for row in cls.objects.filter(domain=domain)}
        if {field: row.before for field, row in stored.items()} == before:
            return
        data = {"domain": domain, "fields": [*before]}
        if stored:
            # Before its rows are deleted: an event is of a row.
            events.record("claim_mail.taught", subject=next(iter(stored.values())), by=by, data=data)
        for field, row in stored.items():
            if field not in before:
                row.delete()
        rows = []
        for field, words in before.items():
            row = stored.get(field) or cls(domain=domain, field=field)
            row.before = words
            row.save()
            rows.append(row)
        if not stored:
            events.record("claim_mail.taught", subject=rows[0], by=by, data=data)


@cached_per_tenant
def claim_mail_rules() -> dict[str, dict[str, str]]:
    """Return the words before each field, by sender domain; cached, treat it as read-only."""
    rules: dict[str, dict[str, str]] = {}
    for row in ClaimMailRule.objects.all():
        rules.setdefault(row.domain, {})[row.field] = row.before
    return rules
