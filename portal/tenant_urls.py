"""URLs of the portal's staff pages, of updates and of their reports, under /<tenant>/."""

from django.urls import include, path

from crm.web.lists.urls import list_urls
from crm.web.requests.redirect_view import redirect_view
from portal.access.views import preview, roles, staff
from portal.portfolio import staff_views as places
from portal.updates.figures.satisfaction_views import satisfaction
from portal.updates.figures.views import update_figures
from portal.updates.queue import plan, policy
from portal.updates.queue import views as updates
from portal.updates.queue.take_off import take_off
from portal.updates.queue.update_list import UPDATES

ACCESS_URLS = [
    path("roles/", roles.roles, name="roles"),
    path("roles/choose/", roles.choose_roles, name="choose_roles"),
    path("people/<uuid:uid>/", staff.person, name="person"),
    path("people/<uuid:uid>/invite/", staff.send_invitation, name="invite"),
    path("people/<uuid:uid>/revoke/", staff.revoke, name="revoke"),
    path("people/<uuid:uid>/sign-out/", staff.sign_out, name="sign_out"),
    path("people/<uuid:uid>/reopen/", staff.reopen, name="reopen"),
    path("people/<uuid:uid>/see/", staff.see, name="see"),
    path("people/<uuid:uid>/look/", preview.look, name="look"),
    path("jobs/<int:number>/", staff.job, name="job"),
    path("jobs/<int:number>/look/", preview.look_at_job, name="look_at_job"),
    path("quotes/<uuid:uid>/look/", preview.look_at_quote, name="look_at_quote"),
    path("jobs/<int:number>/involve/", staff.involve, name="involve"),
    path("jobs/<int:number>/leave/", staff.leave, name="leave"),
]
PLACE_URLS = [
    path("<uuid:uid>/", places.places, name="places"),
    path("<uuid:uid>/<int:number>/", places.answer, name="answer"),
]
UPDATE_URLS = [
    path("", updates.updates, name="list"),
    *list_urls(UPDATES),
    path("job/<int:number>/", plan.of_job, name="of_job"),
    path("job/<int:number>/cadence/", plan.set_cadence, name="set_cadence"),
    path("job/<int:number>/pause/", plan.pause_plan, name="pause_plan"),
    path("job/<int:number>/resume/", plan.resume_plan, name="resume_plan"),
    path("job/<int:number>/take-off/", take_off, name="take_off"),
    path("settings/", policy.policy, name="policy"),
    path("settings/set/", policy.set_policy, name="set_policy"),
    path("<uuid:uid>/", updates.update, name="update"),
    path("<uuid:uid>/approve/", updates.approve, name="approve"),
    path("<uuid:uid>/edit/", updates.edit, name="edit"),
    path("<uuid:uid>/skip/", updates.skip, name="skip"),
    path("<uuid:uid>/pause/", updates.pause, name="pause"),
    path("<uuid:uid>/resume/", updates.resume, name="resume"),
    path("<uuid:uid>/send-again/", updates.send_again, name="send_again"),
    path("<uuid:uid>/leave/", updates.leave_it, name="leave_it"),
]
FIGURES = "updates.figures"
REPORT_URLS = [
    path("updates/figures/", redirect_view("updates:figures", FIGURES), name="old_figures"),
    path("updates/satisfaction/", redirect_view("updates:satisfaction", FIGURES), name="old_satisfaction"),
    path("reports/customer-updates/", update_figures, name="figures"),
    path("reports/satisfaction/", satisfaction, name="satisfaction"),
]
urlpatterns = [
    path("portal/", include((ACCESS_URLS, "portal_access"))),
    path("portal/places/", include((PLACE_URLS, "portal_places"))),
    path("", include(([path("updates/", include(UPDATE_URLS)), *REPORT_URLS], "updates"))),
]
