"""The message ledger of one person, and the actions on it."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from comms.addresses import address_key
from comms.gate import ledger
from comms.gate.consent import consents, opt_outs, suppressions
from comms.gate.rules.quiet_hours import SOURCES
from comms.models import Consent, Decision, KillSwitch, Medium, Message, Purpose, Suppression
from crm.jobs.customer_visibility import hidden_people
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.kernel.zone_names import zone_name
from crm.people.models import ContactPoint, Person
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog, Brand
from crm.platform.organization.configuration import directory
from crm.web.actions.row_action import safe_next
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, page_path
from crm.web.requests.permissions import require

OUTCOMES = Decision.Outcome


@require("comms.view")
def of_person(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the decisions on a person's messages, planned messages, and consent."""
    return _ledger_page(request, _find_person(request, uid))


@require("comms.view")
def of_job(request: TenantRequest, number: int) -> HttpResponse:
    """Redirect to the page of a job's customer."""
    job: Job | None = Job.objects.visible_to(request.member).select_related("person").filter(number=number).first()
    if job is None or job.person is None:
        raise Http404
    return redirect("ledger:person", request.tenant.slug, (job.person.merged_into or job.person).uid)


def _find_person(request: TenantRequest, uid: UUID) -> Person:
    person: Person = get_object_or_404(Person.objects.distinct_ones(), uid=uid)
    if hidden_people([person.pk], request.member):
        raise Http404
    return person


def _ledger_page(request: TenantRequest, person: Person, status: int = 200, told: str = "") -> HttpResponse:
    AccessLog.objects.note_read(person, by=request.member)
    reader = Reader.of(request.member, clock.now())
    brand = _shown_brand(request, person)
    outcome = request.GET.get("outcome", "")
    decisions = ledger.decisions_of(person, request.member)
    if outcome in OUTCOMES.values:
        rows = decisions.filter(outcome=outcome)
    else:
        rows = decisions
    mine = Message.objects.visible_to(request.member).filter(person=person)
    paces, facts = ledger.pace(person, brand)
    context = {
        "person": person,
        "brand": brand,
        "brands": [one for one in directory().brands.values() if one.archived_at is None],
        "days": ledger.days_of(rows[: ledger.SHOWN], reader),
        "planned": [] if outcome else ledger.planned_lines(mine, reader),
        "outcomes": [("", _("All")), *OUTCOMES.choices],
        "outcome": outcome,
        "rows": ledger.consent_table(person, brand, reader),
        "kinds": [Purpose(kind).label for kind in ledger.KINDS],
        "proofs": _consent_entries(person, brand, reader),
        "stops": _suppressions_of(person, reader),
        "switches": [
            one for one in KillSwitch.objects.on().select_related("by", "brand", "channel") if not one.person_id
        ],
        "own_switch": KillSwitch.objects.on().filter(person=person).select_related("by").first(),
        "paces": paces,
        "zones": sorted({zone_name(ZoneInfo(zone.name)) for zone in facts.zones}) if facts else [],
        "zone_source": _(SOURCES[facts.zone_source]) if facts else "",
        "told": told,
        "now": reader.moment(clock.now()),
    }
    return render(request, "comms/gate/ledger.html", context | _form_context(request, person), status=status)


@require("comms.view")
@require_GET
def panel(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show consent and stops of a person as a fragment (`htmx`); otherwise redirect to the whole page."""
    person = _find_person(request, uid)
    if not request.htmx:
        return redirect("ledger:person", request.tenant.slug, person.uid)
    reader = Reader.of(request.member, clock.now())
    brand = _shown_brand(request, person)
    context = {
        "person": person,
        "slug": request.tenant.slug,
        "brand": brand,
        "rows": ledger.consent_table(person, brand, reader),
        "kinds": [Purpose(kind).label for kind in ledger.KINDS],
        "stops": _suppressions_of(person, reader),
        "own_switch": KillSwitch.objects.on().filter(person=person).select_related("by").first(),
        "next": page_path(request),
    }
    return render(request, "comms/gate/panel.html", context | _form_context(request, person))


def _form_context(request: TenantRequest, person: Person) -> dict[str, object]:
    return {
        "points": ContactPoint.objects.filter(person=person).order_by("kind", "pk"),
        "media": [choice for choice in Medium.choices if choice[0] != Medium.PORTAL],
        "purposes": [choice for choice in Purpose.choices if choice[0] != Purpose.SECURITY],
        "sources": [choice for choice in Consent.Source.choices if choice[0] in BY_HAND],
        "may_note": allows(request.member, "comms.consent"),
        "may_stop": allows(request.member, "comms.stop"),
        "given": request.POST if request.method == "POST" else {},
    }


# Where a colleague may have heard it; the others say themselves where they were clicked.
BY_HAND = frozenset({Consent.Source.CALL, Consent.Source.PAPER, Consent.Source.FORM, Consent.Source.MESSAGE})


def _shown_brand(request: TenantRequest, person: Person) -> Brand:
    """Return the brand whose consent is shown: the requested one, or that of their latest job."""
    brands = directory().brands
    chosen = next((one for one in brands.values() if str(one.uid) == request.GET.get("brand", "")), None)
    job = Job.objects.visible_to(request.member).filter(person=person).order_by("-pk").first()
    return chosen or (brands[job.brand_id] if job else directory().default_brand)


def _address_keys(person: Person) -> list[str]:
    return [address_key(value) for value in ContactPoint.objects.filter(person=person).values_list("value", flat=True)]


def _consent_entries(person: Person, brand: Brand, reader: Reader) -> list[tuple[Consent, str]]:
    """Return all consent entries of a person, newest first."""
    rows = Consent.objects.filter(key__in=_address_keys(person), brand=brand).select_related("by").order_by("-pk")[:50]
    return [(entry, reader.moment(entry.at)) for entry in rows]


def _suppressions_of(person: Person, reader: Reader) -> list[tuple[Suppression, str]]:
    own = Suppression.objects.in_force().filter(key__in=_address_keys(person)) | Suppression.objects.in_force().filter(
        person=person
    )
    return [(one, reader.moment(one.at)) for one in own.select_related("brand", "by").order_by("pk")]


Act = Callable[..., str]


def act(permission: str) -> Callable[[Act], Callable[..., HttpResponse]]:
    """Decorator: an action on a person's page, followed by a message with its result or refusal."""

    def decorate(change: Act) -> Callable[..., HttpResponse]:
        @require(permission)
        @require_POST
        @wraps(change)
        def view(request: TenantRequest, uid: UUID, **named: UUID) -> HttpResponse:
            person = _find_person(request, uid)
            try:
                with transaction.atomic():
                    toast = change(request, person, **named)
            except Refused as why:
                return _ledger_page(request, person, 422, str(why))
            messages.success(request, toast)
            return redirect(safe_next(request) or reverse("ledger:person", args=[request.tenant.slug, person.uid]))

        return view

    return decorate


@act("comms.consent")
def stop(request: TenantRequest, person: Person) -> str:
    """Stop all messages to a person."""
    KillSwitch.switch_on(person=person, reason=request.POST.get("reason", ""), by=request.member)
    return _("Messages to %(name)s are stopped.") % {"name": person.name}


@act("comms.consent")
def go_on(request: TenantRequest, person: Person) -> str:
    """Lift the stop of a person."""
    for switch in KillSwitch.objects.on().filter(person=person):
        switch.end(by=request.member)
    return _("Messages to %(name)s are sent again.") % {"name": person.name}


@act("comms.consent")
def note_consent(request: TenantRequest, person: Person) -> str:
    """Record a consent or withdrawal of a person, in their words."""
    posted = request.POST
    point = ContactPoint.objects.filter(person=person, pk=read_number(posted.get("point")) or 0).first()
    medium, purpose, source = (posted.get(name, "") for name in ("medium", "purpose", "source"))
    if point is None or medium not in ledger.media_of(point.kind):
        raise Refused(_("Choose an address or number, and a channel for it."))
    if purpose not in ledger.KINDS or source not in BY_HAND:
        raise Refused(_("Choose the purpose, and where they agreed."))
    consents.record(
        point.value,
        brand=_brand_of(posted.get("brand", "")),
        medium=medium,
        purpose=purpose,
        given=posted.get("given") == "yes",
        wording=posted.get("wording", "")[:2000],
        wording_version=posted.get("version", ""),
        source=source,
        by=request.member,
    )
    return _("Noted.")


def _brand_of(uid: str) -> Brand:
    brand = next((one for one in directory().brands.values() if str(one.uid) == uid), None)
    if brand is None:
        raise Refused(_("Choose the brand."))
    return brand


@act("comms.stop")
def lift(request: TenantRequest, person: Person, stop: UUID) -> str:
    """Lift the suppression of an address, with the reason."""
    suppressions.lift(_find_suppression(person, stop), request.POST.get("reason", ""), by=request.member)
    return _("Messages there are allowed again.")


@act("comms.consent")
def settle(request: TenantRequest, person: Person, stop: UUID) -> str:
    """Settle whether a message was an opt-out."""
    is_stop = request.POST.get("meant") == "stop"
    opt_outs.resolve(_find_suppression(person, stop), stop=is_stop, by=request.member)
    if is_stop:
        return _("Noted: they asked us to stop.")
    return _("Noted: they did not ask us to stop.")


def _find_suppression(person: Person, uid: UUID) -> Suppression:
    row: Suppression = get_object_or_404(Suppression.objects.all(), uid=uid)
    if row.person_id != person.pk and row.key not in _address_keys(person):
        raise Http404
    return row
