"""The web app manifest, by which a phone puts the product on its home screen: it opens with the day's page."""

from django.http import JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

# The canvas of the light theme (static/css/tokens.css), behind the icon while the page loads.
CANVAS = "#f5f6f8"
# A launcher shows so many letters below the icon.
LONGEST_NAME = 12


@require("followups.view")
@require_GET
def manifest(request: TenantRequest) -> JsonResponse:
    """Return the manifest of an organization: all its pages open in the app, and the day's page without a network."""
    slug = request.tenant.slug
    content = {
        "id": f"/{slug}/",
        "name": request.tenant.name,
        "short_name": request.tenant.name[:LONGEST_NAME].strip(),
        "description": _("Your follow-ups of today, also without a signal."),
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": reverse("followups:today", args=[slug]),
        "scope": f"/{slug}/",
        "display": "standalone",
        "background_color": CANVAS,
        "theme_color": CANVAS,
        "icons": [
            *(_icon(size, purpose) for size in (192, 512) for purpose in ("any", "maskable")),
            {"src": static("img/app-icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
        "shortcuts": [
            {"name": _("Today"), "url": reverse("followups:today", args=[slug])},
            {"name": _("Call list"), "url": reverse("followups:calls", args=[slug])},
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def _icon(size: int, purpose: str) -> dict[str, str]:
    """Return one image, whose mark stands within the circle that launchers leave of a maskable one."""
    src = static(f"img/app-icon-{size}.png")
    return {"src": src, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
