"""Fifty rows of the biggest tenant, and fifty messages of a thread: each by one query and one template."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from bench.floor.models import Entry, Job


def page(request: HttpRequest) -> HttpResponse:
    """The fifty most pressing leads."""
    tenant = int(request.GET["tenant"])
    jobs = Job.objects.filter(tenant_id=tenant).order_by("level", "sort_at", "id")[:50]
    return render(request, "floor.html", {"jobs": jobs})


def thread(request: HttpRequest) -> HttpResponse:
    """The first fifty messages of a ticket."""
    mine = Entry.objects.filter(tenant_id=int(request.GET["tenant"]), ticket_id=int(request.GET["ticket"]))
    entries = mine.select_related("message").order_by("at", "id")[:50]
    return render(request, "thread.html", {"entries": entries})


urlpatterns = [
    path("", page, name="page"),
    path("leads/<int:number>/", page, name="lead"),
    path("thread/", thread, name="thread"),
    path("mails/<uuid:uid>/", thread, name="mail"),
    path("messages/<uuid:uid>/", thread, name="message"),
]
