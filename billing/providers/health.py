"""Payment providers on the health page: refused calls, forged webhooks, and webhooks that wait for a person."""

from collections.abc import Iterable

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.models.online import EventState, ProviderAccount, ProviderEvent
from billing.providers.checkouts import peer_of
from billing.providers.events import READ, forged_today
from billing.providers.registry import is_offered
from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.work import due_io
from crm.web.health.findings import Finding, HealthState, ParkedItems
from crm.web.health.replay_action import AT_ONCE
from crm.web.health.snapshot import HealthSnapshot

PAGE = "payment_accounts:accounts"
REPLAY = "provider_events"


def provider_findings(look: HealthSnapshot) -> Iterable[Finding]:
    """Return what is wrong with the accounts; nothing if there are none."""
    accounts = list(ProviderAccount.objects.filter(disconnected_at=None).select_related("brand"))
    for account in accounts:
        words = {"provider": account.label, "brand": account.brand.name, "why": account.problem}
        if not is_offered(account.provider):
            sentence = _("%(brand)s is connected to the built-in payment page, which takes no payments here.")
            yield Finding(HealthState.DOWN, sentence % words, page=PAGE, about=str(account.pk))
        elif account.problem:
            sentence = _("%(provider)s refused a call for %(brand)s: %(why)s")
            yield Finding(HealthState.DOWN, sentence % words, page=PAGE, about=str(account.pk))
    forged = forged_today()
    if forged:
        sentence = ngettext(
            "%(count)s message that claimed to be from a payment provider was refused today.",
            "%(count)s messages that claimed to be from a payment provider were refused today.",
            forged,
        )
        yield Finding(HealthState.SLOW, sentence % {"count": forged}, page=PAGE)
    elif accounts and not any(account.problem for account in accounts):
        yield Finding(HealthState.OK, _("Online payments work."))


def parked_events(look: HealthSnapshot) -> Iterable[ParkedItems]:
    """Count the webhooks that wait for a person."""
    waiting = ProviderEvent.objects.filter(state=EventState.PARKED).aggregate(
        count=Count("pk"), oldest=Min("received_at")
    )
    words = _("Messages of payment providers that could not be read")
    yield ParkedItems(waiting["count"], words, PAGE, waiting["oldest"], acts=((REPLAY, ""),))


def replay_parked(member: Member, about: str) -> int:
    """Have the oldest parked webhooks read again; return how many."""
    rows = ProviderEvent.objects.filter(state=EventState.PARKED, account__disconnected_at=None)
    events = list(rows.select_related("account").order_by("received_at", "pk")[:AT_ONCE])
    for event in events:
        event.wait_again(by=member)
        due_io.schedule(READ, event.pk, clock.now(), peer=peer_of(event.account))
    return len(events)
