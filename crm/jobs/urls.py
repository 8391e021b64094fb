"""URLs of jobs, under /<tenant>/: actions on one and many, search, and the pipeline settings."""

from django.urls import include, path

from crm.jobs.views import assignment, bulk, close, contact, duplicates, move, notes, pause, quality, search, undo
from crm.web.requests.moved import moved

app_name = "jobs"

ONE = "jobs/<int:number>/"

urlpatterns = [
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
    path("quality/", moved("jobs:quality", "jobs.quality"), name="old_quality"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/merge/", duplicates.merge, name="merge"),
    path("duplicates/<uuid:uid>/part/", duplicates.part, name="part"),
    path("duplicates/<uuid:uid>/unmerge/", duplicates.unmerge, name="unmerge"),
    path("duplicates/of/<uuid:uid>/", duplicates.compare, name="compare"),
    path("settings/", include("crm.jobs.pipeline_settings.urls")),
    path("settings/", include("crm.jobs.losses.urls")),
    path("settings/", include("crm.jobs.fields.urls")),
    path("", include("crm.jobs.assignment.urls")),
    path("", include("crm.jobs.tags.urls")),
]
