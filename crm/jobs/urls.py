"""The jobs' addresses, under /<tenant>/: the verbs of a job, many at once, search, and the pipelines' settings."""

from django.urls import include, path

from crm.jobs.views import assignment, bulk, close, contact, duplicates, move, notes, pause, quality, search, undo

app_name = "jobs"

verbs = [
    path("move/", move.move, name="move"),
    path("turn/", move.turn, name="turn"),
    path("pause/", pause.pause, name="pause"),
    path("resume/", pause.resume, name="resume"),
    path("finish/", close.finish, name="finish"),
    path("lose/", close.lose, name="lose"),
    path("drop/", close.drop, name="drop"),
    path("reopen/", close.reopen, name="reopen"),
    path("assign/", assignment.assign, name="assign"),
    path("prioritize/", assignment.prioritize, name="prioritize"),
    path("reach/", contact.reach, name="reach"),
    path("hear/", contact.hear, name="hear"),
    path("answer/", contact.answer, name="answer"),
    path("correct/", quality.correct, name="correct"),
    path("note/", notes.note, name="note"),
    path("notes/<uuid:uid>/pin/", notes.pin, name="pin"),
    path("notes/<uuid:uid>/unpin/", notes.unpin, name="unpin"),
]
urlpatterns = [
    path("jobs/<int:number>/", include(verbs)),
    path("jobs/bulk/<uuid:uid>/", bulk.bulk_run, name="bulk_run"),
    path("jobs/bulk/<uuid:uid>/cancel/", bulk.bulk_cancel, name="bulk_cancel"),
    path("jobs/undo/<uuid:uid>/", undo.take_back, name="undo"),
    path("search/", search.search_page, name="search"),
    path("quality/", quality.quality, name="quality"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/merge/", duplicates.merge, name="merge"),
    path("duplicates/<uuid:uid>/part/", duplicates.part, name="part"),
    path("duplicates/<uuid:uid>/take-apart/", duplicates.take_apart, name="take_apart"),
    path("duplicates/of/<uuid:uid>/", duplicates.compare, name="compare"),
    path("settings/", include("crm.jobs.pipelines.urls")),
]
