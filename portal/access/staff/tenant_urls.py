"""URLs of the staff's side of getting in, inside a tenant."""

from django.urls import path

from portal.access.views import preview, roles, staff

app_name = "portal_access"
urlpatterns = [
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
    path("jobs/<int:number>/involve/", staff.involve, name="involve"),
    path("jobs/<int:number>/leave/", staff.leave, name="leave"),
]
