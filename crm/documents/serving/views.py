"""The view of signed document URLs, outside any tenant's prefix and without cookies."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.documents.models import DocumentVersion
from crm.documents.serving.addresses import pass_of
from crm.documents.serving.answers import answer
from crm.documents.serving.holders import admit
from crm.platform.tenancy.context import use_tenant


@never_cache
@require_safe
def signed_file(request: HttpRequest, token: str) -> HttpResponse:
    """Serve the file of a signed URL if its holder may still read it. Any other URL gets the same 404."""
    file_pass = pass_of(token)
    if file_pass is None:
        raise Http404
    with use_tenant(file_pass.tenant_id):
        versions = DocumentVersion.objects.select_related("file", "thumbnail", "document__kind")
        version = versions.filter(pk=file_pass.version_id).first()
        admitted = version is not None and admit(file_pass, version.document)
        response = None
        if version and admitted:
            response = answer(request, version.document, version, file_pass.use)
    if response is None:
        raise Http404
    return response
