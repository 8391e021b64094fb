"""Settings: how long after its end a conversation opens again, closes for good, and is archived (K5)."""

from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page
from tickets.models.policy import LifePolicy, life_policy

# Five years.
_MOST = 1826


@settings_page("tickets:policy", "tickets.set_up", "tickets/life/policy.html")
def policy(request: TenantRequest) -> Context:
    """Show the days that hold now."""
    return {"policy": life_policy()}


@policy.action()
def set_policy(request: TenantRequest) -> str:
    """Set the days; what is solved or closed already follows them."""
    days = {name: _days(request.POST.get(name, "")) for name in ("reopen_days", "close_days", "archive_days")}
    LifePolicy.set(**days, by=request.member)
    return _("Saved.")


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= _MOST):
        raise Refused(_("Give a number of days from 1 to %(most)s.") % {"most": _MOST})
    return int(text)
