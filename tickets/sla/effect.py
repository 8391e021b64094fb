"""Preview the effect of an edit on open tickets, with the same arithmetic as the recalculation."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.clock import arithmetic as ageing
from crm.jobs.pipelines.setup import Allowance
from crm.kernel import clock
from crm.kernel.business_hours import BusinessHours, HoursError
from crm.platform.models import BusinessCalendar
from crm.platform.organization import calendar_effects
from crm.platform.organization.configuration import directory
from tickets.models import Metric, Ticket, TicketClock
from tickets.models.sla_policy import target_allowance
from tickets.models.sla_terms import Policy, choose_policy

# Tickets looked at, the most urgent first: a fifth of a second.
MOST = 2000


class Effect(NamedTuple):
    """How many of the open tickets get another due date, become late, or stop being late."""

    moved: int = 0
    late: int = 0
    saved: int = 0
    more: bool = False

    @property
    def sentence(self) -> str:
        """Describe the effect: "12 open conversations would be late."."""
        if not self.moved:
            return _("No due dates of open conversations change.")
        sentences = [
            ngettext(
                "Changes the due date of %(count)s open conversation.",
                "Changes the due date of %(count)s open conversations.",
                self.moved,
            )
            % {"count": self.moved}
        ]
        if self.late:
            text = ngettext(
                "%(count)s open conversation would be late.", "%(count)s open conversations would be late.", self.late
            )
            sentences.append(text % {"count": self.late})
        if self.saved:
            text = ngettext("%(count)s would no longer be late.", "%(count)s would no longer be late.", self.saved)
            sentences.append(text % {"count": self.saved})
        if self.more:
            sentences.append(_("Only the first %(count)s were checked; there are more.") % {"count": MOST})
        return " ".join(sentences)


def of_policies(policies: Sequence[Policy]) -> Effect:
    """Preview these policies. Raises HoursError for a time a calendar never reaches."""
    tickets = list(Ticket.objects.open().in_list_order()[: MOST + 1])
    if any(policy.conditions.partners_only for policy in policies):
        prefetch_related_objects(tickets, "participants")

    def promised_allowance(ticket: Ticket, metric: Metric) -> Allowance | None:
        target = choose_policy(policies, ticket.promises.case()).promises(ticket.priority).get(metric)
        if target:
            return target_allowance(target, ticket.brand_id)
        return None

    return _compute_effect(tickets[:MOST], promised_allowance, more=len(tickets) > MOST)


def _compute_effect(
    tickets: Sequence[Ticket], promised: Callable[[Ticket, Metric], Allowance | None], *, more: bool
) -> Effect:
    now = clock.now()
    organization = directory()
    counts = {"moved": set[int](), "late": set[int](), "saved": set[int]()}
    by_id = {ticket.pk: ticket for ticket in tickets}
    for row in TicketClock.objects.open().filter(ticket__in=by_id, due_at__isnull=False):
        allowed = promised(by_id[row.ticket_id], Metric(row.metric))
        if allowed is None:
            continue
        hours = None
        if allowed.calendar_id:
            hours = organization.calendars[allowed.calendar_id]
        after = ageing.instants(
            row.clock_started_at, allowed.seconds, hours, used=row.clock_used, ratios=organization.tenant.ratios
        ).due_at
        for name, holds in (
            ("moved", after != row.due_at),
            ("late", after <= now < row.due_at),
            ("saved", row.due_at <= now < after),
        ):
            if holds:
                counts[name].add(row.ticket_id)
    return Effect(len(counts["moved"]), len(counts["late"]), len(counts["saved"]), more)


def preview_effect(
    *, calendar: BusinessCalendar, changed: BusinessHours, **_more: Any
) -> calendar_effects.CalendarEffect:
    """Count the open tickets whose due date an edited calendar would move."""
    rows = TicketClock.objects.filter(calendar=calendar, due_at__isnull=False)
    count = rows.values("ticket_id").distinct().count()
    if count > MOST:
        words = _("Up to %(number)s open conversations on this calendar get a new due date.")
        return calendar_effects.CalendarEffect(count, words % {"number": count})
    ratios = directory().tenant.ratios
    moved = set()
    try:
        for pk, start, allowed, used, due_at in rows.values_list(
            "ticket_id", "clock_started_at", "allowed", "clock_used", "due_at"
        ):
            if ageing.instants(start, allowed, changed, used=used, ratios=ratios).due_at != due_at:
                moved.add(pk)
        number = len(moved)
    except HoursError:
        number = count
    words = ngettext(
        "%(number)s of %(count)s open conversations on this calendar gets a new due date.",
        "%(number)s of %(count)s open conversations on this calendar get a new due date.",
        number,
    )
    return calendar_effects.CalendarEffect(number, words % {"number": number, "count": count})
