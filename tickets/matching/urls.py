"""The URLs of matching, inside a tenant's tickets."""

from django.urls import path

from tickets.matching.views import attach, possible

MATCHING_URLS = [
    path("<int:number>/job/", attach.choose_job, name="choose_job"),
    path("<int:number>/attach/", attach.attach, name="attach"),
    path("<int:number>/lead/", attach.make_lead, name="make_lead"),
    path("entries/<uuid:uid>/confirm/", possible.confirm, name="confirm_reply"),
    path("entries/<uuid:uid>/dismiss/", possible.dismiss, name="dismiss_reply"),
    path("entries/<uuid:uid>/keep/", possible.keep_together, name="keep_together"),
]
