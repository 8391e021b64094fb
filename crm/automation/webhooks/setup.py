"""The webhooks of a tenant, kept in each process until its configuration changes. Treat them as read-only."""

from crm.automation.models import Webhook
from crm.platform.organization.configuration import per_tenant


@per_tenant
def webhooks() -> dict[int, Webhook]:
    """Return them all by id, by name, archived ones too."""
    return {webhook.pk: webhook for webhook in Webhook.objects.all()}
