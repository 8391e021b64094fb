"""URLs of the settings of members and the organization."""

from django.urls import path

from crm.web.organization.views import brands, calendars, member_changes, members, organization, teams

urlpatterns = [
    path("members/", members.listing, name="members"),
    path("members/invite/", member_changes.invite, name="member_invite"),
    path("members/invitations/<uuid:invitation>/resend/", member_changes.resend, name="invitation_resend"),
    path("members/invitations/<uuid:invitation>/withdraw/", member_changes.withdraw, name="invitation_withdraw"),
    path("members/<uuid:member>/", members.member, name="member"),
    path("members/<uuid:member>/sight/", members.seeing, name="member_sight"),
    path("members/<uuid:member>/deactivate/", member_changes.deactivate, name="member_deactivate"),
    path("members/<uuid:member>/reactivate/", member_changes.reactivate, name="member_reactivate"),
    path("roles/", members.roles, name="roles"),
    path("teams/", teams.listing, name="teams"),
    path("teams/new/", teams.create, name="team_create"),
    path("teams/<uuid:team>/", teams.team, name="team"),
    path("teams/<uuid:team>/archive/", teams.archive, name="team_archive"),
    path("teams/<uuid:team>/restore/", teams.restore, name="team_restore"),
    path("organization/", organization.organization, name="organization"),
    path("brands/", brands.listing, name="brands"),
    path("brands/new/", brands.create, name="brand_create"),
    path("brands/<uuid:brand>/", brands.brand, name="brand"),
    path("brands/<uuid:brand>/default/", brands.make_default, name="brand_make_default"),
    path("brands/<uuid:brand>/archive/", brands.archive, name="brand_archive"),
    path("brands/<uuid:brand>/restore/", brands.restore, name="brand_restore"),
    path("calendars/", calendars.listing, name="calendars"),
    path("calendars/new/", calendars.create, name="calendar_create"),
    path("calendars/<uuid:calendar>/", calendars.calendar, name="calendar"),
    path("calendars/<uuid:calendar>/progress/", calendars.progress, name="calendar_progress"),
    path("calendars/<uuid:calendar>/close/", calendars.close, name="calendar_close"),
    path("calendars/<uuid:calendar>/open/", calendars.reopen, name="calendar_reopen"),
    path("calendars/<uuid:calendar>/default/", calendars.make_default, name="calendar_make_default"),
    path("calendars/<uuid:calendar>/archive/", calendars.archive, name="calendar_archive"),
    path("calendars/<uuid:calendar>/restore/", calendars.restore, name="calendar_restore"),
]
