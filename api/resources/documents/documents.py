"""Documents that the token's member may see: read, downloaded, uploaded, shown to the customer, archived."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from api.requests.file_body import FileBodyParser
from api.requests.problems import bad_parameter, conflict_at
from api.resources.documents.document_serializers import (
    DocumentChangesSerializer,
    DocumentSerializer,
    NewDocumentSerializer,
    NewVersionSerializer,
)
from api.resources.fields import NoBodySerializer
from api.resources.named_setup import find_named
from api.resources.resource import Resource
from crm.documents.document_list import DOCUMENTS
from crm.documents.files.inspection import Inspected, inspect
from crm.documents.files.limits import check_size
from crm.documents.kinds import offered_kinds
from crm.documents.models import Document, DocumentVisibility
from crm.documents.serving.addresses import AddressUse, signed_url
from crm.documents.serving.answers import answer
from crm.documents.serving.holders import MEMBER
from crm.documents.upload_details import UploadDetails
from crm.documents.views.add import keep
from crm.jobs.customer_visibility import visible_people
from crm.jobs.models import Job
from crm.kernel.whole_numbers import read_number
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog, Member

LAST_VERSION = 10**9
VERSION_NUMBER = {"type": "integer", "minimum": 1, "maximum": LAST_VERSION}
# Actions whose body is a file, with fields beside it.
UPLOADS = frozenset({"create", "replace"})


class FileRenderer(JSONRenderer):
    """Accepts whatever type the client asks for: a file has its own. Problems are JSON."""

    media_type = "*/*"
    format = "file"


class Documents(Resource):
    """Documents of jobs and customers that the token's member may see."""

    scope = "documents"
    read_permission = "documents.view"
    write_permission = "documents.add"
    serializer_class = DocumentSerializer
    listing = DOCUMENTS
    logs_record = True

    def visible_rows(self, member: Member) -> Any:
        return Document.objects.visible_to(member)

    def load_related(self, rows: Any) -> Any:
        return rows.prefetch_related("job", "person", "site", "sent_by")

    def search_rows(self, rows: Any, filters: Any, member: Member) -> Any:
        # Without those in the archive, as on the page, unless the filter asks for them.
        return DOCUMENTS.narrow(rows, filters, member)

    def get_parsers(self) -> list[Any]:
        # DRF asks for them before it sets the action.
        name = getattr(self, "action", None) or self.action_map.get(self.request.method.lower())
        if name in UPLOADS:
            return [FileBodyParser()]
        return super().get_parsers()

    @extend_schema(request=NewDocumentSerializer, responses={201: DocumentSerializer})
    def create(self, request: Any) -> Response:
        """Upload a file. Showing it to the customer needs the permission for that."""
        values = self.read_body(request, NewDocumentSerializer)
        if ("job" in values) == ("person" in values):
            raise conflict_at("/job", _("A document is of a job or of a customer. Name one of them."))
        owner: dict[str, Any] = {}
        if "job" in values:
            owner["job"] = get_object_or_404(Job.objects.visible_to(request.user), number=values["job"])
        else:
            owner["person"] = get_object_or_404(visible_people(request.user), uid=values["person"])
        visibility = values.get("visibility", DocumentVisibility.INTERNAL)
        if visibility == DocumentVisibility.CUSTOMER and not allows(request.user, "documents.share"):
            raise PermissionDenied(_("The role of the token’s member does not allow this."))
        details = UploadDetails(
            kind_id=find_named(offered_kinds(), values["kind"], "/kind").pk if "kind" in values else 0,
            title=values.get("title", ""),
            visibility=visibility,
            expires_on=values.get("expires_on"),
        )
        document = keep(inspect_file(values["file"]), details, by=request.user, **owner)
        return self.record_response(document, status=201)

    @extend_schema(request=NewVersionSerializer, responses=DocumentSerializer)
    @action(detail=True, methods=["post"])
    def replace(self, request: Any, id: Any) -> Response:
        """Upload a newer version."""
        values = self.read_body(request, NewVersionSerializer)

        def replace_file(row: Document) -> None:
            row.replace(inspect_file(values["file"]), by=request.user, expires_on=values.get("expires_on"))

        return self.act(request, replace_file)

    @extend_schema(request=DocumentChangesSerializer, responses=DocumentSerializer)
    def partial_update(self, request: Any, id: Any) -> Response:
        """Change its title, type or expiry date."""
        values = self.read_body(request, DocumentChangesSerializer)

        def edit_document(row: Document) -> None:
            if "title" in values:
                row.rename(values["title"], by=request.user)
            if "kind" in values:
                row.classify(find_named(offered_kinds(), values["kind"], "/kind"), by=request.user)
            if "expires_on" in values:
                row.set_expiry(values["expires_on"], by=request.user)

        return self.act(request, edit_document, kind="document.edited")

    @extend_schema(request=NoBodySerializer, responses=DocumentSerializer)
    @action(detail=True, methods=["post"], permission="documents.share")
    def show(self, request: Any, id: Any) -> Response:
        """Make it visible to the customer."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda row: row.show(by=request.user), kind="document.shown")

    @extend_schema(request=NoBodySerializer, responses=DocumentSerializer)
    @action(detail=True, methods=["post"], permission="documents.share")
    def hide(self, request: Any, id: Any) -> Response:
        """Make it visible to the team only."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda row: row.hide(by=request.user), kind="document.hidden")

    @extend_schema(request=NoBodySerializer, responses=DocumentSerializer)
    @action(detail=True, methods=["post"], permission="documents.remove")
    def archive(self, request: Any, id: Any) -> Response:
        """Move it to the archive. Documents are not deleted."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda row: row.archive(by=request.user), kind="document.archived")

    @extend_schema(request=NoBodySerializer, responses=DocumentSerializer)
    @action(detail=True, methods=["post"], permission="documents.remove")
    def restore(self, request: Any, id: Any) -> Response:
        """Restore it from the archive."""
        self.read_body(request, NoBodySerializer)
        return self.act(request, lambda row: row.restore(by=request.user))

    @extend_schema(
        responses={(200, "*/*"): OpenApiTypes.BINARY},
        parameters=[OpenApiParameter("version", VERSION_NUMBER, description="The newest one by default.")],
    )
    @action(detail=True, methods=["get"], renderer_classes=[FileRenderer])
    def file(self, request: Any, id: Any) -> HttpResponse:
        """Download the file. It may be answered with a redirection to a signed address, good for minutes."""
        for name in request.query_params:
            if name != "version":
                raise bad_parameter(name, _("There is no parameter of this name."))
        document = self.get_object()
        number = document.number
        if "version" in request.query_params:
            number = read_number(request.query_params["version"], most=LAST_VERSION)
            if not number:
                raise bad_parameter("version", _("There is no such version."))
        version = get_object_or_404(document.versions.select_related("file"), number=number)
        AccessLog.objects.note_read(document, by=request.user)
        if settings.ATTACHMENT_HOST:
            address = signed_url(version, AddressUse.DOWNLOAD, holder=MEMBER, holder_id=request.user.pk)
            return HttpResponseRedirect(address)
        return answer(request._request, document, version, AddressUse.DOWNLOAD)


def inspect_file(file: Any) -> Inspected:
    """Return a file as it may be stored. Raises Refused with what is wrong with its size or type."""
    check_size(file.name or "", file.size or 0)
    return inspect(file.read(), file.name or "")
