"""Settings of webhooks: all of them, and one with its events, its secret and its deliveries."""

from typing import Any

from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from api.events.event_types import GROUPS
from api.models import EventSubscription
from api.secret_message import secret_message
from api.tokens.features import MANAGE as MANAGE_API
from api.webhooks.choices import check_types, tidy_filters
from api.webhooks.delivery_log import LOG_ROWS, read_log
from api.webhooks.replays import queue_ping, replay_failed
from api.webhooks.webhook_state import describe_state, load_health
from crm.automation.models import Webhook, WebhookCall, WebhookHealth
from crm.automation.models.webhook import webhooks as setup
from crm.automation.models.webhook_call import LOST, wake_webhook
from crm.automation.webhooks.permission import MANAGE
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page
from leads.lead_list import LEADS

# Event types that a line of the list names; the others are counted.
NAMED_TYPES = 3


def version() -> str:
    """Hash what the page's forms show."""
    return version_of([(row.pk, row.name, row.url, row.archived_at, row.disabled_at) for row in setup().values()])


ROWS = NamedRows(
    address="webhooks:%s",
    none=gettext_lazy("No webhook yet."),
    new=gettext_lazy("New webhook"),
    add=gettext_lazy("Add webhook"),
    row="api/webhooks/_webhook.html",
    new_fields="api/webhooks/_new_url.html",
    below="api/webhooks/_below.html",
    script="copy",
    is_narrow=False,
)


@settings_page("webhooks:webhooks", MANAGE, ROWS, version=version)
def webhooks(request: TenantRequest) -> Context:
    """Show the active webhooks, how each does, and the archived ones."""
    reader = Reader.of(request.member, clock.now())
    health = load_health()
    subscribed = {row.webhook_id: row for row in EventSubscription.objects.all()}
    failed = _count_failed()

    def facts(row: Webhook) -> dict[str, Any]:
        return {
            "state": describe_state(row, health.get(row.pk), reader),
            "failed": failed.get(row.pk, 0),
            "types": _types_words(subscribed.get(row.pk)),
        }

    return row_context(setup().values(), facts) | {"may_see_api": allows(request.member, MANAGE_API)}


def _count_failed() -> dict[int, int]:
    rows = WebhookCall.objects.filter(state__in=LOST).order_by().values("webhook_id")
    return {row["webhook_id"]: row["count"] for row in rows.annotate(count=Count("pk"))}


def _types_words(row: EventSubscription | None) -> str:
    if row is None:
        return _("for triggers only")
    more = len(row.types) - NAMED_TYPES
    words = ", ".join(row.types[:NAMED_TYPES])
    if more > 0:
        return ngettext("%(types)s and %(more)s more", "%(types)s and %(more)s more", more) % {
            "types": words,
            "more": more,
        }
    return words


def _find_webhook(pk: int) -> Webhook:
    return get_object_or_404(Webhook.objects.all(), pk=pk)


@webhooks.action(reauthenticates=True)
def add_webhook(request: TenantRequest) -> str:
    """Add a webhook; its secret is shown once."""
    posted = request.POST
    _webhook, secret = Webhook.add(posted.get("name", ""), posted.get("url", ""), by=request.member)
    return _secret_words(secret)


def _secret_words(secret: str) -> str:
    return secret_message(_("Copy the secret now. It is not shown again."), secret)


# Archived: nothing is sent to it any more.
archive_webhook, restore_webhook = webhooks.archive_actions(_find_webhook)


def webhook_version(pk: int) -> str:
    """Hash what the forms of a webhook's page show."""
    row = setup().get(pk)
    if row is None:
        raise Http404
    subscription = EventSubscription.objects.filter(webhook_id=pk).first()
    chosen = subscription and (subscription.types, subscription.filters, subscription.member_id)
    return version_of([row.url, row.archived_at, row.disabled_at, chosen])


@settings_page("webhooks:webhook", MANAGE, "api/webhooks/webhook.html", version=webhook_version, of=("pk",))
def webhook(request: TenantRequest, pk: int) -> Context:
    """Show a webhook: whether it answers, its events, and its deliveries, 50 a page."""
    row = _find_webhook(pk)
    reader = Reader.of(request.member, clock.now())
    subscription = EventSubscription.objects.filter(webhook=row).first()
    log = read_log(row, request.GET, reader)
    return {
        "webhook": row,
        "state": describe_state(row, load_health().get(row.pk), reader),
        "retired_until": row.retired_until and row.retired_until > clock.now() and reader.moment(row.retired_until),
        "groups": _type_groups(subscription, request),
        "filters": subscription.filters if subscription else "",
        "chips": _filter_chips(subscription),
        "members": [member for member in directory().members.values() if member.active],
        "member": _chosen_member(subscription, request.member),
        "subscription": subscription,
        "log": log,
        "log_rows": LOG_ROWS,
        "failed": _count_failed().get(row.pk, 0),
        "waiting": _count_waiting(row),
    }


def _type_groups(subscription: EventSubscription | None, request: TenantRequest) -> list[dict[str, Any]]:
    chosen = set(subscription.types) if subscription else set()
    if request.path.endswith("/events/"):
        chosen = set(request.POST.getlist("types"))
    return [
        {
            "label": label,
            "types": [(one.name, one.label, one.name in chosen) for one in types],
            "chosen": sum(one.name in chosen for one in types),
        }
        for label, types in GROUPS
    ]


def _filter_chips(subscription: EventSubscription | None) -> list[str]:
    if subscription is None or not subscription.filters:
        return []
    member = directory().members[subscription.member_id]
    filters = LEADS.read(subscription.query(), member)
    return [f"{chip.label}: {chip.value}" for chip in filters.chips(member)] + [
        _("%(name)s (no longer there: nothing is sent)") % {"name": name} for name in filters.dropped
    ]


def _chosen_member(subscription: EventSubscription | None, member: Member) -> Member:
    if subscription is None:
        return member
    return directory().members[subscription.member_id]


def _count_waiting(row: Webhook) -> int:
    return int(WebhookCall.objects.filter(webhook=row, state__in=("queued", "sending")).aggregate(n=Count("pk"))["n"])


@webhook.action(_find_webhook)
def edit_webhook(request: TenantRequest, row: Webhook) -> str:
    """Change the address of a webhook."""
    row.edit(request.POST.get("url", ""), by=request.member)
    WebhookHealth.reset(row.pk)
    return _("“%(name)s” was saved.") % {"name": row.name}


@webhook.action(_find_webhook)
def choose_events(request: TenantRequest, row: Webhook) -> str:
    """Choose the events that a webhook is called for, and who sees them; without any, triggers alone call it."""
    types = request.POST.getlist("types")
    by = request.member
    member = _posted_member(request)
    before = EventSubscription.objects.filter(webhook=row).first()
    if not types:
        if before:
            before.unsubscribe(by=by)
        return _("“%(name)s” is called by triggers only.") % {"name": row.name}
    types = check_types(types)
    filters = tidy_filters(request.POST.get("filters", ""), member)
    if before and before.member_id == member.pk:
        before.change(types, filters, before.payload_version, by=by)
    else:
        if before:
            before.unsubscribe(by=by)
        EventSubscription.subscribe(row, types, member=member, by=by, filters=filters)
    return _("“%(name)s” was saved.") % {"name": row.name}


def _posted_member(request: TenantRequest) -> Member:
    for member in directory().members.values():
        if str(member.uid) == request.POST.get("member") and member.active:
            return member
    return request.member


@webhook.action(_find_webhook, reauthenticates=True)
def renew_secret(request: TenantRequest, row: Webhook) -> str:
    """Replace the secret. The new one is shown once."""
    return _secret_words(row.renew_secret(by=request.member))


@webhook.action(_find_webhook)
def send_ping(request: TenantRequest, row: Webhook) -> str:
    """Send a test."""
    queue_ping(row)
    return _("The test is on its way. What comes of it is below in a moment.")


@webhook.action(_find_webhook)
def switch_off_webhook(request: TenantRequest, row: Webhook) -> str:
    """Switch a webhook off for a while."""
    row.switch_off(by=request.member)
    wake_webhook(row.pk, clock.now())
    return _("“%(name)s” is switched off. What happens meanwhile is kept as not delivered.") % {"name": row.name}


@webhook.action(_find_webhook)
def enable_webhook(request: TenantRequest, row: Webhook) -> str:
    """Switch a webhook on again."""
    row.enable(by=request.member)
    WebhookHealth.reset(row.pk)
    if _count_failed().get(row.pk):
        return _("“%(name)s” is switched on. Send again below what was not delivered.") % {"name": row.name}
    return _("“%(name)s” is switched on.") % {"name": row.name}


@webhook.action(_find_webhook)
def replay_all(request: TenantRequest, row: Webhook) -> str:
    """Deliver again all that failed."""
    count = replay_failed(row, by=request.member)
    return ngettext("%(count)s call is made again.", "%(count)s calls are made again.", count) % {"count": count}


def _find_call(pk: int, call: int) -> WebhookCall:
    return get_object_or_404(WebhookCall.objects.filter(webhook_id=pk), pk=call)


@webhook.action(_find_call)
def retry_call(request: TenantRequest, call: WebhookCall) -> str:
    """Make a failed call again."""
    call.retry(by=request.member)
    return _("The webhook is called again.")
