"""URLs of the calendar, under /<tenant>/calendar/."""

from django.urls import path

from crm.jobs.appointments.views import book, calendar, feed, of_job, types, verbs

app_name = "calendar"

ONE = "<uuid:uid>/"

urlpatterns = [
    path("", calendar.calendar, name="calendar"),
    path("feed/", feed.own_feed, name="feed"),
    path("book/", book.book, name="book"),
    path("lead/<int:number>/", of_job.of_job, name="of_job"),
    path("types/", types.types, name="types"),
    path("types/add/", types.add_type, name="add_type"),
    path("types/<int:pk>/edit/", types.edit_type, name="edit_type"),
    path("types/<int:pk>/archive/", types.archive_type, name="archive_type"),
    path("types/<int:pk>/restore/", types.restore_type, name="restore_type"),
    path(ONE, calendar.appointment, name="appointment"),
    path(f"{ONE}confirm/", verbs.confirm, name="confirm"),
    path(f"{ONE}move/", verbs.reschedule, name="reschedule"),
    path(f"{ONE}accept/", verbs.accept, name="accept"),
    path(f"{ONE}release/", verbs.release, name="release"),
    path(f"{ONE}cancel/", verbs.cancel, name="cancel"),
    path(f"{ONE}complete/", verbs.complete, name="complete"),
    path(f"{ONE}miss/", verbs.miss, name="miss"),
    path(f"{ONE}reopen/", verbs.reopen, name="reopen"),
]
