"""Report from the field that the crew is on its way, late, or on site."""

from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.web.requests.http import TenantRequest
from service.models import Arrival, Project
from service.projects.project_list import local_day
from service.projects.views.project_action import ProjectAction


class ArrivalAction(ProjectAction):
    """An action that doesn't change the project, and so accepts any version of its page."""

    def check(self, request: TenantRequest, row: Project) -> None:
        """Accept any version: the report is idempotent."""


action = ArrivalAction()


@action()
def arrive(request: TenantRequest, project: Project) -> str:
    """Save the report; the customer's page shows it, and "on its way" and "late" are also sent to them."""
    state = request.POST.get("state", "")
    late = read_number(request.POST.get("minutes"), most=999) or 0
    if state not in Arrival.State.values:
        raise Refused(_("Choose whether you are on your way, late or on site."))
    Arrival.say(project, state, local_day(), minutes=late, by=request.member)
    if state == Arrival.State.HERE:
        return _("Noted.")
    return _("Saved. The customer gets a message.")
