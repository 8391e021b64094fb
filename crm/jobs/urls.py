"""URLs of jobs inside a tenant: actions on one and many, search, the calendar, customers, and the settings."""

from django.urls import include, path

from crm.jobs.appointments.views import book, calendar, feed, of_job, types, verbs
from crm.jobs.assignment.views import absences, availability, rules, skills, territories, workload
from crm.jobs.customers import views as customers
from crm.jobs.customers.customer_list import CUSTOMERS
from crm.jobs.fields import views as fields
from crm.jobs.losses import views as losses
from crm.jobs.pipeline_settings.views import customer_texts, levels, phases, pipelines, sources, step, steps, targets
from crm.jobs.tags import views as tags
from crm.jobs.views import assignment, bulk, close, contact, duplicates, move, notes, pause, quality, search, undo
from crm.web.lists.urls import list_urls
from crm.web.requests.redirect_view import redirect_view

ONE = "jobs/<int:number>/"
PIPELINE = "settings/pipelines/<uuid:uid>/"
AVAILABILITY = "availability/<uuid:uid>/"
APPOINTMENT = "<uuid:uid>/"

JOB_URLS = [
    path(f"{ONE}move/", move.move, name="move"),
    path(f"{ONE}fill/", move.fill, name="fill"),
    path(f"{ONE}turn/", move.turn, name="turn"),
    path(f"{ONE}pause/", pause.pause, name="pause"),
    path(f"{ONE}resume/", pause.resume, name="resume"),
    path(f"{ONE}finish/", close.finish, name="finish"),
    path(f"{ONE}lose/", close.lose, name="lose"),
    path(f"{ONE}drop/", close.drop, name="drop"),
    path(f"{ONE}reopen/", close.reopen, name="reopen"),
    path(f"{ONE}assign/", assignment.assign, name="assign"),
    path(f"{ONE}prioritize/", assignment.prioritize, name="prioritize"),
    path(f"{ONE}reach/", contact.reach, name="reach"),
    path(f"{ONE}contact/", contact.contact, name="contact"),
    path(f"{ONE}hear/", contact.hear, name="hear"),
    path(f"{ONE}answer/", contact.answer, name="answer"),
    path(f"{ONE}correct/", quality.correct, name="correct"),
    path(f"{ONE}note/", notes.note, name="note"),
    path(f"{ONE}notes/<uuid:uid>/pin/", notes.pin, name="pin"),
    path(f"{ONE}notes/<uuid:uid>/unpin/", notes.unpin, name="unpin"),
    path("jobs/bulk/<uuid:uid>/", bulk.bulk_run, name="bulk_run"),
    path("jobs/bulk/<uuid:uid>/cancel/", bulk.bulk_cancel, name="bulk_cancel"),
    path("jobs/undo/<uuid:uid>/", undo.take_back, name="undo"),
    path("search/", search.search_page, name="search"),
    path("reports/data-quality/", quality.quality, name="quality"),
    path("quality/", redirect_view("jobs:quality", "jobs.quality"), name="old_quality"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/merge/", duplicates.merge, name="merge"),
    path("duplicates/<uuid:uid>/part/", duplicates.part, name="part"),
    path("duplicates/<uuid:uid>/unmerge/", duplicates.unmerge, name="unmerge"),
    path("duplicates/of/<uuid:uid>/", duplicates.compare, name="compare"),
]
PIPELINE_URLS = [
    path("settings/pipelines/", pipelines.pipelines, name="pipelines"),
    path("settings/pipelines/add/", pipelines.add, name="add_pipeline"),
    path(PIPELINE, steps.pipeline, name="pipeline"),
    path(f"{PIPELINE}rename/", steps.rename_pipeline, name="rename_pipeline"),
    path(f"{PIPELINE}type/", steps.set_type, name="type_pipeline"),
    path(f"{PIPELINE}quoted/", steps.quote_from, name="quote_pipeline"),
    path(f"{PIPELINE}move/", pipelines.move, name="move_pipeline"),
    path(f"{PIPELINE}default/", pipelines.default, name="default_pipeline"),
    path(f"{PIPELINE}archive/", pipelines.archive, name="archive_pipeline"),
    path(f"{PIPELINE}restore/", pipelines.restore, name="restore_pipeline"),
    path(f"{PIPELINE}steps/add/", steps.add, name="add_step"),
    path(f"{PIPELINE}steps/<int:pk>/", step.step, name="step"),
    path(f"{PIPELINE}steps/<int:pk>/guide/", step.guide, name="guide_step"),
    path(f"{PIPELINE}steps/<int:pk>/rename/", steps.rename, name="rename_step"),
    path(f"{PIPELINE}steps/<int:pk>/move/", steps.move, name="move_step"),
    path(f"{PIPELINE}steps/<int:pk>/archive/", steps.archive, name="archive_step"),
    path(f"{PIPELINE}steps/<int:pk>/restore/", steps.restore, name="restore_step"),
    path(f"{PIPELINE}customers/", customer_texts.customer_texts, name="customer_texts"),
    path(f"{PIPELINE}customers/draw/", customer_texts.draw, name="draw_pipeline"),
    path(f"{PIPELINE}customers/<int:pk>/", customer_texts.tell, name="tell_customers"),
    path(f"{PIPELINE}targets/", targets.targets, name="targets"),
    path(f"{PIPELINE}targets/first-touch/", targets.first_touch, name="first_touch_targets"),
    path(f"{PIPELINE}targets/<int:pk>/", targets.step, name="step_targets"),
    path("settings/phases/add/", phases.add, name="add_phase"),
    path("settings/phases/<int:pk>/rename/", phases.rename, name="rename_phase"),
    path("settings/phases/<int:pk>/sold/", phases.sold, name="sold_phase"),
    path("settings/phases/<int:pk>/move/", phases.move, name="move_phase"),
    path("settings/phases/<int:pk>/remove/", phases.remove, name="remove_phase"),
    path("settings/levels/", levels.levels, name="levels"),
    path("settings/sources/", sources.sources, name="sources"),
    path("settings/sources/add/", sources.add, name="add_source"),
    path("settings/sources/<int:pk>/rename/", sources.rename, name="rename_source"),
    path("settings/sources/<int:pk>/archive/", sources.archive, name="archive_source"),
    path("settings/sources/<int:pk>/restore/", sources.restore, name="restore_source"),
    path("settings/sources/<int:pk>/merge/", sources.merge, name="merge_source"),
    path("settings/sources/<int:pk>/take-apart/", sources.take_apart, name="take_source_apart"),
]
ASSIGNMENT_URLS = [
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
    path(AVAILABILITY, availability.availability, name="availability"),
    path(f"{AVAILABILITY}pause/", availability.pause_member, name="pause_member"),
    path(f"{AVAILABILITY}resume/", availability.resume_member, name="resume_member"),
    path(f"{AVAILABILITY}absences/add/", availability.add_absence, name="add_absence"),
    path(f"{AVAILABILITY}absences/<int:pk>/change/", availability.change_absence, name="change_absence"),
    path(f"{AVAILABILITY}absences/<int:pk>/end/", availability.end_absence, name="end_absence"),
    path(f"{AVAILABILITY}limits/", availability.set_limits, name="set_limits"),
]
SETTINGS_URLS = [
    path("settings/lost-reasons/", losses.reasons, name="lost_reasons"),
    path("settings/lost-reasons/add/", losses.add, name="add_lost_reason"),
    path("settings/lost-reasons/<int:pk>/edit/", losses.edit, name="edit_lost_reason"),
    path("settings/lost-reasons/<int:pk>/move/", losses.move, name="move_lost_reason"),
    path("settings/lost-reasons/<int:pk>/archive/", losses.archive, name="archive_lost_reason"),
    path("settings/lost-reasons/<int:pk>/restore/", losses.restore, name="restore_lost_reason"),
    path("settings/fields/", fields.fields, name="fields"),
    path("settings/fields/add/", fields.add_field, name="add_field"),
    path("settings/fields/<int:pk>/edit/", fields.edit_field, name="edit_field"),
    path("settings/fields/<int:pk>/archive/", fields.archive_field, name="archive_field"),
    path("settings/fields/<int:pk>/restore/", fields.restore_field, name="restore_field"),
    path("settings/tags/", tags.tags, name="tags"),
    path("settings/tags/add/", tags.add_tag, name="add_tag"),
    path("settings/tags/<int:pk>/edit/", tags.edit_tag, name="edit_tag"),
    path("settings/tags/<int:pk>/merge/", tags.merge_tag, name="merge_tag"),
    path("settings/tags/<int:pk>/take-apart/", tags.take_tag_apart, name="take_tag_apart"),
    path("settings/tags/<int:pk>/archive/", tags.archive_tag, name="archive_tag"),
    path("settings/tags/<int:pk>/restore/", tags.restore_tag, name="restore_tag"),
]
CALENDAR_URLS = [
    path("", calendar.calendar, name="calendar"),
    path("feed/", feed.own_feed, name="feed"),
    path("book/", book.book, name="book"),
    path("lead/<int:number>/", of_job.of_job, name="of_job"),
    path("types/", types.types, name="types"),
    path("types/add/", types.add_type, name="add_type"),
    path("types/<int:pk>/edit/", types.edit_type, name="edit_type"),
    path("types/<int:pk>/archive/", types.archive_type, name="archive_type"),
    path("types/<int:pk>/restore/", types.restore_type, name="restore_type"),
    path(APPOINTMENT, calendar.appointment, name="appointment"),
    path(f"{APPOINTMENT}confirm/", verbs.confirm, name="confirm"),
    path(f"{APPOINTMENT}move/", verbs.reschedule, name="reschedule"),
    path(f"{APPOINTMENT}accept/", verbs.accept, name="accept"),
    path(f"{APPOINTMENT}release/", verbs.release, name="release"),
    path(f"{APPOINTMENT}cancel/", verbs.cancel, name="cancel"),
    path(f"{APPOINTMENT}complete/", verbs.complete, name="complete"),
    path(f"{APPOINTMENT}miss/", verbs.miss, name="miss"),
    path(f"{APPOINTMENT}reopen/", verbs.reopen, name="reopen"),
]
PEOPLE_URLS = [
    path("", customers.customers, name="list"),
    *list_urls(CUSTOMERS),
    path("<uuid:uid>/", customers.customer, name="person"),
    path("<uuid:uid>/correct/", customers.correct, name="correct"),
    path("<uuid:uid>/erase/", customers.erase, name="erase"),
    path("<uuid:uid>/confirm/", customers.confirm, name="confirm"),
]
urlpatterns = [
    path("", include(([*JOB_URLS, *PIPELINE_URLS, *SETTINGS_URLS, *ASSIGNMENT_URLS], "jobs"))),
    path("calendar/", include((CALENDAR_URLS, "calendar"))),
    path("people/", include((PEOPLE_URLS, "people"))),
]
