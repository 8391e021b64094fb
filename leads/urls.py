"""URLs of leads and of the report on sources, under /<tenant>/."""

from django.urls import include, path

from crm.jobs.views.bulk import bulk_view
from crm.web.lists.urls import list_urls
from leads.importing.views import choices, imports
from leads.lead_list import LEADS
from leads.qualification import views as qualification
from leads.response import views as response
from leads.sources.urls import REPORT_URLS
from leads.views import board, lead, list, new_lead

app_name = "leads"
LEADS_URLS = [
    path("", list.lead_list, name="list"),
    path("board/", board.board, name="board"),
    path("board/<int:number>/", board.board_move, name="board_move"),
    path("bulk/", bulk_view(LEADS), name="bulk"),
    *list_urls(LEADS),
    path("import/", imports.import_leads, name="import"),
    path("import/<uuid:uid>/", imports.import_run, name="import_run"),
    path("import/<uuid:uid>/choose/", choices.import_choose, name="import_choose"),
    path("import/<uuid:uid>/decide/", choices.import_decide, name="import_decide"),
    path("import/<uuid:uid>/duplicates/", choices.import_duplicates, name="import_duplicates"),
    path("import/<uuid:uid>/cancel/", imports.import_cancel, name="import_cancel"),
    path("import/<uuid:uid>/undo/", imports.import_undo, name="import_undo"),
    path("import/<uuid:uid>/refused/", imports.import_refusals, name="import_refusals"),
    path("open/", new_lead.open_, name="open"),
    path("open/known/", new_lead.known, name="known"),
    path("settings/response/", response.response, name="response"),
    path("settings/response/set/", response.set_response, name="set_response"),
    path("settings/partners/", qualification.partners, name="partners"),
    path("settings/partners/add/", qualification.add_partner, name="add_partner"),
    path("settings/partners/<int:pk>/edit/", qualification.edit_partner, name="edit_partner"),
    path("settings/partners/<int:pk>/archive/", qualification.archive_partner, name="archive_partner"),
    path("settings/partners/<int:pk>/restore/", qualification.restore_partner, name="restore_partner"),
    path("settings/no-go/", qualification.no_gos, name="no_gos"),
    path("settings/no-go/<int:pk>/remove/", qualification.remove_no_go, name="remove_no_go"),
    path("<int:number>/hand-on/", qualification.hand_lead_on, name="hand_on"),
    path("<int:number>/keep/", qualification.keep, name="keep"),
    path("<int:number>/take/", response.take, name="take"),
    path("<int:number>/", lead.lead_page, name="lead"),
]
urlpatterns = [
    path("leads/", include(LEADS_URLS)),
    path("leads/sources/", include("leads.sources.urls")),
    path("reports/sources/", include(REPORT_URLS)),
]
