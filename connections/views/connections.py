"""Settings, Connections: every connected system, the alarms, and when alarms are passed on."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from connections.models import Connection, SyncItem, alert_policy
from connections.models.alert_policy import AlertPolicy
from connections.notices import FAILED
from connections.permissions import MANAGE
from connections.sync.alerts import alert_key, alert_steps
from connections.views.system_list import count_marks, system_groups
from crm.kernel import clock
from crm.web.notices.acknowledgements import acknowledgement_of
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid
from crm.web.settings.page import Context, settings_page


class AlertPolicyForm(forms.Form):
    """When a failing connection is reported, texted and passed on, in minutes."""

    patience = forms.IntegerField(
        label=gettext_lazy("Tell the owner after (minutes)"),
        help_text=gettext_lazy("If a system does not answer. A sign-in that is refused is told at once."),
        min_value=1,
        max_value=1440,
        widget=forms.NumberInput({"class": "input"}),
    )
    text = forms.IntegerField(
        label=gettext_lazy("Then by text message after (minutes)"),
        min_value=1,
        max_value=10_080,
        widget=forms.NumberInput({"class": "input"}),
    )
    colleague = forms.IntegerField(
        label=gettext_lazy("Then tell a colleague after (minutes)"),
        min_value=1,
        max_value=10_080,
        widget=forms.NumberInput({"class": "input"}),
    )


@settings_page("connections:connections", MANAGE, "connections/connections.html")
def connections(request: TenantRequest) -> Context:
    """Show all connected systems by group, those that fail first."""
    reader = Reader.of(request.member, clock.now())
    groups = system_groups(request.member, request.tenant.slug, reader)
    policy = alert_policy()
    initial = {
        "patience": policy.patience_minutes,
        "text": policy.text_minutes,
        "colleague": policy.colleague_minutes,
    }
    posted = None
    if request.path.endswith("/alerts/"):
        posted = request.POST
    return {
        "groups": groups,
        "counts": count_marks(groups),
        "alarms": [_alarm(row, reader) for row in _failing()],
        "policy_form": AlertPolicyForm(posted, initial=initial, label_suffix=""),
    }


def _failing() -> Any:
    rows = Connection.objects.select_related("owner").filter(failing_since__isnull=False)
    return rows.order_by("failing_since")


def _alarm(connection: Connection, reader: Reader) -> dict[str, Any]:
    assert connection.failing_since
    row = acknowledgement_of(FAILED, alert_key(connection))
    taken_by = None
    if row and row.by:
        taken_by = row.by.name
    return {
        "connection": connection,
        "since": reader.near(connection.failing_since),
        "waiting": SyncItem.objects.waiting().filter(connection=connection).count(),
        "steps": [(reader.near(at), name, is_taken) for at, name, is_taken in alert_steps(connection)],
        "taken_by": taken_by,
        "may_take": row is not None and row.at is None,
    }


@connections.action()
def set_alerts(request: TenantRequest) -> str:
    """Save when alarms are passed on."""
    AlertPolicy.set(by=request.member, **require_valid(AlertPolicyForm(request.POST)).cleaned_data)
    return _("Saved.")
