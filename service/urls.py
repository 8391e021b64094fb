"""URLs of service, under /<tenant>/service/."""

from django.urls import include, path

from crm.jobs.views.bulk import bulk_view
from crm.web.lists.urls import list_urls
from service.arrivals import views as arrivals
from service.assets import views as assets
from service.booking import views as booking
from service.claims import settings as claim_settings
from service.claims import views as claims
from service.hand_offs.views import answer, pages, preparation, questions
from service.issues import views as issues
from service.issues.issue_list import ISSUES
from service.places import correction
from service.places import views as places
from service.projects.project_list import PROJECTS
from service.projects.views import list, photos, verbs
from service.projects.views import pages as projects
from service.reports import views as reports
from service.setup import views as setup
from service.weather import views as weather

HAND_OFF = "handoffs/<uuid:uid>/"
PROJECT = "projects/<uuid:uid>/"
SERVICE_URLS = [
    path("handoffs/", pages.hand_offs, name="hand_offs"),
    path("handoffs/job/<int:number>/", pages.of_job, name="hand_off_of_job"),
    path(HAND_OFF, pages.hand_off, name="hand_off"),
    path(f"{HAND_OFF}accept/", answer.accept, name="accept"),
    path(f"{HAND_OFF}send-back/", answer.send_back, name="send_back"),
    path(f"{HAND_OFF}reply/", answer.reply, name="reply"),
    path(f"{HAND_OFF}resubmit/", answer.resubmit, name="resubmit"),
    path(f"{HAND_OFF}ask/", questions.ask, name="ask_seller"),
    path(f"{HAND_OFF}tell/", questions.tell, name="tell_service"),
    path(f"{HAND_OFF}promises/add/", preparation.add_promise, name="add_promise"),
    path(f"{HAND_OFF}promises/remove/", preparation.remove_promise, name="remove_promise"),
    path(f"{HAND_OFF}list/tick/", preparation.tick, name="tick"),
    path(f"{HAND_OFF}list/untick/", preparation.untick, name="untick"),
    path(f"{HAND_OFF}list/owe/", preparation.owe, name="owe"),
    path("claims/job/<int:number>/", claims.claims, name="claims"),
    path("claims/job/<int:number>/record/", claims.record_claim, name="record_claim"),
    path("claims/<uuid:uid>/edit/", claims.edit_claim, name="edit_claim"),
    path("claims/mails/<uuid:uid>/accept/", claims.decide_value, {"choice": "accept"}, name="accept_claim_value"),
    path("claims/mails/<uuid:uid>/refuse/", claims.decide_value, {"choice": "refuse"}, name="refuse_claim_value"),
    path("claims/mails/", claim_settings.claim_mails, name="claim_mails"),
    path("claims/mails/try/", claim_settings.try_claim_mail, name="try_claim_mail"),
    path("claims/mails/teach/", claim_settings.teach_claim_mail, name="teach_claim_mail"),
    path("claims/mails/forget/", claim_settings.forget_claim_mail, name="forget_claim_mail"),
    path("claims/mails/<uuid:uid>/file/", claim_settings.file_claim_mail, name="file_claim_mail"),
    path("claims/mails/<uuid:uid>/ignore/", claim_settings.ignore_claim_mail, name="ignore_claim_mail"),
    path("", list.projects, name="list"),
    path("board/", list.board, name="board"),
    path("board/<int:number>/", list.board_move, name="board_move"),
    path("bulk/", bulk_view(PROJECTS), name="bulk"),
    *list_urls(PROJECTS),
    path(PROJECT, projects.project, name="project"),
    path(f"{PROJECT}field/", projects.field, name="field"),
    path(f"{PROJECT}coming/", arrivals.arrive, name="arrive"),
    path(f"{PROJECT}photos/", photos.photos, name="photos"),
    path(f"{PROJECT}note/", photos.note, name="note"),
    path(f"{PROJECT}schedule/", verbs.schedule, name="schedule"),
    path(f"{PROJECT}give/", verbs.give, name="give"),
    path(f"{PROJECT}report/", verbs.report, name="report"),
    path(f"{PROJECT}hold/", verbs.hold, name="hold"),
    path(f"{PROJECT}resume/", verbs.resume, name="resume"),
    path(f"{PROJECT}finish/", verbs.finish, name="finish"),
    path(f"{PROJECT}reopen/", verbs.reopen, name="reopen_project"),
    path(f"{PROJECT}milestones/add/", verbs.add_milestone, name="add_milestone"),
    path(f"{PROJECT}reports/draft/", reports.draft, name="draft_report"),
    path("reports/<uuid:uid>/", reports.report, name="report_page"),
    path("reports/<uuid:uid>/pdf/", reports.pdf, name="report_pdf"),
    path("reports/<uuid:uid>/act/", reports.act, name="act_on_report"),
    path(f"{PROJECT}booking/", booking.ask_to_book, name="ask_to_book"),
    path(f"{PROJECT}assets/", assets.add_asset, name="add_asset"),
    path("assets/<uuid:uid>/maintained/", assets.maintain_asset, name="maintain_asset"),
    path("assets/<uuid:uid>/gone/", assets.remove_asset, name="remove_asset"),
    path("places/<uuid:uid>/", places.place, name="place"),
    path("places/<uuid:uid>/correct/", correction.correct_place, name="correct_place"),
    path("milestones/<uuid:uid>/complete/", verbs.complete, name="complete_milestone"),
    path("milestones/<uuid:uid>/reopen/", verbs.reopen_milestone, name="reopen_milestone"),
    path("milestones/<uuid:uid>/show/", verbs.show_milestone, name="show_milestone"),
    path("milestones/<uuid:uid>/hide/", verbs.hide_milestone, name="hide_milestone"),
    path("milestones/<uuid:uid>/describe/", verbs.describe_milestone, name="describe_milestone"),
    path("templates/", setup.project_templates, name="templates"),
    path("templates/add/", setup.add_template, name="add_template"),
    path("templates/<int:pk>/edit/", setup.edit_template, name="edit_template"),
    path("templates/<int:pk>/archive/", setup.archive_template, name="archive_template"),
    path("templates/<int:pk>/restore/", setup.restore_template, name="restore_template"),
]
ISSUE_URLS = [
    path("", issues.issues, name="list"),
    *list_urls(ISSUES),
    path("report/", issues.report, name="report"),
    path("limits/", issues.approval_limits, name="limits"),
    path("limits/set/", issues.set_limits, name="set_limits"),
    path("<uuid:uid>/", issues.issue, name="issue"),
    path("<uuid:uid>/offer/", issues.offer, name="offer"),
    path("<uuid:uid>/approve/", issues.approve, name="approve"),
    path("<uuid:uid>/decline/", issues.decline, name="decline"),
    path("<uuid:uid>/end/", issues.end, name="end"),
    path("<uuid:uid>/reopen/", issues.reopen, name="reopen"),
]
WEATHER_URLS = [
    path("", weather.weather, name="weather"),
    path("panel/", weather.panel, name="panel"),
    path("note/", weather.note, name="note"),
    path("connect/", weather.connect, name="connect"),
    path("<uuid:uid>/", weather.hold, name="hold"),
    path("<uuid:uid>/take-back/", weather.take_back, name="take_back"),
]
urlpatterns = [
    path("weather/", include((WEATHER_URLS, "weather"))),
    path("issues/", include((ISSUE_URLS, "issues"))),
    path("", include((SERVICE_URLS, "service"))),
]
