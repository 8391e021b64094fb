"""Settings: after how many days without contact a call is planned, for each segment of customers."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.customers.customer_list import CUSTOMERS
from crm.platform.models import Member
from crm.web.models import SavedView
from crm.web.models.saved_view import SharedWith
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid, select_field, text_field
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page
from followups.neglect.features import MANAGE
from followups.neglect.models import ContactCadence
from followups.neglect.models.contact_cadence import LONGEST_DAYS, contact_cadences


def segment_choices(member: Member, kept: str = "") -> list[tuple[str, str]]:
    """Return the conditions to choose from: the views of the customer list, those shared with everyone, `kept`."""
    views = {view.filters.query().removeprefix("?"): str(view.name) for view in CUSTOMERS.views(member)}
    shared = SavedView.objects.filter(list_key=CUSTOMERS.key, shared=SharedWith.EVERYONE, archived_at=None)
    views.update(shared.order_by("position", "pk").values_list("query", "name"))
    views.pop("", None)
    if kept and kept not in views:
        views[kept] = _("The condition as it is")
    return [("", _("Every customer")), *views.items()]


class CadenceForm(forms.Form):
    """Form of a cadence: its name, its days, and the segment it is for."""

    name = text_field(gettext_lazy("Name"), 60)
    query = select_field(gettext_lazy("Customers"), (), required=False)
    days = forms.IntegerField(
        label=gettext_lazy("Plan a call after this many days without contact"),
        min_value=1,
        max_value=LONGEST_DAYS,
        widget=forms.NumberInput({"class": "input", "min": 1, "max": LONGEST_DAYS}),
    )

    def __init__(self, *args: Any, member: Member, row: ContactCadence | None = None, **kwargs: Any) -> None:
        cadence = row or ContactCadence()
        kwargs.setdefault("initial", {name: getattr(cadence, name) for name in ("name", *ContactCadence.FIELDS)})
        kwargs.setdefault("auto_id", f"cadence-{row.pk if row else 'new'}-%s")
        super().__init__(*args, **kwargs)
        self.fields["query"].choices = segment_choices(member, cadence.query)  # type: ignore[attr-defined]


def version() -> str:
    """Hash what the page's forms show."""
    return version_of([(row.pk, row.name, row.days, row.query, row.archived_at) for row in contact_cadences().values()])


ROWS = NamedRows(
    address="followups:%s_cadence",
    none=gettext_lazy("No groups yet: a call is planned after 60 days without contact."),
    new=gettext_lazy("New group"),
    add=gettext_lazy("Add group"),
    facts="followups/_cadence_facts.html",
)


@settings_page("followups:cadences", MANAGE, ROWS, version=version)
def cadences(request: TenantRequest) -> Context:
    """Show the cadences in the order in which they are matched, and the archived ones."""
    posted = request.POST if request.path.endswith("/cadences/add/") else None
    rows = row_context(contact_cadences().values(), lambda row: CadenceForm(row=row, member=request.member))
    return rows | {"new": CadenceForm(posted, member=request.member)}


def _posted_values(request: TenantRequest, row: ContactCadence | None) -> Context:
    return require_valid(CadenceForm(request.POST, row=row, member=request.member)).cleaned_data


add_cadence, edit_cadence, archive_cadence, restore_cadence = cadences.row_actions(ContactCadence, _posted_values)
