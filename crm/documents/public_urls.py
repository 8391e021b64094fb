"""The URL of a document's bytes by a signed address, outside any tenant's prefix."""

from django.urls import path

from crm.documents.serving.views import signed_file

app_name = "document_files"
urlpatterns = [path("<str:token>/", signed_file, name="file")]
