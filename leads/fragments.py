"""Render a lead's fragments on its app's pages after an action: its row, and the parts of its page."""

from django.template.loader import render_to_string

from crm.jobs.list.rows import RowMaker, html
from crm.jobs.models import Job
from crm.kernel import clock
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest, page_query
from leads.lead_list import LEADS
from leads.page import facts, parts


def fresh_row(request: TenantRequest, job: Job) -> str:
    """Render the list row, in its place. It moves to another group when the list is refreshed next."""
    reader = Reader.of(request.member, clock.now())
    filters = LEADS.read(page_query(request), request.member)
    maker = RowMaker.of_view(LEADS, request.tenant.slug, reader, filters, request.member)
    crossing = job.next_crossing(reader.now)
    return f"<template>{html(maker.row(job), crossing=crossing.isoformat() if crossing else '', fresh=True)}</template>"


def fresh_page(request: TenantRequest, job: Job) -> str:
    """Render the parts of the lead's page that an action may have changed."""
    return render_to_string("leads/_fresh.html", parts(request, job, Reader.of(request.member, clock.now())), request)


def fresh_facts(request: TenantRequest, job: Job) -> str:
    """Render these parts and the facts: only after an edit, as a form that is open in another fact would go."""
    reader = Reader.of(request.member, clock.now())
    context = parts(request, job, reader) | facts(request, job, reader)
    return render_to_string("leads/_fresh.html", context, request)
