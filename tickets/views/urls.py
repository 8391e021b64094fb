"""The URLs of what is done to one ticket."""

from django.urls import path

from tickets.views import acts, legal_hold, tags

ACT_URLS = [
    path("<int:number>/assign/", acts.assign, name="assign"),
    path("<int:number>/prioritize/", acts.prioritize, name="prioritize"),
    path("<int:number>/tags/", tags.tag, name="tag"),
    path("<int:number>/turn/", acts.turn, name="turn"),
    path("<int:number>/pause/", acts.pause, name="pause"),
    path("<int:number>/resume/", acts.resume, name="resume"),
    path("<int:number>/snooze/", acts.snooze, name="snooze"),
    path("<int:number>/wake/", acts.wake, name="wake"),
    path("<int:number>/solve/", acts.solve, name="solve"),
    path("<int:number>/close/", acts.close, name="close"),
    path("<int:number>/reopen/", acts.reopen, name="reopen"),
    path("<int:number>/legal-hold/", legal_hold.legal_hold, name="legal_hold"),
]
