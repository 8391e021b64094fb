"""Settings: the webhooks, and their calls that failed."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from crm.automation.models import CallState, Webhook, WebhookCall
from crm.automation.models.webhook import webhooks as setup
from crm.automation.webhooks.features import MANAGE
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page

# Calls in trouble that the page shows, the newest.
MOST = 20


def version() -> str:
    """Hash what the page's forms show."""
    return version_of([(row.pk, row.name, row.url, row.archived_at) for row in setup().values()])


@settings_page("webhooks:webhooks", MANAGE, "automation/webhooks/webhooks.html", version=version)
def webhooks(request: TenantRequest) -> Context:
    """Show the webhooks in use, the calls in trouble, and the archived webhooks."""
    here = setup()
    lost = WebhookCall.objects.filter(state__in=[CallState.FAILED, CallState.UNKNOWN])
    return {
        "live": [row for row in here.values() if row.archived_at is None],
        "archived": [row for row in here.values() if row.archived_at],
        "lost": [(row, here[row.webhook_id]) for row in lost.order_by("-pk")[:MOST]],
    }


def _webhook(pk: int) -> Webhook:
    return get_object_or_404(Webhook.objects.all(), pk=pk)


def _call(pk: int) -> WebhookCall:
    return get_object_or_404(WebhookCall.objects.all(), pk=pk)


def _shown(secret: str) -> str:
    return _("Copy the secret now; it is not shown again: %(secret)s") % {"secret": secret}


@webhooks.action()
def add_webhook(request: TenantRequest) -> str:
    """Add a webhook; its secret is shown once."""
    posted = request.POST
    _made, secret = Webhook.add(posted.get("name", ""), posted.get("url", ""), by=request.member)
    return _shown(secret)


@webhooks.action(_webhook)
def edit_webhook(request: TenantRequest, webhook: Webhook) -> str:
    """Send to another address."""
    webhook.edit(request.POST.get("url", ""), by=request.member)
    return _("“%(name)s” was saved.") % {"name": webhook.name}


@webhooks.action(_webhook)
def renew_secret(request: TenantRequest, webhook: Webhook) -> str:
    """Sign with a new secret, shown once."""
    return _shown(webhook.renew_secret(by=request.member))


# Archived: nothing is sent to it any more.
archive_webhook, restore_webhook = webhooks.archive_actions(_webhook)


@webhooks.action(_call)
def retry_call(request: TenantRequest, call: WebhookCall) -> str:
    """Make a call again that failed."""
    call.retry(by=request.member)
    return _("The webhook is called again.")
