"""Register online payments: the settings page, its permission, event words, and lines of the health page."""

from django.utils.translation import gettext_lazy as _

from billing.providers import health, systems
from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.health.findings import HealthAct, HealthCheck, ParkedSource
from crm.web.health.replay_action import retried_sentence
from crm.web.settings.sections import Section
from crm.web.timeline.event_words import EventWords

CONNECT = "billing.connect"

FEATURES: list[Feature] = [
    Permission(
        name=CONNECT,
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Connect payment providers"),
        note=_("Stripe and Mollie, with whom customers pay online."),
    ),
    Section(
        group="service",
        name="payment_accounts:accounts",
        permission=CONNECT,
        icon="credit-card",
        label=_("Payments"),
        note=_("With which provider customers pay online: Stripe or Mollie."),
        affects=_("Affects which ways to pay customers are offered on their page."),
        words=_("stripe mollie ideal credit card online payment provider webhook"),
    ),
    EventWords("provider_account.connected", "credit-card", _("connected a payment provider")),
    EventWords("provider_account.disconnected", "credit-card", _("disconnected a payment provider")),
    EventWords("provider_event.replayed", "rotate-cw", _("had a message of a payment provider read again")),
    HealthCheck(
        name="payments",
        section="integrations",
        label=_("Online payments"),
        look=health.provider_findings,
        alarms=True,
    ),
    ParkedSource(health.REPLAY, health.parked_events),
    systems.SYSTEM,
    HealthAct(
        name=health.REPLAY,
        permission=CONNECT,
        icon="rotate-cw",
        label=_("Replay"),
        do=health.replay_parked,
        told=retried_sentence,
        is_replay=True,
    ),
]
