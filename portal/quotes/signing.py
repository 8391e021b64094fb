"""Read the signature of an acceptance from the form, with the evidence of who signed."""

import json
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from portal.access.pages import PortalRequest
from portal.models import PortalCode
from portal.quotes.quote_device import QuoteDevice
from quotes.models import QuoteVersion, QuoteView
from quotes.models.acceptance import CustomerSignature
from quotes.paper.content import SIGNATURE_BOX

# Every point is scaled to this box.
WIDTH, HEIGHT = SIGNATURE_BOX
MOST_STROKES = 60
MOST_NUMBERS = 6000
LONGEST = 40_000
# Between the use of a code and the device it signs in lies one request.
AT_ONCE = timedelta(minutes=1)


def consent_words() -> str:
    """Return the sentence that who accepts agrees to."""
    return _("I have read the quote and its terms, and I agree to sign it here, electronically.")


def read_signature(request: PortalRequest, version: QuoteVersion) -> CustomerSignature:
    """Return the signature of a posted form. Raises Refused for a drawing that is none."""
    viewer = request.viewer
    device = QuoteDevice.of(request)
    method = request.POST.get("method", "typed")
    evidence = _evidence(request, version, device)
    # Without a code nothing is read of the form: who signs isn't known.
    if method == "drawn" and device.gave_code:
        evidence["strokes"] = parse_strokes(request.POST.get("strokes", ""))
    return CustomerSignature(
        person=viewer.person,
        name=request.POST.get("name", "")[:200],
        method=method,
        consent=consent_words() if "agree" in request.POST else "",
        has_code=device.gave_code,
        is_forwarded=device.looks_forwarded,
        evidence=evidence,
    )


def _evidence(request: PortalRequest, version: QuoteVersion, device: QuoteDevice) -> dict[str, Any]:
    """Return what is known of who signs: the address of the code, the device, and when it first saw the version.

    The certificate page of the PDF prints them by these keys (quotes/paper/certificate.py).
    """
    viewer = request.viewer
    facts: dict[str, Any] = {
        "ip": get_adapter().get_client_ip(request),
        "device": request.headers.get("User-Agent", "")[:200],
        "language": get_language() or "",
    }
    if viewer.device:
        facts["device_id"] = str(viewer.device.uid)
        facts["code_at"] = viewer.device.created_at.isoformat()
        since = viewer.device.created_at - AT_ONCE
        codes = PortalCode.objects.filter(point__person=viewer.person, used_at__range=(since, since + 2 * AT_ONCE))
        if code := codes.order_by("-used_at").first():
            facts["code_address"] = code.address
    view = QuoteView.objects.filter(version=version, device=device.key).first()
    if view:
        facts["first_seen_at"] = view.first_at.isoformat()
        facts["seconds"] = view.seconds
    return facts


def parse_strokes(text: str) -> list[list[int]]:
    """Parse a drawn signature: strokes as lists of x and y, within the box. Raises Refused for anything else."""
    refused = Refused(_("Sign in the box, or type your signature instead."))
    if not text or len(text) > LONGEST:
        raise refused
    try:
        strokes = json.loads(text)
    except ValueError:
        raise refused from None
    if not isinstance(strokes, list) or not 0 < len(strokes) <= MOST_STROKES:
        raise refused
    if not all(_is_stroke(stroke) for stroke in strokes) or sum(map(len, strokes)) > MOST_NUMBERS:
        raise refused
    return strokes


def _is_stroke(stroke: Any) -> bool:
    if not isinstance(stroke, list) or len(stroke) < 4 or len(stroke) % 2:
        return False
    if not all(type(number) is int for number in stroke):
        return False
    return all(0 <= x <= WIDTH for x in stroke[::2]) and all(0 <= y <= HEIGHT for y in stroke[1::2])
