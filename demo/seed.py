"""Create a demo organization, configured two years ago, with its templates, jobs, follow-ups and flaws."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crm.kernel import clock
from crm.platform.models import Tenant
from crm.platform.organization import tenant_removal
from crm.platform.tenancy.context import use_tenant
from demo import (
    appointments,
    assignment,
    automation,
    channels,
    customer,
    documents,
    followups,
    portal,
    reports,
    sequences,
    series,
    service,
    stages,
    updates,
)
from demo.chargeline import charging
from demo.chargeline import played as chargeline_played
from demo.chargeline.setup import PLAN as CHARGELINE
from demo.conversations import labels, past_calls, suggestions
from demo.conversations.creation import create_conversations
from demo.day import (
    asked,
    busy_times,
    call_day,
    exported,
    flaws,
    health,
    imported_tasks,
    linked_tasks,
    mailed_reports,
    neglected,
    offline_conflicts,
    own_fields,
    own_tasks,
    push_deliveries,
    reminders,
    rule_runs,
    set_aside,
    shared_notes,
    stuck,
)
from demo.event_order import number_by_time
from demo.leads import calls, intake, response, sources
from demo.library.creation import create_templates
from demo.model.connection import connect_model
from demo.organization import OrganizationPlan, create_tenant, set_up
from demo.prices import creation as prices
from demo.sales import answers, billing, bookkeeping, insurance, public_reviews, quotes
from demo.sales.customer_quote import create_customer_quote
from demo.stories.playback import StoryPlayer
from demo.stories.story import Story
from demo.suncoast import played as suncoast_played
from demo.suncoast import roofing
from demo.suncoast.setup import PLAN as SUNCOAST
from demo.systems import api_tokens, apps, mailboxes, webhooks
from leads.response import first_contact


@dataclass(frozen=True)
class DemoOrganization:
    """A demo organization: its configuration, its job stories, the manager who assigns leads, and a customer."""

    plan: OrganizationPlan
    stories: Callable[[], list[Story]]
    boss: str
    # Who comes in to look at the customer's pages.
    customer: str


ORGANIZATIONS = (
    DemoOrganization(SUNCOAST, roofing.stories, "Marcus Hale", suncoast_played.ADDRESS),
    DemoOrganization(CHARGELINE, charging.stories, "Joris van den Berg", chargeline_played.ADDRESS),
)


def organization_of(tenant: Tenant) -> DemoOrganization:
    """Return what a demo company is made of."""
    return next(one for one in ORGANIZATIONS if one.plan.slug == tenant.slug)


def renew_organization(organization: DemoOrganization, tenant: Tenant, now: datetime) -> int:
    """Delete a company and create it anew; returns how many jobs. Until it is there, pages show the old one."""
    with transaction.atomic():
        tenant_removal.delete_tenant(tenant)
        return create_organization(organization, now)


def create_organization(organization: DemoOrganization, now: datetime) -> int:
    """Create the tenant and all its data; returns how many jobs. As the database's owner, in a transaction.

    Time stands still meanwhile: whatever happens later was done by somebody else (demo/renewal/age.py).
    """
    with clock.at(now):
        return _create(organization, now)


def _create(organization: DemoOrganization, now: datetime) -> int:
    tenant = create_tenant(organization.plan)
    stories = organization.stories()
    with use_tenant(tenant):
        set_up(organization.plan, now.date())
        channels.create_channels()
        channels.connect_payments()
        StoryPlayer(now, organization.plan.slug, boss=organization.boss).play_all(stories)
        followups.create_follow_ups(now)
        create_conversations(organization.plan.slug, now, boss=organization.boss)
        flaws.create_flaws(now)
        first_contact.catch_up()
        sources.create_sources(organization.plan.slug, now)
        create_templates(organization.plan.slug)
        prices.create_price_book(organization.plan.slug, now)
        automation.create_rules()
        sequences.create_sequences(now)
        series.create_series_of_leads(now)
        assignment.create_assignment(organization.plan.slug, now)
        appointments.create_appointments(now)
        service.create_service(now)
        quotes.create_quotes(organization.plan.slug, now)
        answers.create_answers(organization.plan.slug, now)
        billing.create_billing(now)
        documents.create_documents(now, organization.customer)
        health.create_health(now, boss=organization.boss)
        portal.create_access(organization.plan.slug, now)
        updates.create_updates(now)
        customer.create_customer(organization.plan.slug, now)
        create_customer_quote(organization.plan.slug, now)
        intake.create_intake(organization.plan.slug, now)
        mailed_reports.create_reports(organization.boss, now)
        stages.create_stages(now)
        asked.create_asked(now)
        busy_times.create_busy_times(now)
        own_tasks.create_own_tasks(now)
        own_fields.create_own_fields(now)
        linked_tasks.create_linked_tasks(now)
        imported_tasks.import_tasks(now)
        shared_notes.create_shared_notes(now)
        call_day.create_call_day(now)
        offline_conflicts.create_conflicts(now)
        push_deliveries.create_deliveries(now)
        neglected.create_neglected()
        followups.show_visits_first(now)
        reminders.create_reminders(now)
        set_aside.create_set_aside(now)
        stuck.create_stuck(now)
        rule_runs.create_rule_runs(now)
        # Before what came in long ago is taken off the ladder of first contacts.
        calls.create_calls(now)
        response.create_response(now)
        labels.create_labels(organization.boss)
        past_calls.create_past_calls(now)
        connect_model(organization.plan.slug, now)
        suggestions.create_suggestions(now)
        _connect_others(organization.plan.slug, now)
        health.tell_of_the_day(now)
        _count_all(now)
    return len(stories)


def _count_all(now: datetime) -> None:
    """Number the events by their time, create the calls that name them, and compute the stored figures."""
    number_by_time()
    webhooks.create_deliveries(now)
    reports.create_figures()


def _connect_others(slug: str, now: datetime) -> None:
    """Create what other systems know of the organization: accounting, programs, the insurer, reviewers."""
    exported.create_exports(now)
    api_tokens.create_tokens(now)
    apps.create_apps(now)
    webhooks.create_webhooks(now)
    mailboxes.create_mailbox(now)
    insurance.create_claim(slug, now)
    public_reviews.create_reviews(now)
    bookkeeping.create_bookkeeping(now)
