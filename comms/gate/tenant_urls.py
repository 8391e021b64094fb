"""The URLs of the gate inside a tenant: the ledger of decisions, and what it changes."""

from django.urls import path

from comms.gate.decision_list import DECISIONS
from comms.gate.views import decisions, ledger, switches
from crm.web.lists.urls import list_urls

app_name = "ledger"
urlpatterns = [
    path("", decisions.decisions, name="list"),
    *list_urls(DECISIONS),
    path("stops/", switches.switches, name="switches"),
    path("stops/put/", switches.put, name="put_switch"),
    path("stops/limits/", switches.limits, name="limits"),
    path("stops/<uuid:uid>/end/", switches.end, name="end_switch"),
    path("person/<uuid:uid>/", ledger.of_person, name="person"),
    path("person/<uuid:uid>/panel/", ledger.panel, name="panel"),
    path("person/<uuid:uid>/stop/", ledger.stop, name="stop_person"),
    path("person/<uuid:uid>/go-on/", ledger.go_on, name="go_on_person"),
    path("person/<uuid:uid>/consent/", ledger.note_consent, name="note_consent"),
    path("person/<uuid:uid>/lift/<uuid:stop>/", ledger.lift, name="lift"),
    path("person/<uuid:uid>/settle/<uuid:stop>/", ledger.settle, name="settle"),
    path("job/<int:number>/", ledger.of_job, name="job"),
]
