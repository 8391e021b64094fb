"""One page: fifty rows of the biggest tenant, by one query and one template."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from bench.floor.models import Job


def page(request: HttpRequest) -> HttpResponse:
    """The fifty most pressing leads."""
    tenant = int(request.GET["tenant"])
    jobs = Job.objects.filter(tenant_id=tenant).order_by("level", "sort_at", "id")[:50]
    return render(request, "floor.html", {"jobs": jobs})


urlpatterns = [path("", page, name="page"), path("leads/<int:number>/", page, name="lead")]
