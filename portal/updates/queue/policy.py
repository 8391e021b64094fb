"""Settings of updates: frequency, when drafts are written, and automatic sending."""

from django.utils.translation import gettext as _

from crm.kernel.whole_numbers import parse_typed_number
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page
from portal.models import UpdatePolicy
from portal.models.update_policy import update_policy
from portal.updates.features import SET_UP


@settings_page("updates:policy", SET_UP, "updates/policy.html")
def policy(request: TenantRequest) -> Context:
    """Show the current policy."""
    return {"policy": update_policy()}


@policy.action()
def set_policy(request: TenantRequest) -> str:
    """Save the policy."""
    UpdatePolicy.set(
        **{name: _parse_days(request.POST.get(name, "")) for name in ("cadence_days", "ahead_days", "unseen_days")},
        sends_itself="sends_itself" in request.POST,
        by=request.member,
    )
    return _("Saved.")


def _parse_days(text: str) -> int:
    return parse_typed_number(text, _("Enter a number of days."), most=999)
