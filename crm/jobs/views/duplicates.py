"""Duplicate persons: compare two records, merge them or keep them apart; undo a merge."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.jobs.customer_visibility import hidden_people, visible_people
from crm.jobs.duplicates.comparison import DuplicatePair, lately_merged, sides_of, undecided_pairs
from crm.jobs.list.search import candidates, search
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.merging import merge as merging
from crm.people.models import DuplicateCandidate, Merge, Person
from crm.platform.models import AccessLog
from crm.web.lists.conditions.query import tidy
from crm.web.lists.counts import capped_counts
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.local_path import next_page
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit

PAGE = 20
LATELY = 10
CANDIDATES = 20


@require("people.merge")
@require_GET
def duplicates(request: TenantRequest) -> HttpResponse:
    """Show the pairs to decide on, and the last merges, which can be undone."""
    reader = Reader.of(request.member, clock.now())
    pairs = undecided_pairs(request.member, reader, request.tenant.slug, PAGE)
    context = {
        "pairs": pairs,
        "count": capped_counts({"all": DuplicateCandidate.objects.filter(decided_at=None)})["all"],
        "merges": lately_merged(reader, LATELY),
    }
    AccessLog.objects.note_reads([side.person for pair in pairs for side in pair.sides], by=request.member)
    return render(request, "jobs/duplicates.html", context)


@require("people.merge")
@require_GET
@limit("search", "60/m")
def compare(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Compare one person with another, found by the search box (`?q=`) and chosen (`?with=`)."""
    person = get_object_or_404(visible_people(request.member), uid=uid)
    reader = Reader.of(request.member, clock.now())
    context: dict[str, Any] = {"person": person, "q": tidy(request.GET.get("q", ""))}
    context["next"] = next_page(request, below=f"/{request.tenant.slug}/")
    other = _other_person(request, person)
    if other:
        sides = sides_of([person.pk, other.pk], request.member, reader, request.tenant.slug)
        context["pair"] = DuplicatePair((sides[person.pk], sides[other.pk]), _("chosen by you"))
        AccessLog.objects.note_reads([person, other], by=request.member)
    elif context["q"]:
        context["candidates"] = _find_candidates(context["q"], person, request)
    return render(request, "jobs/compare.html", context)


@require("people.merge")
@require_POST
def merge(request: TenantRequest) -> HttpResponse:
    """Merge one of two records into the other, as chosen in the form."""
    form = request.POST
    rows = list(Person.objects.filter(uid__in=_parse_uids(form, "one", "other")))
    hidden = hidden_people([row.pk for row in rows], request.member)
    people = {str(row.uid): row for row in rows if row.pk not in hidden}
    kept = people.pop(form.get("keep", ""), None)
    if kept is None or len(people) != 1:
        messages.error(request, _("Choose which of the two records is kept."))
        return redirect("jobs:duplicates", request.tenant.slug)
    other = next(iter(people.values()))
    try:
        merging.merge(kept, other, by=request.member, take=_fields_to_take(form, kept))
    except Refused as why:
        messages.error(request, str(why))
    else:
        text = _("%(other)s is now part of %(kept)s. You can undo the merge below.")
        next_url = next_page(request, below=f"/{request.tenant.slug}/")
        if next_url:
            text = _("%(other)s is now part of %(kept)s. The customer’s page can undo it.")
        messages.success(request, text % {"other": other.name, "kept": kept.name})
        if next_url:
            return redirect(next_url)
    return redirect("jobs:duplicates", request.tenant.slug)


@require("people.merge")
@require_POST
def part(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Record that they are two people; the pair is not suggested again."""
    candidate_pair = get_object_or_404(DuplicateCandidate.objects.all(), uid=uid)
    candidate_pair.part(by=request.member)
    messages.success(request, _("Marked as not duplicates. This pair won’t be suggested again."))
    return redirect("jobs:duplicates", request.tenant.slug)


@require("people.merge")
@require_POST
def unmerge(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Undo a merge."""
    get_object_or_404(Merge.objects.all(), uid=uid)
    try:
        merging.unmerge(uid, by=request.member)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("The merge is undone: they are two records again."))
    return redirect("jobs:duplicates", request.tenant.slug)


def _fields_to_take(form: QueryDict, kept: Person) -> tuple[str, ...]:
    """List the fields whose value is taken from the record that is merged away."""
    return tuple(name for name in merging.FIELDS if form.get(name) and form[name] != str(kept.uid))


def _parse_uids(form: QueryDict, *names: str) -> list[UUID]:
    uids = []
    for name in names:
        try:
            uids.append(UUID(form.get(name, "")))
        except ValueError:
            continue
    return uids


def _other_person(request: TenantRequest, person: Person) -> Person | None:
    uids = _parse_uids(request.GET, "with")
    chosen: Person | None = visible_people(request.member).filter(uid__in=uids).exclude(pk=person.pk).first()
    return chosen


def _find_candidates(text: str, person: Person, request: TenantRequest) -> list[Person]:
    """List other persons that the text matches, with or without leads: by name, number or address."""
    hits = [hit.job_id for hit in search(text, by=request.member, most=CANDIDATES)]
    of_leads = Job.objects.filter(pk__in=hits, person__isnull=False).values("person_id")
    matches = candidates(text, by=request.member).people
    people = visible_people(request.member).filter(Q(pk__in=matches) | Q(pk__in=of_leads)).exclude(pk=person.pk)
    return list(people.order_by("name_key", "pk")[:CANDIDATES])
