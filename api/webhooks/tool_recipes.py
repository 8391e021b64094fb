"""Make, Zapier and n8n: how they are connected, and which of the usual scenarios the product does itself."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from api.tokens.features import MANAGE
from api.webhooks.sample_events import sample_event
from comms.models import Message
from comms.models.medium import Direction, Medium
from crm.kernel import clock
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page

# The days that are counted, and the types whose samples are shown.
PERIOD = timedelta(days=30)
# How the other side checks a call, by the library of Standard Webhooks or by hand.
VERIFY_SAMPLE = """\
# pip install standardwebhooks
from standardwebhooks import Webhook

event = Webhook("whsec_…").verify(body, headers)  # raises an error if the call is not genuine, or is too old

# The same by hand
import base64, hashlib, hmac

key = base64.b64decode("whsec_…".removeprefix("whsec_"))
signed = f'{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{body}'.encode()
signature = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
is_genuine = any(hmac.compare_digest(signature, one) for one in headers["webhook-signature"].split())
"""
SAMPLES = ("lead.won", "job.moved", "quote.accepted", "invoice.paid")


@dataclass(frozen=True)
class NativeScenario:
    """A scenario that is built in. `count`: how often it ran since an instant; each run is an operation of a tool."""

    label: Promise
    words: Promise
    counted: Promise
    count: Callable[[datetime], int]
    # URL names of where it is set up, with their words.
    pages: tuple[tuple[str, Promise], ...]


def _count_received_mails(since: datetime) -> int:
    return _count_received(since, medium=Medium.EMAIL)


def _count_routed(since: datetime) -> int:
    return _count_received(since, automatic="")


def _count_received(since: datetime, **conditions: str) -> int:
    rows = Message.objects.filter(direction=Direction.IN, at__gte=since, **conditions)
    return int(rows.for_everybody().count())


def _count_automatic(since: datetime) -> int:
    return int(Message.objects.filter(direction=Direction.OUT, at__gte=since, author=None).count())


def _count_rendered(since: datetime) -> int:
    rows = Message.objects.filter(direction=Direction.OUT, at__gte=since, template_version__isnull=False)
    return int(rows.count())


SCENARIOS = (
    NativeScenario(
        label=_("Email parsing"),
        words=_("Mail is read as it comes: who wrote, what was quoted, which lead it belongs to."),
        counted=_("emails received"),
        count=_count_received_mails,
        pages=(("comms:channels", _("Channels")), ("intake:doors", _("Lead capture"))),
    ),
    NativeScenario(
        label=_("Auto-responses"),
        words=_("Triggers answer, confirm and remind, at the hours and on the channel that the customer allows."),
        counted=_("messages sent without a colleague"),
        count=_count_automatic,
        pages=(("automation:rules", _("Triggers")),),
    ),
    NativeScenario(
        label=_("Channel routing"),
        words=_("Each message is put on its conversation and its lead, whatever channel it came by, and assigned."),
        counted=_("messages received on all channels"),
        count=_count_routed,
        pages=(("tickets:policy", _("Conversations")), ("jobs:assignment", _("Assignment"))),
    ),
    NativeScenario(
        label=_("Template rendering"),
        words=_("Templates fill in names, amounts and times in the language of the customer."),
        counted=_("messages written from a template"),
        count=_count_rendered,
        pages=(("comms:templates", _("Templates")),),
    ),
)


@settings_page("api_tokens:recipes", MANAGE, "api/webhooks/recipes.html")
def recipes(request: TenantRequest) -> Context:
    """Show how the tools subscribe, samples of what they are sent, and what is built in. Four counts."""
    since = clock.now() - PERIOD
    slug = request.tenant.slug
    scenarios = [
        {
            "scenario": one,
            "count": one.count(since),
            "pages": [(reverse(name, args=[slug]), words) for name, words in one.pages],
        }
        for one in SCENARIOS
    ]
    return {
        "scenarios": scenarios,
        "total": sum(one["count"] for one in scenarios),
        "subscribe": _curl("POST", "webhooks/", {"url": "https://hooks.example.com/…", "types": ["lead.won"]}),
        "unsubscribe": _curl("DELETE", "webhooks/$ID/", None),
        "poll": _curl("GET", "events/?after=latest&types=lead.won", None),
        "verify": VERIFY_SAMPLE,
        "samples": [(name, json.dumps(sample_event(name), indent=2)) for name in SAMPLES],
    }


def _curl(method: str, path: str, body: object) -> str:
    lines = [f'curl -X {method} "{settings.SITE_URL}/api/v1/{path}"', '-H "Authorization: Bearer $TOKEN"']
    if body is not None:
        lines.append('-H "Content-Type: application/json"')
        lines.append(f"-d '{json.dumps(body, ensure_ascii=False)}'")
    return " \\\n  ".join(lines)
