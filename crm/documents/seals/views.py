"""The public page on which anybody verifies a PDF that they hold. The file is read once, and not kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crm.documents.seals.verification import verify_pdf
from crm.kernel.formats import MB, size_in_words
from crm.kernel.refusal import Refused
from crm.kernel.sentences import translate_sentence
from crm.web.requests.error_pages import too_many
from crm.web.requests.throttle import count_call, limit
from libs.sealed_pdf import SealVerification

# A signed quote has some 100 kB; a hostile file of so many bytes takes seconds.
MOST_BYTES = 5 * MB
# In a minute, of all visitors together.
MOST_CALLS = 60
# The form around the file.
ENVELOPE = 10_000


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limit("verify_pdf", "10/m", method="POST")
def verify_page(request: HttpRequest) -> HttpResponse:
    """Show the form; a POST says whether the file is whole. Nobody signs in, so there is nothing to forge."""
    page: dict[str, object] = {"most": size_in_words(MOST_BYTES)}
    status = 200
    if request.method == "POST":
        if count_call("all", "verify_pdf", 60) > MOST_CALLS:
            return too_many(request, retry_after=60)
        try:
            verdict = _verify_upload(request)
            page |= {"verdict": verdict, "sentence": translate_sentence(verdict.sentence)}
        except Refused as refusal:
            page["trouble"] = str(refusal)
            status = 400
    response = render(request, "documents/verify.html", page, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _verify_upload(request: HttpRequest) -> SealVerification:
    """Raises Refused without a file, or for one that is too large: that one isn't even received."""
    too_large = Refused(_("The file is too large. It may have %(most)s.") % {"most": size_in_words(MOST_BYTES)})
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + ENVELOPE:
        raise too_large
    file = request.FILES.get("file")
    if file is None:
        raise Refused(_("Choose the PDF file first."))
    if (file.size or 0) > MOST_BYTES:
        raise too_large
    return verify_pdf(file.read())
