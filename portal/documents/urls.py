"""URLs of the customer's documents."""

from django.urls import path

from portal.documents import adding, request_views, views

JOB, ONE, ASKED = "jobs/<int:number>/documents/", "documents/<uuid:uid>/", "asked/<uuid:uid>/"

urlpatterns = [
    path("documents/", views.newest, name="newest_documents"),
    path(JOB, views.documents_page, name="documents"),
    path(f"{JOB}add/", adding.add, name="add_documents"),
    path(f"{JOB}uploads/", adding.begin_upload, name="begin_upload"),
    path("uploads/<uuid:uid>/", adding.upload, name="upload"),
    path(ASKED, request_views.request_page, name="request"),
    path(f"{ASKED}pages/<uuid:page>/remove/", request_views.remove_page, name="remove_page"),
    path(f"{ASKED}pages/<uuid:page>/earlier/", request_views.raise_page, name="raise_page"),
    path(ONE, views.document_page, name="document"),
    path(f"{ONE}file/", views.document_file, name="document_file"),
]
