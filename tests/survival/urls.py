"""The product's addresses, and one that opens a job: a request that commits an event somebody listens to."""

from django.urls import include, path

from crm.config.urls import handler400, handler403, handler404, handler429, handler500
from tests.survival.ear.views import open_one

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns = [path("<slug:tenant>/ear/open/", open_one), path("", include("crm.config.urls"))]
