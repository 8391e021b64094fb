"""The product's addresses and those of roofs."""

from django.urls import include, path

from crm.config.urls import *  # noqa: F403 (its handlers, too)
from crm.config.urls import urlpatterns as product

urlpatterns = [*product, path("<slug:tenant>/roofs/", include("tests.roofs.urls"))]
