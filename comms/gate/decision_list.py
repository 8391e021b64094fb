"""The list of gate decisions in the organization: what was sent, what was not, and why."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models import Decision, Medium, Purpose
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, RecordFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.definition import List, View, Words
from crm.web.lists.paging import Order

LATEST_FIRST = Order(Decision, "at", "id", down=True)
# Why something was not sent, by the codes of the rules.
REASONS = {
    "stop": gettext_lazy("STOP"),
    "unsubscribed": gettext_lazy("Unsubscribed"),
    "complaint": gettext_lazy("Reported as spam"),
    "hard_bounce": gettext_lazy("The address does not exist"),
    "deceased": gettext_lazy("Deceased"),
    "blocked": gettext_lazy("Do not contact"),
    "unclear": gettext_lazy("Possible STOP"),
    "switched_off": gettext_lazy("Stopped by a colleague"),
    "practice": gettext_lazy("Practice organization"),
    "no_consent": gettext_lazy("No consent"),
    "consent_withdrawn": gettext_lazy("Consent withdrawn"),
    "no_relationship": gettext_lazy("No open or recent job"),
    "no_sender": gettext_lazy("No sender"),
    "no_address": gettext_lazy("No address"),
    "not_a_mobile": gettext_lazy("Number can’t receive texts"),
    "not_registered": gettext_lazy("Sender not registered"),
    "window_shut": gettext_lazy("WhatsApp window closed"),
    "template_not_approved": gettext_lazy("Template not approved"),
    "no_template": gettext_lazy("No template"),
    "duplicate": gettext_lazy("Already sent"),
    "cap": gettext_lazy("Too often"),
    "quiet_hours": gettext_lazy("Quiet hours"),
    "too_late": gettext_lazy("Too late"),
    "no_hour": gettext_lazy("No allowed hour"),
    "missing": gettext_lazy("Something is missing"),
    "empty": gettext_lazy("No text"),
    "sequence_over": gettext_lazy("The sequence is over"),
    "sequence_rests": gettext_lazy("The sequence rests"),
}


def _count_text(found: str) -> str:
    if found == "1":
        return _("1 decision")
    return _("%(found)s decisions") % {"found": found}


def _outcome_choices(_member: Member) -> list[Choice]:
    return [Choice(value, str(label)) for value, label in Decision.Outcome.choices]


def _reason_choices(_member: Member) -> list[Choice]:
    return [Choice(code, str(label)) for code, label in REASONS.items()]


def _medium_choices(_member: Member) -> list[Choice]:
    return [Choice(value, str(label)) for value, label in Medium.choices if value != Medium.PORTAL]


def _purpose_choices(_member: Member) -> list[Choice]:
    return [Choice(value, str(label)) for value, label in Purpose.choices]


class DecisionFilters(FilterSet):
    """Filters of decisions."""

    outcome = ChoiceFilter(gettext_lazy("Outcome"), choices=_outcome_choices)
    reason = ChoiceFilter(gettext_lazy("Reason"), choices=_reason_choices)
    medium = ChoiceFilter(gettext_lazy("Channel"), choices=_medium_choices)
    purpose = ChoiceFilter(gettext_lazy("Purpose"), choices=_purpose_choices)
    template = TextFilter(gettext_lazy("Template"), "template_name")
    brand = RecordFilter(gettext_lazy("Brand"), "brand", records=lambda: directory().brands)
    at = DateFilter(gettext_lazy("When"), "at")


class DecisionList(List):
    """The list of decisions on messages a member may see."""

    key = "decisions"
    page = "ledger:list"
    permission = "comms.view"
    filterset = DecisionFilters
    first_field = "outcome"
    words = Words(
        name=gettext_lazy("Sending log"),
        where=gettext_lazy("Decisions where"),
        everything=gettext_lazy("All decisions"),
        counted=_count_text,
        sorted_by=gettext_lazy("newest first"),
    )

    def visible(self, member: Member) -> object:
        return Decision.objects.visible_to(member)

    def order(self, filters: Filters) -> Order:
        return LATEST_FIRST

    def views(self, member: Member) -> list[View]:
        return [
            View("all", _("All"), self.filters()),
            View("needs", _("Needs review"), self.filters(outcome="needs_human"), "crit"),
            View("dropped", _("Not sent"), self.filters(outcome="drop")),
            View("waits", _("Delayed"), self.filters(outcome="defer")),
        ]


DECISIONS = DecisionList()
