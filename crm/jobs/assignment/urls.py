"""URLs of assignment: the settings of all, and each member's own availability."""

from django.urls import path

from crm.jobs.assignment.views import absences, availability, rules, skills, territories, workload

OWN = "availability/<uuid:uid>/"

urlpatterns = [
    path("settings/assignment/", rules.assignment, name="assignment"),
    path("settings/assignment/rules/<uuid:uid>/", rules.rule, name="assignment_rule"),
    path("settings/assignment/rules/<uuid:uid>/move/", rules.move_rule, name="move_rule"),
    path("settings/assignment/rules/<uuid:uid>/archive/", rules.archive_rule, name="archive_rule"),
    path("settings/assignment/rules/<uuid:uid>/restore/", rules.restore_rule, name="restore_rule"),
    path("settings/assignment/<slug:kind>/add/", rules.add_rule, name="add_rule"),
    path("settings/assignment/<slug:kind>/preset/", rules.add_preset, name="add_preset"),
    path("settings/assignment/<slug:kind>/policy/", rules.set_policy, name="set_policy"),
    path("settings/skills/", skills.skills, name="skills"),
    path("settings/skills/add/", skills.add_skill, name="add_skill"),
    path("settings/skills/<int:pk>/edit/", skills.edit_skill, name="edit_skill"),
    path("settings/skills/<int:pk>/archive/", skills.archive_skill, name="archive_skill"),
    path("settings/skills/<int:pk>/restore/", skills.restore_skill, name="restore_skill"),
    path("settings/territories/", territories.territories, name="territories"),
    path("settings/territories/add/", territories.add_territory, name="add_territory"),
    path("settings/territories/<int:pk>/edit/", territories.edit_territory, name="edit_territory"),
    path("settings/territories/<int:pk>/archive/", territories.archive_territory, name="archive_territory"),
    path("settings/territories/<int:pk>/restore/", territories.restore_territory, name="restore_territory"),
    path("settings/workload/", workload.workload, name="workload"),
    path("settings/absences/", absences.absences, name="absences"),
    path("settings/absences/<uuid:uid>/", absences.absence, name="absence"),
    path(OWN, availability.availability, name="availability"),
    path(f"{OWN}pause/", availability.pause_member, name="pause_member"),
    path(f"{OWN}resume/", availability.resume_member, name="resume_member"),
    path(f"{OWN}absences/add/", availability.add_absence, name="add_absence"),
    path(f"{OWN}absences/<int:pk>/change/", availability.change_absence, name="change_absence"),
    path(f"{OWN}absences/<int:pk>/end/", availability.end_absence, name="end_absence"),
    path(f"{OWN}limits/", availability.set_limits, name="set_limits"),
]
