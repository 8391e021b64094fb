"""Settings of webhooks, and their failed calls."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.models import CallState, Webhook, WebhookCall
from crm.automation.models.webhook import webhooks as setup
from crm.automation.webhooks.features import MANAGE
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page

# Calls in trouble that the page shows, the newest.
MOST = 20


def version() -> str:
    """Hash what the page's forms show."""
    return version_of([(row.pk, row.name, row.url, row.archived_at) for row in setup().values()])


ROWS = NamedRows(
    address="webhooks:%s",
    none=gettext_lazy("No webhook yet."),
    new=gettext_lazy("New webhook"),
    add=gettext_lazy("Add webhook"),
    row="automation/webhooks/_webhook.html",
    new_fields="automation/webhooks/_new_url.html",
    below="automation/webhooks/_calls.html",
)


@settings_page("webhooks:webhooks", MANAGE, ROWS, version=version)
def webhooks(request: TenantRequest) -> Context:
    """Show the active webhooks, the failed calls, and the archived webhooks."""
    here = setup()
    lost = WebhookCall.objects.filter(state__in=[CallState.FAILED, CallState.UNKNOWN])
    failed_calls = [(row, here[row.webhook_id]) for row in lost.order_by("-pk")[:MOST]]
    return row_context(here.values()) | {"lost": failed_calls}


def _webhook(pk: int) -> Webhook:
    return get_object_or_404(Webhook.objects.all(), pk=pk)


def _call(pk: int) -> WebhookCall:
    return get_object_or_404(WebhookCall.objects.all(), pk=pk)


def _secret_words(secret: str) -> str:
    return _("Copy the secret now; it is not shown again: %(secret)s") % {"secret": secret}


@webhooks.action()
def add_webhook(request: TenantRequest) -> str:
    """Add a webhook; its secret is shown once."""
    posted = request.POST
    _made, secret = Webhook.add(posted.get("name", ""), posted.get("url", ""), by=request.member)
    return _secret_words(secret)


@webhooks.action(_webhook)
def edit_webhook(request: TenantRequest, webhook: Webhook) -> str:
    """Change the URL of a webhook."""
    webhook.edit(request.POST.get("url", ""), by=request.member)
    return _("“%(name)s” was saved.") % {"name": webhook.name}


@webhooks.action(_webhook)
def renew_secret(request: TenantRequest, webhook: Webhook) -> str:
    """Replace the secret. The new one is shown once."""
    return _secret_words(webhook.renew_secret(by=request.member))


# Archived: nothing is sent to it any more.
archive_webhook, restore_webhook = webhooks.archive_actions(_webhook)


@webhooks.action(_call)
def retry_call(request: TenantRequest, call: WebhookCall) -> str:
    """Retry a failed call."""
    call.retry(by=request.member)
    return _("The webhook is called again.")
