"""The URLs of updates, for colleagues, and of their reports, under /<tenant>/."""

from django.urls import include, path

from crm.web.lists.urls import list_urls
from crm.web.requests.moved import moved
from portal.updates.figures.satisfaction_views import satisfaction
from portal.updates.figures.views import update_figures
from portal.updates.queue import plan, policy, views
from portal.updates.queue.take_off import take_off
from portal.updates.queue.update_list import UPDATES

app_name = "updates"
UPDATE_URLS = [
    path("", views.updates, name="list"),
    *list_urls(UPDATES),
    path("job/<int:number>/", plan.of_job, name="of_job"),
    path("job/<int:number>/cadence/", plan.set_cadence, name="set_cadence"),
    path("job/<int:number>/pause/", plan.pause_plan, name="pause_plan"),
    path("job/<int:number>/resume/", plan.resume_plan, name="resume_plan"),
    path("job/<int:number>/take-off/", take_off, name="take_off"),
    path("settings/", policy.policy, name="policy"),
    path("settings/set/", policy.set_policy, name="set_policy"),
    path("<uuid:uid>/", views.update, name="update"),
    path("<uuid:uid>/approve/", views.approve, name="approve"),
    path("<uuid:uid>/edit/", views.edit, name="edit"),
    path("<uuid:uid>/skip/", views.skip, name="skip"),
    path("<uuid:uid>/pause/", views.pause, name="pause"),
    path("<uuid:uid>/resume/", views.resume, name="resume"),
    path("<uuid:uid>/send-again/", views.send_again, name="send_again"),
    path("<uuid:uid>/leave/", views.leave_it, name="leave_it"),
]
FIGURES = "updates.figures"
urlpatterns = [
    path("updates/figures/", moved("updates:figures", FIGURES), name="old_figures"),
    path("updates/satisfaction/", moved("updates:satisfaction", FIGURES), name="old_satisfaction"),
    path("updates/", include(UPDATE_URLS)),
    path("reports/customer-updates/", update_figures, name="figures"),
    path("reports/satisfaction/", satisfaction, name="satisfaction"),
]
