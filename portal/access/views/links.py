"""Open a link from a message, and record the browser that shows its page.

A GET of a link binds nothing: scanners and previews of mail programs follow every one. The page it leads to asks for a
picture of nothing, with the cookies the link has set; a browser that shows the page is the first to do that.
"""

import re
import secrets

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.jobs.models import Job
from portal.access import cookies, entrance, links, sessions, visits
from portal.access.links import target_of
from portal.access.pages import PortalRequest, portal_page, public_page, to_sign_in
from portal.access.viewer import Level
from portal.models import PortalAccess, PortalLink

# The smallest picture: one clear dot.
DOT = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b")
# What fetches links for others and says so: mail scanners, previews in messengers and mail programs.
_FETCHERS = re.compile(
    r"bot\b|crawl|spider|preview|prefetch|scanner|safelinks|proofpoint|mimecast|barracuda|facebookexternalhit|whatsapp/"
    r"|telegram|slack|skype|discord|curl/|wget/|python-|go-http|okhttp|java/|headless",
    re.IGNORECASE,
)


@require_safe
@public_page
def open_link(request: PortalRequest, token: str) -> HttpResponse:
    """Store the link in a cookie and redirect to its target; an expired link asks for a code first.

    Broken and taken away look alike.
    """
    try:
        link = links.read_link(token, request.company.pk)
    except links.ExpiredLink as why:
        if entrance.viewer_of(request, request.company.pk) is not None:
            # Whoever is known already is led to where it would have.
            return redirect(target_of(why.link, request.company.slug))
        if entrance.viewer_by(why.link) is None:
            raise Http404("a link that was taken away") from None
        messages.info(request, _("That link is too old. Sign in with a code, and we take you to what it was about."))
        return to_sign_in(request, target_of(why.link, request.company.slug))
    except links.BrokenLink as why:
        raise Http404(f"a link: {type(why).__name__}") from None
    viewer = entrance.viewer_by(link)
    if viewer is None:
        raise Http404("a link that was taken away")
    if request.method == "HEAD" or is_fetched(request):
        return HttpResponse(headers={"Referrer-Policy": "no-referrer"})
    slug = request.company.slug
    response = redirect(target_of(link, slug))
    # The address is the key: it is not to be passed on to wherever the page leads.
    response["Referrer-Policy"] = "no-referrer"
    seconds = int(links.KEPT.total_seconds())
    cookies.set_cookie(response, cookies.LINK, token, company=slug, seconds=seconds)
    if not cookies.read_cookie(request, cookies.BROWSER):
        cookies.set_cookie(response, cookies.BROWSER, secrets.token_urlsafe(16), company=slug, seconds=seconds)
    return response


def is_fetched(request: HttpRequest) -> bool:
    """Return True for a scanner, a preview or a prefetch, which isn't a person."""
    purpose = request.headers.get("Sec-Purpose", "") or request.headers.get("Purpose", "")
    agent = request.headers.get("User-Agent", "")[:400]
    return "prefetch" in purpose or not agent or bool(_FETCHERS.search(agent))


@require_safe
@portal_page(level=Level.LINK)
def note_seen(request: PortalRequest) -> HttpResponse:
    """Answer the page's tracking request: record the visit, and bind the link to the browser."""
    viewer = request.viewer
    browser = cookies.read_cookie(request, cookies.BROWSER)
    if viewer.link and browser and not is_fetched(request):
        # Whoever was sent a link was meant to come in, invited or not.
        if viewer.access.pk:
            access = viewer.access
        else:
            access = PortalAccess.invite(viewer.person, by=None)
        job = None
        if viewer.link.job_id:
            job = Job.objects.filter(pk=viewer.link.job_id).first()
        PortalLink.show(access, viewer.link.digest, sessions.secret_digest(browser), job=job)
        sessions.note_visit(access, None)
        if job:
            visits.note_page(access, "portal:job", job.number)
    return dot_response()


def dot_response() -> HttpResponse:
    """Return the picture that a page asks for to say that it is shown."""
    return HttpResponse(DOT, content_type="image/gif")
