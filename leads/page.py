"""The context of the lead page by parts, shared by the page and the answers to actions."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from comms.timeline import SHOWN_AS_MESSAGES, message_entries
from crm.automation.moves.proposals import job_proposals
from crm.automation.points.counting import why_priority
from crm.jobs.action_choices import contact_choices, next_stage, receivers
from crm.jobs.bar.clock_explanation import explain
from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bar.shapes import shapes
from crm.jobs.bar.upright import upright
from crm.jobs.list.job_list import MOST_PRESSING
from crm.jobs.list.rows import LeadRowMaker, html
from crm.jobs.models import Job, Level, Note, Priority, Side
from crm.jobs.next_step.description import next_step
from crm.jobs.next_step.kinds import step_name
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.quality.step_guide import step_guide
from crm.jobs.timeline.event_words import CHANNELS
from crm.jobs.timeline.narrowing import is_whole, timeline_context
from crm.jobs.timeline.timeline import MOST, timeline
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, page_query
from leads.details import details
from leads.lead_list import LEADS
from leads.qualification.disqualification import doubt_of
from leads.response.page import Awaited, awaited_contact

# A message this soon after the lead came in is what it came in by.
_SAME_MOMENT = timedelta(minutes=1)
VERBS = ("move", "claim", "note", "correct")


def render_page(request: TenantRequest, job: Job, status: int = 200, told: str = "") -> HttpResponse:
    """Render the whole page, with the error message if a form was refused without scripts."""
    reader = Reader.of(request.member, clock.now())
    context = {
        **parts(request, job, reader),
        **facts(request, job, reader),
        "next_step": next_step(job, reader) if job.next_step_kind else None,
        "neighbours": _neighbour_urls(request, job),
        "told": told,
    }
    return render(request, "leads/lead.html", context, status=status)


def parts(request: TenantRequest, job: Job, reader: Reader) -> dict[str, Any]:
    """Return the parts an action changes: the bar, the steps, the callout, the actions and the timeline."""
    words = ClockWords(job, reader)
    shape = shapes()[job.pipeline_id]
    crossing = job.next_crossing(reader.now)
    first_contact = awaited_contact(job, request.member, reader)
    stays = list(job.visits.all())
    events = list(Event.objects.of_job(job.pk).order_by("-at", "-pk")[:MOST])
    # Every message has its event: without one there is nothing to ask for.
    written = len(events) == MOST or any(event.kind.startswith("message.") for event in events)
    messages = []
    if written:
        messages = message_entries(job, request.member, reader)
    events = [event for event in events if event.kind not in SHOWN_AS_MESSAGES]
    notes = list(Note.objects.of(job).pinned_first()[:MOST])
    entries = timeline_context(timeline(events, notes, reader, messages), request, job)
    return {
        "job": job,
        "crossing": crossing.isoformat() if crossing else "",
        "words": words,
        "bar": words.bar(shape),
        "phases": pipeline_setup().phases,
        "steps": upright(job, shape, stays, words),
        "guide": step_guide(job, by=request.member, slug=request.tenant.slug),
        "step_of": _step_of(job),
        "pipeline": pipeline_setup().pipelines[job.pipeline_id].name,
        "proposals": job_proposals(job),
        "callout": _callout_sentences(job, words, reader, first_contact),
        "doubt": doubt_of(job),
        "awaited": first_contact,
        **entries,
        # The conversation is above: until one asks for messages alone, each is a line that unfolds.
        "folds_messages": is_whole(entries),
        "pinned": [note for note in notes if note.pinned_at],
        "explanation": explain(job, words, reader),
        **acts(request, job),
    }


def facts(request: TenantRequest, job: Job, reader: Reader) -> dict[str, Any]:
    """Return the facts that are edited in place; `edited`: the one just edited, which gets the focus."""
    if request.method == "POST":
        posted = request.POST
    else:
        posted = request.GET
    return {
        "details": details(job, reader, request.member),
        "with_facts": True,
        "may_merge": allows(request.member, "people.merge"),
        "edited": posted.get("edited", "") or posted.get("part", "") + posted.get("of", ""),
    }


def acts(request: TenantRequest, job: Job) -> dict[str, Any]:
    """Return the actions this member may do with the job now."""
    member = request.member
    owner = None
    if job.member_id:
        owner = directory().members.get(job.member_id)
    return {
        "job": job,
        "on": "lead",
        "may": {verb: allows(member, f"jobs.{verb}") for verb in VERBS},
        "next_stage": next_stage(job),
        "on_hold": job.is_open and job.side == Side.PAUSED,
        "theirs": job.side == Side.CUSTOMER,
        "owner": owner,
        "receivers": receivers(job, member),
        "priority": Priority(job.priority).label,
        "priority_why": why_priority(job),
        "channels": CHANNELS.items(),
        "contacts": contact_choices(),
    }


def _step_of(job: Job) -> str:
    """Return the step's place in its pipeline: "step 6 of 14"; blank without a status."""
    steps = [stage.pk for stage in pipeline_setup().steps(job.pipeline_id)]
    if job.stage_id not in steps:
        return ""
    return _("step %(at)s of %(count)s") % {"at": steps.index(job.stage_id) + 1, "count": len(steps)}


def _callout_sentences(job: Job, words: ClockWords, reader: Reader, first_contact: Awaited | None) -> list[str]:
    """Return sentences on lateness and an unanswered customer; empty if there is no problem.

    While the first contact is awaited, its sentence stands for those that say the same.
    """
    if first_contact:
        sentences_on_contact = [first_contact.sentence]
    else:
        sentences_on_contact = _lateness_sentences(job, words)
    if sentences_on_contact and not job.next_step_kind:
        sentences_on_contact.append(_("No next step is planned."))
    elif sentences_on_contact and job.next_step_at and job.next_step_at < reader.now:
        sentences_on_contact.append(_("“%(step)s” was due %(moment)s.") % _overdue_step(job, reader))
    if job.is_open and job.waiting_since and not (first_contact and job.waiting_since - job.came_in_at < _SAME_MOMENT):
        sentences_on_contact.append(
            _("They wrote on %(moment)s and wait for our reply.") % {"moment": reader.moment(job.waiting_since)}
        )
    return sentences_on_contact


def _lateness_sentences(job: Job, words: ClockWords) -> list[str]:
    sentences = []
    if words.level == Level.NONE:
        sentences.append(words.sentence)
    elif words.level in (Level.CRIT, Level.LATE) and job.stage_id:
        lateness = {"time": words.late_by, "step": pipeline_setup().stages[job.stage_id].name}
        if words.theirs:
            late = _("%(time)s late in “%(step)s”, their move.")
        else:
            late = _("%(time)s late in “%(step)s”.")
        sentences.append(late % lateness)
    if job.is_untouched and job.stage_id and words.level < Level.HOLD:
        sentences.append(_("Nobody has been in touch."))
    return sentences


def _overdue_step(job: Job, reader: Reader) -> dict[str, str]:
    assert job.next_step_at is not None
    return {"step": job.next_step_label or step_name(job.next_step_kind), "moment": reader.moment(job.next_step_at)}


def _neighbour_urls(request: TenantRequest, job: Job) -> dict[str, str]:
    """Find the leads before and after this one in the order of the member's own list."""
    jobs = LEADS.apply(LEADS.filters(), request.member)
    place = MOST_PRESSING.place_of(job)
    prefix = LEADS.url("list", request.tenant.slug)
    newer = MOST_PRESSING.of(MOST_PRESSING.before(jobs, place), backwards=True).values_list("number", flat=True).first()
    older = MOST_PRESSING.of(MOST_PRESSING.after(jobs, place)).values_list("number", flat=True).first()
    return {name: f"{prefix}{number}/" for name, number in (("newer", newer), ("older", older)) if number}


def fresh_row(request: TenantRequest, job: Job) -> str:
    """Render the list row in its place; its group changes with the next refresh."""
    reader = Reader.of(request.member, clock.now())
    filters = LEADS.read(page_query(request), request.member)
    maker = LeadRowMaker.of_view(LEADS, request.tenant.slug, reader, filters, request.member)
    crossing = job.next_crossing(reader.now)
    return f"<template>{html(maker.row(job), crossing=crossing.isoformat() if crossing else '', fresh=True)}</template>"


def fresh_page(request: TenantRequest, job: Job) -> str:
    """Render the parts of the lead's page that an action may have changed."""
    return render_to_string("leads/_fresh.html", parts(request, job, Reader.of(request.member, clock.now())), request)


def fresh_facts(request: TenantRequest, job: Job) -> str:
    """Render these parts and the facts: only after an edit, as an open form of another fact would be lost."""
    reader = Reader.of(request.member, clock.now())
    context = parts(request, job, reader) | facts(request, job, reader)
    return render_to_string("leads/_fresh.html", context, request)
