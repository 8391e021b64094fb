"""URLs of documents, under /<tenant>/documents/."""

from django.urls import path

from crm.documents.document_list import DOCUMENTS
from crm.documents.views import add, document, document_list, kinds, of_record, requests
from crm.web.lists.urls import list_urls

app_name = "documents"

LEAD = "lead/<int:number>/"
PERSON = "customer/<uuid:uid>/"
ONE = "<uuid:uid>/"
ASKED = "requests/<uuid:uid>/"

urlpatterns = [
    path("", document_list.documents, name="list"),
    *list_urls(DOCUMENTS),
    path(LEAD, of_record.of_job, name="of_job"),
    path(f"{LEAD}add/", add.add_to_job, name="add_to_job"),
    path(f"{LEAD}ask/", requests.ask, name="ask"),
    path(PERSON, of_record.of_person, name="of_person"),
    path(f"{PERSON}add/", add.add_to_person, name="add_to_person"),
    path("uploads/", add.begin_upload, name="begin_upload"),
    path("uploads/<uuid:uid>/", add.upload, name="upload"),
    path("requests/", requests.requests, name="requests"),
    path(ASKED, requests.request_page, name="request"),
    path(f"{ASKED}remind/", requests.remind, name="remind"),
    path(f"{ASKED}accept/", requests.accept, name="accept"),
    path(f"{ASKED}refuse/", requests.refuse, name="refuse"),
    path(f"{ASKED}withdraw/", requests.withdraw, name="withdraw"),
    path(f"{ASKED}postpone/", requests.postpone, name="postpone"),
    path("kinds/", kinds.kinds, name="kinds"),
    path("kinds/add/", kinds.add_kind, name="add_kind"),
    path("kinds/<int:pk>/edit/", kinds.edit_kind, name="edit_kind"),
    path("kinds/<int:pk>/archive/", kinds.archive_kind, name="archive_kind"),
    path("kinds/<int:pk>/restore/", kinds.restore_kind, name="restore_kind"),
    path(ONE, document.document, name="document"),
    path(f"{ONE}replace/", add.replace, name="replace"),
    path(f"{ONE}show/", document.show, name="show"),
    path(f"{ONE}hide/", document.hide, name="hide"),
    path(f"{ONE}edit/", document.edit, name="edit"),
    path(f"{ONE}archive/", document.archive, name="archive"),
    path(f"{ONE}restore/", document.restore, name="restore"),
    path(f"{ONE}file/<int:number>/", document.file, name="file"),
    path(f"{ONE}preview/<int:number>/", document.preview, name="preview"),
]
