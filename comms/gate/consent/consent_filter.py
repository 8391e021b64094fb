"""Filters of customers and leads by what they may be sent: consent and every stop, by channel and brand.

The gate asks more at the moment of sending (hours, caps, how long ago they were a customer). What is asked here is what
they themselves said, found by the fingerprint of their addresses: an index, whatever the number of rows.
"""

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models import Consent, Medium, Purpose, Suppression
from crm.jobs.customers.customer_list import CustomerFilters
from crm.jobs.list.conditions import JobFilters
from crm.people.models import ContactPoint
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import Choice, by_uid
from crm.web.lists.conditions.field_types import ChoiceFilter
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.lists.conditions.viewer import Viewer

# What may be sent, in the order of the choices: the purpose, the medium, in words, and the kind of address it goes to.
WAYS = (
    (Purpose.SERVICE, Medium.EMAIL, gettext_lazy("email"), "email"),
    (Purpose.SERVICE, Medium.SMS, gettext_lazy("text messages"), "phone"),
    (Purpose.SERVICE, Medium.WHATSAPP, gettext_lazy("WhatsApp messages"), "phone"),
    (Purpose.MARKETING, Medium.EMAIL, gettext_lazy("offers by email"), "email"),
    (Purpose.MARKETING, Medium.SMS, gettext_lazy("offers by text message"), "phone"),
    (Purpose.MARKETING, Medium.WHATSAPP, gettext_lazy("offers by WhatsApp"), "phone"),
)
_KINDS = {(str(purpose), str(medium)): kind for purpose, medium, _words, kind in WAYS}


def _consent_choices(member: Member) -> list[Choice]:
    brands = directory().brands.values()
    several = len(brands) > 1
    return [
        Choice(
            f"{purpose}-{medium}-{brand.uid}",
            _("%(what)s (%(brand)s)") % {"what": words, "brand": brand.name} if several else str(words),
        )
        for brand in brands
        for purpose, medium, words, _kind in WAYS
    ]


def _condition_for(person: str) -> Callable[[str, Viewer], Q]:
    """Return the condition on rows that refer to a person by this column."""

    def condition(value: str, viewer: Viewer) -> Q:
        purpose, medium, uid = value.split("-", 2)
        return may_be_sent(purpose, medium, by_uid(directory().brands, uid), person=person)

    return condition


def may_be_sent(purpose: str, medium: str, brand_id: int, *, person: str = "pk") -> Q:
    """Return the condition for persons a brand may write to: no stop at one of their addresses at least.

    Offers need their yes, as the last they said of it; news of the work goes unless they said no.
    """
    stops = Suppression.objects.in_force().covering(purpose).order_by()
    stops = stops.filter(Q(brand=None) | Q(brand_id=brand_id), medium__in=["", medium])
    about = Consent.objects.filter(medium=medium, purpose=purpose, brand_id=brand_id).order_by()
    later = about.filter(key=OuterRef("key"), pk__gt=OuterRef("pk"))
    last_word = about.filter(~Exists(later), key=OuterRef("fingerprint"))
    yes = Exists(last_word.filter(given=True))
    points = ContactPoint.objects.filter(
        yes if purpose == Purpose.MARKETING else ~Exists(last_word.filter(given=False)),
        ~Exists(stops.filter(key=OuterRef("fingerprint"))),
        ~Exists(stops.filter(person_id=OuterRef("person_id"))),
        person_id=OuterRef(person),
        kind=_KINDS[purpose, medium],
    )
    return Q(Exists(points.order_by()))


def _build_filter(person: str) -> ChoiceFilter:
    return ChoiceFilter(gettext_lazy("May be sent"), choices=_consent_choices, q=_condition_for(person))


FILTERS: list[Feature] = [
    AddedFilter(CustomerFilters, "consent", _build_filter("pk")),
    AddedFilter(JobFilters, "consent", _build_filter("person_id")),
]
