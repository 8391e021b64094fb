"""The outbox: messages that wait, failed or have an unknown state; one's own, for managers everybody's."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.channels.directory import all_channels
from comms.library.catalogue import catalogue
from comms.models import Medium, Message, TemplateVersion
from comms.outbox.figures import RESULTS, condition
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.design.look import language_name
from crm.web.lists.conditions.choices import Choice, by_uid
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, FlagFilter, MemberFilter, RecordFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Chip, Filters
from crm.web.lists.definition import List, View, Words
from crm.web.lists.paging import Order

SEE_ALL = "outbox.see_all"
State = Message.State
# What stands here unless another state is asked for; the index message_in_outbox has the same.
UNSETTLED = (State.QUEUED, State.HELD, State.SENDING, State.UNKNOWN, State.FAILED)
# What somebody is to look at.
ATTENTION = (State.UNKNOWN, State.FAILED)
STATES = {
    State.QUEUED: gettext_lazy("Waiting to be sent"),
    State.HELD: gettext_lazy("Held"),
    State.SENDING: gettext_lazy("Being sent"),
    State.UNKNOWN: gettext_lazy("Unclear"),
    State.FAILED: gettext_lazy("Failed"),
    State.DROPPED: gettext_lazy("Not sent, because of a rule"),
    State.CANCELLED: gettext_lazy("Cancelled"),
    State.SENT: gettext_lazy("Sent"),
}
MOST_COUNTED = 99
_WAITING = "waiting"
_CALL = "call"


def _state_choices(member: Member) -> list[Choice]:
    both = Choice(_WAITING, _("Waiting or held"))
    return [both, *(Choice(str(state), str(label)) for state, label in STATES.items())]


def _in_state(value: str, viewer: Any) -> Q:
    if value == _WAITING:
        return Q(state__in=(State.QUEUED, State.HELD))
    return Q(state=value)


def _medium_choices(member: Member) -> list[Choice]:
    return [Choice(medium.value, str(medium.label)) for medium in (Medium.EMAIL, Medium.SMS, Medium.WHATSAPP)]


def _channel_choices(member: Member) -> list[Choice]:
    return [Choice(str(channel.uid), channel.address) for channel in all_channels().values()]


def _of_channel(value: str, viewer: Any) -> Q:
    return Q(channel_id=by_uid(all_channels(), value))


def _template_choices(member: Member) -> list[Choice]:
    return [Choice(str(template.uid), template.name) for template in catalogue().templates.values()]


def _of_template(value: str, viewer: Any) -> Q:
    of_it = TemplateVersion.objects.filter(template_id=by_uid(catalogue().templates, value)).order_by()
    return Q(template_version_id__in=of_it.values("pk"))


def _language_choices(member: Member) -> list[Choice]:
    return [Choice(code, language_name(code)) for code in sorted({key[2] for key in catalogue().texts})]


def _version_choices(member: Member) -> list[Choice]:
    highest = max((text.newest.number for text in catalogue().texts.values()), default=0)
    return [Choice(str(number), str(number)) for number in range(1, highest + 1)]


def _of_version(column: str) -> Any:
    """Build the condition of a filter on a column of the template version."""

    def q(value: str, viewer: Any) -> Q:
        return Q(template_version_id__in=TemplateVersion.objects.filter(**{column: value}).order_by().values("pk"))

    return q


def _result_choices(member: Member) -> list[Choice]:
    return [Choice(result, str(label)) for result, label in RESULTS.items()]


class OutboxFilters(FilterSet):
    state = ChoiceFilter(gettext_lazy("State"), choices=_state_choices, q=_in_state)
    call = FlagFilter(
        gettext_lazy("To call"),
        yes=gettext_lazy("no message was delivered"),
        q=lambda value, viewer: Q(call_wanted_at__isnull=False),
    )
    who = MemberFilter(gettext_lazy("Written by"), "author", others=SEE_ALL)
    medium = ChoiceFilter(gettext_lazy("Channel"), choices=_medium_choices)
    brand = RecordFilter(gettext_lazy("Brand"), "brand", records=lambda: directory().brands)
    channel = ChoiceFilter(gettext_lazy("Address or number"), choices=_channel_choices, q=_of_channel)
    template = ChoiceFilter(gettext_lazy("Template"), choices=_template_choices, q=_of_template)
    language = ChoiceFilter(gettext_lazy("Language"), choices=_language_choices, q=_of_version("language"))
    version = ChoiceFilter(gettext_lazy("Version"), choices=_version_choices, q=_of_version("number"))
    result = ChoiceFilter(gettext_lazy("Result"), choices=_result_choices, q=lambda value, viewer: condition(value))
    at = DateFilter(gettext_lazy("When"), "at")


def _count_text(found: str) -> str:
    if found == "1":
        return _("1 message")
    return _("%(found)s messages") % {"found": found}


class OutboxList(List):
    """Outgoing messages by time, latest first."""

    key = "outbox"
    page = "outbox:list"
    permission = "comms.send"
    filterset = OutboxFilters
    first_field = "state"
    words = Words(
        name=gettext_lazy("Outbox"),
        where=gettext_lazy("Sent messages where"),
        everything=gettext_lazy("Everything not sent"),
        counted=_count_text,
        sorted_by=gettext_lazy("by date written"),
    )

    def visible(self, member: Member) -> Any:
        ours = Message.objects.visible_to(member).filter(direction="out")
        if allows(member, SEE_ALL):
            return ours
        return ours.filter(author=member)

    def order(self, filters: Filters) -> Order:
        return Order(Message, "at", "id", down=True)

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Hide settled messages unless a filter includes them."""
        is_filtered = any(filters.asks(name) for name in ("state", "call", "result", "template", "channel"))
        if is_filtered:
            return rows
        return rows.filter(state__in=UNSETTLED)

    def views(self, member: Member) -> list[View]:
        return [
            View("all", _("Everything not sent"), self.filters()),
            View("waiting", _("Waiting"), self.filters(state=_WAITING)),
            View("unknown", _("Unclear"), self.filters(state=str(State.UNKNOWN))),
            View("failed", _("Failed"), self.filters(state=str(State.FAILED))),
            View("call", _("Call these people"), self.filters(call="1")),
        ]

    def standing_chips(self, filters: Filters, member: Member) -> list[Chip]:
        if allows(member, SEE_ALL):
            return []
        return [Chip("who", _("Written by"), member.name)]


OUTBOX = OutboxList()


def attention(member: Member) -> str:
    """Count failed and unknown messages, for the navigation."""
    count = OUTBOX.visible(member).filter(state__in=ATTENTION).order_by()[: MOST_COUNTED + 1].count()
    if count > MOST_COUNTED:
        return f"{MOST_COUNTED}+"
    return str(count or "")
