"""URLs of issues, under /<tenant>/service/issues/."""

from django.urls import path

from crm.web.lists.urls import list_urls
from service.issues import views
from service.issues.issue_list import ISSUES

app_name = "issues"
urlpatterns = [
    path("", views.issues, name="list"),
    *list_urls(ISSUES),
    path("report/", views.report, name="report"),
    path("limits/", views.approval_limits, name="limits"),
    path("limits/set/", views.set_limits, name="set_limits"),
    path("<uuid:uid>/", views.issue, name="issue"),
    path("<uuid:uid>/offer/", views.offer, name="offer"),
    path("<uuid:uid>/approve/", views.approve, name="approve"),
    path("<uuid:uid>/decline/", views.decline, name="decline"),
    path("<uuid:uid>/end/", views.end, name="end"),
    path("<uuid:uid>/reopen/", views.reopen, name="reopen"),
]
