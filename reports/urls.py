"""URLs of the reports and of the home page, under /<tenant>/."""

from django.urls import include, path

from crm.web.requests.redirect_view import redirect_view
from reports.dashboard import views as dashboard
from reports.dashboard.views import acknowledge
from reports.home import views as home
from reports.mailed import views as mailed
from reports.months import views as months
from reports.past import views as past
from reports.work import views as work

app_name = "reports"
REPORTS = [
    path("", dashboard.dashboard_page, name="dashboard"),
    path("ages/", dashboard.ages_page, name="ages"),
    path("overview/sources/", dashboard.sources_card, name="sources"),
    path("overview/follow-ups/", home.follow_ups_card, name="follow_ups"),
    path("unusual/<uuid:uid>/acknowledge/", acknowledge, name="acknowledge"),
    path("mailed/", mailed.list_reports, name="mailed"),
    path("mailed/new/", mailed.add, name="mailed_add"),
    path("mailed/<uuid:uid>/", mailed.report, name="mailed_report"),
    path("mailed/<uuid:uid>/archive/", mailed.archive, name="mailed_archive"),
    path("mailed/<uuid:uid>/restore/", mailed.restore, name="mailed_restore"),
    path("mailed/<uuid:uid>/send/", mailed.send_now, name="mailed_send"),
    path("mailed/<uuid:uid>/preview/", mailed.preview, name="mailed_preview"),
    path("mailed/<uuid:uid>/stop/", mailed.stop, name="mailed_stop"),
    path("past-day/", past.past, name="past"),
    path("past/", redirect_view("reports:past", "reports.past"), name="old_past"),
    path("forecast/", months.forecast_page, name="forecast"),
    path("forecast/checked/", months.checked_page, name="forecast_checked"),
    path("workload/", work.work, name="work"),
    path("work/", redirect_view("reports:work", "reports.work"), name="old_work"),
    path("workload/minutes/", work.set_minutes, name="work_minutes"),
]
urlpatterns = [
    path("home/", home.home, name="home"),
    path("reports/home/", redirect_view("reports:home", "reports.home"), name="old_home"),
    path("reports/", include(REPORTS)),
]
