"""Register the filter of neglected customers, the settings of cadences, and the start of the watch in a tenant."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.jobs.customers.customer_list import CustomerFilters
from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.lists.conditions.field_types import FlagFilter
from crm.web.lists.conditions.filters import AddedFilter
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.settings.sections import Section
from followups.neglect.last_contact import ContactUnderWay
from followups.neglect.models import Neglect
from followups.neglect.watch import BACKLOG, watch_customers
from followups.sequences.models import Enrolment

MANAGE = "followups.manage_cadences"


def _people_in_sequences(people: Collection[int]) -> Collection[int]:
    rows = Enrolment.objects.of_people(people).inside().in_test(False)
    return set(rows.values_list("person_id", flat=True))


FEATURES: list[Feature] = [
    Permission(
        name=MANAGE,
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Set how often customers are contacted"),
        note=_("After how many days without contact a call is planned."),
    ),
    Section(
        group="sales",
        name="followups:cadences",
        permission=MANAGE,
        icon="hourglass",
        label=_("Contact with customers"),
        note=_("After how many days without contact a call is planned, for each group of customers."),
        affects=_("Affects the calls that are planned for customers without contact."),
        words=_("neglected silence cadence segments"),
    ),
    AddedFilter(
        CustomerFilters,
        "neglected",
        FlagFilter(
            _("Without contact"),
            yes=_("for longer than planned"),
            q=lambda value, viewer: Q(Exists(Neglect.objects.lasting().filter(person_id=OuterRef("pk")).order_by())),
        ),
    ),
    NoticeKind(
        name=BACKLOG,
        permission="followups.see_all",
        icon="hourglass",
        label=_("Many customers are without contact for too long"),
        words=_("Customers are without contact for longer than planned. Plan calls for them."),
        default=NoticeWay.MAIL,
        in_hours=True,
        page="followups:list",
    ),
    ContactUnderWay(name="sequences", people=_people_in_sequences),
    TenantStart(watch_customers, again=watch_customers),
]
