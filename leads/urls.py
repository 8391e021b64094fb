"""URLs of leads and of the report on sources, under /<tenant>/."""

from django.urls import include, path

from crm.jobs.views.bulk import bulk_view
from crm.web.lists.urls import list_urls
from crm.web.requests.redirect_view import redirect_view
from leads.calls import settings as tracking
from leads.calls import views as calls
from leads.calls.call_list import CALLS
from leads.importing.views import choices, imports
from leads.intake.pages import doors, log, submissions
from leads.lead_list import LEADS
from leads.qualification import views as qualification
from leads.response import views as response
from leads.sources import estimate
from leads.sources import views as sources
from leads.sources.links import views as link_views
from leads.sources.report import views as report
from leads.sources.spending import views as spending
from leads.views import board, lead, list, new_lead

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
    path("open/known/", new_lead.known_customer, name="known"),
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
SOURCE_URLS = [
    path("", redirect_view("leads:sources", "sources.view"), name="old_sources"),
    path("file/", redirect_view("leads:sources_file", "sources.view"), name="old_sources_file"),
    path("spend/", spending.spend, name="spend"),
    path("spend/save/", spending.save_spend, name="save_spend"),
    path("spend/add/", spending.add_spend, name="add_spend"),
    path("spend/read/", spending.read_spend, name="read_spend"),
    path("spend/file/", spending.spend_as_file, name="spend_as_file"),
    path("campaigns/", sources.campaigns, name="campaigns"),
    path("campaigns/add/", sources.add_campaign, name="add_campaign"),
    path("campaigns/<int:pk>/rename/", sources.rename_campaign, name="rename_campaign"),
    path("campaigns/<int:pk>/merge/", sources.merge_campaign, name="merge_campaign"),
    path("campaigns/<int:pk>/take-apart/", sources.take_campaign_apart, name="take_campaign_apart"),
    path("campaigns/<int:pk>/archive/", sources.archive_campaign, name="archive_campaign"),
    path("campaigns/<int:pk>/restore/", sources.restore_campaign, name="restore_campaign"),
    path("estimate/<int:number>/", estimate.estimate, name="estimate"),
    path("tracking/", tracking.tracking, name="tracking"),
    path("tracking/add/", tracking.add_number, name="add_number"),
    path("tracking/policy/", tracking.set_call_policy, name="set_call_policy"),
    path("tracking/<int:pk>/assign/", tracking.assign_number, name="assign_number"),
    path("tracking/<int:pk>/archive/", tracking.archive_number, name="archive_number"),
    path("tracking/<int:pk>/restore/", tracking.restore_number, name="restore_number"),
    path("unmatched/", sources.unmatched_words, name="unmatched"),
    path("unmatched/match/", sources.match, name="match_words"),
    path("unmatched/<int:pk>/forget/", sources.forget_match, name="forget_match"),
    path("unmatched/<int:pk>/undo/", sources.undo_match, name="undo_match"),
    path("links/", link_views.links, name="links"),
]
REPORT_URLS = [
    path("", report.sources, name="sources"),
    path("file/", report.sources_file, name="sources_file"),
]
INTAKE_URLS = [
    path("", submissions.submissions, name="submissions"),
    path("log/", log.log, name="log"),
    path("doors/", doors.doors, name="doors"),
    path("doors/add/", doors.add, name="add"),
    path("doors/<int:pk>/", doors.door, name="door"),
    path("doors/<int:pk>/edit/", doors.edit, name="edit"),
    path("doors/<int:pk>/example/", doors.example, name="example"),
    path("doors/<int:pk>/mapping/", doors.map_fields, name="mapping"),
    path("doors/<int:pk>/rotate/", doors.rotate, name="rotate"),
    path("doors/<int:pk>/archive/", doors.archive, name="archive"),
    path("doors/<int:pk>/restore/", doors.restore, name="restore"),
    path("<uuid:uid>/", submissions.submission, name="submission"),
    path("<uuid:uid>/mapping/", submissions.map_fields, name="map"),
    path("<uuid:uid>/replay/", submissions.replay, name="replay"),
    path("<uuid:uid>/ignore/", submissions.ignore, name="ignore"),
]
CALL_URLS = [
    path("", calls.calls, name="list"),
    *list_urls(CALLS),
    path("figures/", calls.figures, name="figures"),
    path("of/<uuid:uid>/", calls.call_panel, name="panel"),
    path("<uuid:uid>/excuse/", calls.excuse, name="excuse"),
    path("<uuid:uid>/count/", calls.count, name="count"),
    path("<uuid:uid>/take-back/", calls.take_back, name="take_back"),
]
ALL_URLS = [
    path("leads/", include(LEADS_URLS)),
    path("leads/sources/", include(SOURCE_URLS)),
    path("reports/sources/", include(REPORT_URLS)),
]
urlpatterns = [
    path("leads/intake/", include((INTAKE_URLS, "intake"))),
    path("leads/calls/", include((CALL_URLS, "calls"))),
    path("", include((ALL_URLS, "leads"))),
]
