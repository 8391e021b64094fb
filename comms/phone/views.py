"""The demo page: customer, phone, mailbox, and a trace of their messages. 404 unless this is a demo."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from comms.channels.registry import embedded_is_offered
from comms.models import Channel, Message
from comms.phone import difficulty, mailbox, sending, trace
from comms.phone.customers import PhoneCustomer, PhoneCustomerChoice, choices, customer, media
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Tenant
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant

# How many messages of each medium are shown.
SHOWN = 60
# Of one message: what a phone would take.
MOST_FILES = 10
MOST_BYTES = 25 << 20
REPORTS = {"opened", "bounced", "complained"}
View = Callable[..., HttpResponse]


def of_demo(view: View) -> View:
    """Decorator: pass the tenant in use and the played customer to a view. 404 in production."""

    @never_cache
    @wraps(view)
    def demo_view(request: HttpRequest, organization: str, **named: Any) -> HttpResponse:
        place = None
        if embedded_is_offered():
            place = Tenant.objects.filter(slug=organization, suspended_at=None).first()
        if place is None:
            raise Http404
        with use_tenant(place.pk):
            if request.method == "POST":
                posted = request.POST
            else:
                posted = request.GET
            who = customer(posted.get("who", ""), posted.get("brand", "")) or _first_customer(posted.get("brand", ""))
            return view(request, place, who, **named)

    return demo_view


def _first_customer(brand: str) -> PhoneCustomer:
    customer_found = next((who for choice in choices() if (who := customer(choice.key, brand))), None)
    if customer_found is None:
        raise Http404
    return customer_found


@require_safe
@of_demo
def page(request: HttpRequest, tenant: Tenant, who: PhoneCustomer) -> HttpResponse:
    """Show phone and mailbox; for a script's request only the changing parts."""
    context = _page_context(request, tenant, who)
    part = "comms/phone/page.html"
    if request.headers.get("HX-Request"):
        part = "comms/phone/_live.html"
    return render(request, part, context)


def _page_context(request: HttpRequest, tenant: Tenant, who: PhoneCustomer) -> dict[str, Any]:
    channels = media(who)
    mine = mailbox.messages_of(who)[: SHOWN * 3]
    mails = [each for each in mine if each.medium == "email"][:SHOWN]
    chosen = next((each for each in mails if str(each.uid) == request.GET.get("mail")), mails[0] if mails else None)
    offered = choices()
    if all(choice.key != who.key for choice in offered):
        offered = [choice for choice in offered if not (who.person is None and choice.key.startswith("stranger-"))]
        offered.append(PhoneCustomerChoice(who.key, who.name, who.number or who.email))
    return {
        "slug": tenant.slug,
        "organization": tenant.name,
        "who": who,
        "choices": offered,
        "brands": [brand for brand in directory().brands.values() if not brand.archived_at],
        "channels": channels,
        "texts": [each for each in reversed(mine) if each.medium in ("sms", "call")][-SHOWN:],
        "whatsapps": [each for each in reversed(mine) if each.medium == "whatsapp"][-SHOWN:],
        "mails": mails,
        "mail": chosen,
        "mail_head": mailbox.head_of(chosen) if chosen else None,
        "app": "whatsapp" if request.GET.get("app") == "whatsapp" else "sms",
        "trace": trace.of_customer(who),
        "difficulties": difficulty.questions(who),
        "here": urlencode({"who": who.key, "brand": who.brand.name}),
    }


@require_POST
@of_demo
def text(request: HttpRequest, tenant: Tenant, who: PhoneCustomer) -> HttpResponse:
    """Send a text or WhatsApp message to the company."""
    app = "sms"
    if request.POST.get("app") == "whatsapp":
        app = "whatsapp"
    words = request.POST.get("text", "").strip()[:4000]
    files = _uploaded_files(request)
    channel = who.channel(app)
    if channel is None:
        return _redirect_back(request, tenant, who, _("This brand has no number for that."), app=app)
    if not who.number:
        return _redirect_back(request, tenant, who, _("This customer has no number."), app=app)
    if not words and not files:
        return _redirect_back(request, tenant, who, _("Write something, or add a picture."), app=app)
    sending.write_text(who, channel, words, files)
    return _redirect_back(request, tenant, who, app=app)


@require_POST
@of_demo
def call(request: HttpRequest, tenant: Tenant, who: PhoneCustomer) -> HttpResponse:
    """Call the company: `seconds` of talk, 0 for hanging up."""
    channel = who.channel("call") or who.channel("sms")
    if channel is None or not who.number:
        return _redirect_back(request, tenant, who, _("Nobody can be called: this brand has no number."))
    sending.call(who, channel, seconds=min(read_number(request.POST.get("seconds")) or 0, 36_000))
    return _redirect_back(request, tenant, who)


@require_POST
@of_demo
def mail(request: HttpRequest, tenant: Tenant, who: PhoneCustomer) -> HttpResponse:
    """Send an email to the company, or reply to one."""
    words = request.POST.get("text", "").strip()[:100_000]
    subject = " ".join(request.POST.get("subject", "").split())
    channel: Channel | None = who.channel("email")
    answers = mailbox.message(who, request.POST.get("answers", ""))
    if channel is None or not who.email:
        return _redirect_back(request, tenant, who, _("There is no address to write from, or to."))
    files = _uploaded_files(request)
    if not words and not files:
        return _redirect_back(request, tenant, who, _("Write something, or add a file."))
    sending.write_mail(
        who,
        (answers.channel if answers else None) or channel,
        subject=(subject or mailbox.answer_subject(answers) or _("(no subject)"))[:200],
        text=words,
        files=files,
        answers=answers,
        away_until=request.POST.get("away", "")[:20],
    )
    return _redirect_back(request, tenant, who)


@require_POST
@of_demo
def report(request: HttpRequest, tenant: Tenant, who: PhoneCustomer, uid: UUID) -> HttpResponse:
    """Simulate a report that a message was opened, bounced or marked as spam."""
    kind = request.POST.get("kind", "")
    message = mailbox.message(who, str(uid))
    if message is None or kind not in REPORTS or sending.report(message, kind) is None:
        return _redirect_back(request, tenant, who, _("There is nothing to report for it."))
    return _redirect_back(request, tenant, who, mail=str(uid), app=message.medium)


@require_POST
@of_demo
def difficult(request: HttpRequest, tenant: Tenant, who: PhoneCustomer) -> HttpResponse:
    """Set the simulated faults of the provider, from the next message on."""
    difficulty.set_difficulty(who, {name: str(value) for name, value in request.POST.items()})
    return _redirect_back(request, tenant, who)


@require_safe
@of_demo
def paper(request: HttpRequest, tenant: Tenant, who: PhoneCustomer, uid: UUID) -> HttpResponse:
    """Serve the HTML of an email as displayed, sandboxed."""
    row = get_object_or_404(Message.objects.filter(channel__provider="embedded"), uid=uid)
    response = HttpResponse(mailbox.paper_of(row))
    response["Content-Security-Policy"] = (
        "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_safe
@of_demo
def source(request: HttpRequest, tenant: Tenant, who: PhoneCustomer, uid: UUID) -> HttpResponse:
    """Serve the bytes of an email as sent."""
    row = get_object_or_404(Message.objects.filter(channel__provider="embedded"), uid=uid)
    raw = mailbox.raw_of(row)
    if raw is None:
        raise Http404
    return HttpResponse(raw, content_type="text/plain; charset=utf-8", headers={"X-Content-Type-Options": "nosniff"})


def _uploaded_files(request: HttpRequest) -> Sequence[Any]:
    uploads = request.FILES.getlist("files")[:MOST_FILES]
    if sum(file.size or 0 for file in uploads) <= MOST_BYTES:
        return uploads
    return []


def _redirect_back(
    request: HttpRequest, tenant: Tenant, who: PhoneCustomer, trouble: str = "", **named: str
) -> HttpResponse:
    if trouble:
        notices.error(request, trouble)
    query = urlencode({"who": who.key, "brand": who.brand.name, **named})
    return redirect(f"{reverse('phone:page', args=[tenant.slug])}?{query}")
