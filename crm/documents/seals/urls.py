"""The URL of the page that verifies PDFs, outside any tenant's prefix. It is printed on sealed PDFs."""

from django.urls import path

from crm.documents.seals.views import verify_page

app_name = "seals"
urlpatterns = [path("", verify_page, name="verify")]
