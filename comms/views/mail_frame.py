"""The HTML of one email as a document for the frame on its page.

The second wall behind the allow-list. The frame is sandboxed by the page and by the document's own policy: no scripts,
no forms, no way to the page around it. That page measures it (static/js/mail-frame.js); without scripts it foresees how
high it will be (comms/mail/frame_estimate.py).
"""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from comms.mail.document import document, policy
from comms.models import Attachment, Direction, Message, PictureSender
from comms.views.file_addresses import preview_path
from crm.platform.files.media_types import PREVIEWED
from crm.platform.models import AccessLog, Member
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from libs.inbound_mail import safe_html


@require("comms.view")
@require_safe
@xframe_options_sameorigin
def mail_frame(request: TenantRequest, uid: str) -> HttpResponse:
    """Serve the document, with remote images if `?images=1` or the member's choice allows them."""
    message = Message.objects.readable_by(request.member).filter(uid=uid).exclude(html="").first()
    if message is None:
        raise Http404
    AccessLog.objects.note_read(message, by=request.member)
    is_chosen = PictureSender.objects.filter(member=request.member, address=message.address.lower()).exists()
    remote = is_chosen or request.GET.get("images") == "1"
    origin = request.build_absolute_uri("/").rstrip("/")
    images = _image_addresses(message, request.member, origin)
    mail = safe_html(message.html, images=images, remote=remote, quote_label=_("Quoted text and signature"))
    language = message.language or get_language() or settings.LANGUAGE_CODE
    theme = request.COOKIES.get("theme", "")
    response = HttpResponse(document(mail, language=language, theme=theme, is_chosen=is_chosen))
    response["Content-Security-Policy"] = policy(images=[f"{origin}/public/attachments/"], remote=remote)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require("comms.view")
@require_POST
def choose_pictures(request: TenantRequest, uid: str) -> HttpResponse:
    """Set whether this member sees remote images of a sender."""
    message = Message.objects.readable_by(request.member).filter(uid=uid, direction=Direction.IN).first()
    if message is None or not message.address:
        raise Http404
    choice = {"member": request.member, "address": message.address.lower()}
    if request.POST.get("show") == "1":
        PictureSender.objects.get_or_create(**choice)
    else:
        PictureSender.objects.filter(**choice).delete()
    return HttpResponse(status=204)


def _image_addresses(message: Message, member: Member, here: str) -> dict[str, str]:
    """Return our addresses of an email's attached images by content ID."""
    within = Attachment.objects.filter(message=message, media_type__in=PREVIEWED).exclude(content_id="")
    return {attachment.content_id: f"{here}{preview_path(attachment, member)}" for attachment in within[:200]}
