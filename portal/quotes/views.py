"""The customer's page of a quote: see it, choose, ask, accept, decline; and what its browser tells of being read."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from portal.access.pages import PortalRequest, portal_page
from portal.access.viewer import Level
from portal.access.views.links import dot_response, is_fetched
from portal.access.views.sign_in import CodeStep
from portal.messages.answer_time import usual_answer
from portal.models.quotas import QuotaReached
from portal.quotes import offers_consent
from portal.quotes.offer_page import OfferPage
from portal.quotes.outcome import outcome_of
from portal.quotes.questions import ask_about
from portal.quotes.quote_access import customer_name, find_quote, is_open, may_answer
from portal.quotes.quote_device import QuoteDevice
from portal.quotes.selection import OfferSelection, accepted_selection, kept_selection, read_selection
from portal.quotes.signing import consent_words, read_signature
from quotes.models import DeclineReason, Quote, QuoteVersion, VersionContent
from quotes.models.acceptance import OfferChoice


@require_safe
@portal_page(level=Level.LINK)
def quote_page(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Show a quote with its choices, or its outcome."""
    return _render_quote(request, find_quote(request.viewer, uid))


@require_POST
@portal_page(level=Level.LINK)
def show_price(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Keep what is chosen and show its price: the parts of the page that changed, or the page without scripts."""
    quote = find_quote(request.viewer, uid)
    page = _posted_page(request, quote)
    if is_open(quote) and _is_of_another_version(request, page):
        messages.info(request, _("We have changed this quote since you opened it. This is the new version."))
        return _to_quote(request, quote)
    if not is_open(quote):
        return _to_quote(request, quote)
    # A forwarded link shows prices, and changes nothing of what the customer had chosen.
    if not QuoteDevice.of(request).looks_forwarded:
        quote.choose(request.viewer.person, page.selection.option_id, page.selection.unticked)
    if request.htmx:
        return render(request, "portal/quotes/_fresh.html", _open_context(request, page))
    return _render_quote(request, quote, page.selection)


@require_POST
@portal_page(level=Level.LINK)
def ask_about_quote(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Send a question, or with `change` what they chose as a change they want."""
    quote = find_quote(request.viewer, uid)
    page = _posted_page(request, quote)
    text = request.POST.get("text", "")
    with_choice = "change" in request.POST
    try:
        ask_about(request.viewer, page, text, _form_key(request), with_choice=with_choice)
    except QuotaReached as why:
        response = _render_quote(request, quote, page.selection, asking=str(why), status=429)
        response["Retry-After"] = str(why.retry_after)
        return response
    except Refused as why:
        return _render_quote(request, quote, page.selection, asking=str(why), status=422)
    messages.success(request, _("Thank you, we’ve received it. We’ll get back to you."))
    return _to_quote(request, quote)


@require_POST
@portal_page(level=Level.LINK)
def accept_quote(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Accept what is chosen, with a signature. Whatever is missing or has changed is said on the page."""
    quote = find_quote(request.viewer, uid)
    page = _posted_page(request, quote)
    try:
        _accept(request, page)
    except Refused as why:
        return _render_quote(request, find_quote(request.viewer, uid), page.selection, trouble=str(why), status=422)
    return _to_quote(request, quote)


def _accept(request: PortalRequest, page: OfferPage) -> None:
    quote = page.quote
    if not may_answer(request.viewer, quote):
        raise Refused(_("Only %(name)s can accept this quote.") % {"name": customer_name(quote)})
    choice = OfferChoice(
        version=read_number(request.POST.get("version")) or 0,
        option_id=page.selection.option_id,
        unticked=page.selection.unticked,
        hash=request.POST.get("hash", ""),
    )
    if is_open(quote) and not _is_of_another_version(request, page) and choice.hash != page.hash:
        raise Refused(_("This is the price of what you chose now. Look at it, then accept."))
    quote.accept(choice, read_signature(request, page.version))
    offers_consent.record_offers_consent(request)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page(level=Level.LINK)
def decline_quote(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Ask why they decline; one tap on a reason declines."""
    quote = find_quote(request.viewer, uid)
    if not is_open(quote):
        return _to_quote(request, quote)
    trouble = ""
    if request.method == "POST":
        try:
            _decline(request, quote)
        except Refused as why:
            trouble = str(why)
        else:
            return _to_quote(request, quote)
    context = {
        "quote": quote,
        "reasons": DeclineReason.choices,
        "trouble": trouble,
        "note": request.POST.get("note", ""),
        "offers": offers_consent.offers_words() if offers_consent.offers_point(request) else "",
    }
    return render(request, "portal/quotes/decline.html", context, status=422 if trouble else 200)


def _decline(request: PortalRequest, quote: Quote) -> None:
    if not may_answer(request.viewer, quote):
        raise Refused(_("Only %(name)s can decline this quote.") % {"name": customer_name(quote)})
    if QuoteDevice.of(request).looks_forwarded:
        raise Refused(_("This link was opened on another device first. Sign in with a code to decline the quote."))
    quote.decline(request.POST.get("reason", ""), note=request.POST.get("note", ""), person=request.viewer.person)
    offers_consent.record_offers_consent(request)


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page(level=Level.LINK)
def note_quote_seen(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Record that a browser shows the quote, and for how many seconds (POST): the page's picture, and its script."""
    quote = find_quote(request.viewer, uid)
    device = QuoteDevice.of(request)
    if device.key and not request.viewer.is_preview and not is_fetched(request):
        quote.note_view(
            device.key,
            person=request.viewer.person,
            seconds=read_number(request.POST.get("seconds")) or 0,
            is_first_device=device.is_first,
            gave_code=device.gave_code,
        )
    return dot_response()


def _posted_page(request: PortalRequest, quote: Quote) -> OfferPage:
    version = _version_of(request, quote)
    content = VersionContent(version)
    return OfferPage(quote, version, read_selection(request.POST, content), content)


def _version_of(request: PortalRequest, quote: Quote) -> QuoteVersion:
    """Return the version the customer has; a colleague who looks as them sees the newest, sent or not."""
    if request.viewer.is_preview:
        return quote.newest_version()
    return quote.shown_version()


def _is_of_another_version(request: PortalRequest, page: OfferPage) -> bool:
    return read_number(request.POST.get("version")) != page.version.number


def _form_key(request: PortalRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def _to_quote(request: PortalRequest, quote: Quote) -> HttpResponse:
    url = reverse("portal:quote", kwargs={"company": request.company.slug, "uid": quote.uid})
    if request.htmx:
        return HttpResponseClientRedirect(url)
    return redirect(url)


def _render_quote(
    request: PortalRequest,
    quote: Quote,
    selection: OfferSelection | None = None,
    *,
    trouble: str = "",
    asking: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render the page. `trouble`: why it isn't accepted; `asking`: why the question isn't sent."""
    version = _version_of(request, quote)
    content = VersionContent(version)
    acceptance = quote.last_acceptance()
    if acceptance and acceptance.version_id == version.pk:
        selection = accepted_selection(acceptance)
    if selection is None or selection.option_id not in {None, *(option.pk for option in content.options)}:
        selection = kept_selection(content, request.viewer.person)
    page = OfferPage(quote, version, selection, content)
    if not is_open(quote) and not (request.viewer.is_preview and version.is_draft):
        context = {"page": page, "quote": quote, "outcome": outcome_of(page, request.viewer, acceptance)}
        # Who came by a link is asked for a code there.
        context["may_write"] = request.viewer.has_section(quote.job, "messages")
        return render(request, "portal/quotes/closed.html", context | {"trouble": trouble or asking}, status=status)
    context = _open_context(request, page) | {"trouble": trouble, "asking": asking}
    return render(request, "portal/quotes/quote.html", context, status=status)


def _open_context(request: PortalRequest, page: OfferPage) -> dict[str, Any]:
    member = page.quote.job.member
    viewer = request.viewer
    posted = request.POST
    return {
        "quote": page.quote,
        "page": page,
        "steps": page.step_numbers(),
        "member": member,
        "usually": usual_answer(member) if member else "",
        "key": uuid4(),
        "may_answer": may_answer(viewer, page.quote),
        "here": reverse("portal:quote", kwargs={"company": request.company.slug, "uid": page.quote.uid}),
        "step": CodeStep.of(request),
        "looks_forwarded": not viewer.is_preview and QuoteDevice.of(request).looks_forwarded,
        "consent": consent_words(),
        "offers": offers_consent.offers_words() if offers_consent.offers_point(request) else "",
        "text": posted.get("text", ""),
        "name": posted.get("name", viewer.person.name),
        "method": posted.get("method", "typed"),
        "strokes": posted.get("strokes", ""),
    }
