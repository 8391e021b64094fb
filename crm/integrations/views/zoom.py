"""Settings: the organization's app at Zoom."""

from django.utils.translation import gettext as _

from crm.integrations.models import CalendarProblem, ZoomAccount
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page


def version() -> str:
    """Hash what the page's form shows."""
    account = ZoomAccount.objects.first()
    return version_of([account and (account.account_id, account.client_id, account.changed_at)])


@settings_page("video_meetings:zoom", "meetings.set_up", "integrations/zoom.html", version=version)
def zoom(request: TenantRequest) -> Context:
    """Show whether Zoom is connected, and why it does not work."""
    account = ZoomAccount.objects.first()
    problem = ""
    if account and account.problem in CalendarProblem.values:
        problem = str(CalendarProblem(account.problem).label)
    return {"account": account, "problem": problem}


@zoom.action()
def connect(request: TenantRequest) -> str:
    """Save the app; its secret is stored encrypted and not shown again."""
    posted = request.POST
    values = [posted.get(name, "") for name in ("account_id", "client_id", "client_secret")]
    ZoomAccount.connect(*values, by=request.member)
    return _("Zoom is connected. Members can now choose it under “My calendars”.")


@zoom.action()
def disconnect(request: TenantRequest) -> str:
    """Forget the app."""
    if account := ZoomAccount.objects.first():
        account.disconnect(by=request.member)
    return _("Zoom is disconnected. Links of meetings that were created stay valid.")
