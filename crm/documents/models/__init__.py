"""The models of documents."""

from crm.documents.models.document import Document
from crm.documents.models.document_kind import DocumentKind
from crm.documents.models.document_read import DocumentRead
from crm.documents.models.document_request import DocumentRequest
from crm.documents.models.document_request_record import RequestState
from crm.documents.models.document_version import DocumentVersion
from crm.documents.models.request_page import RequestPage
from crm.documents.models.upload import Upload, UploadPart
from crm.documents.models.visibility import DocumentVisibility

__all__ = [
    "Document",
    "DocumentKind",
    "DocumentRead",
    "DocumentRequest",
    "DocumentVersion",
    "DocumentVisibility",
    "RequestPage",
    "RequestState",
    "Upload",
    "UploadPart",
]
