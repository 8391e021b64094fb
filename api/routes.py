"""The routes of the resources under /api/v1/."""

from rest_framework.routers import SimpleRouter

from api.bulk.bulk import Bulk
from api.events.feed import Events
from api.resources.appointments.appointments import Appointments
from api.resources.calls.tracked_calls import TrackedCalls
from api.resources.calls.tracking_numbers import TrackingNumbers
from api.resources.claim_mails import ClaimMails
from api.resources.claims import JobClaims
from api.resources.conversations.messages import Messages
from api.resources.conversations.notes import Notes
from api.resources.conversations.ticket_notes import TicketNotes
from api.resources.conversations.tickets import Tickets
from api.resources.customers.companies import Companies
from api.resources.customers.people import People
from api.resources.customers.properties import Properties
from api.resources.documents.documents import Documents
from api.resources.follow_ups.follow_ups import FollowUps
from api.resources.invoices import Invoices
from api.resources.jobs.jobs import Jobs
from api.resources.payments import Payments
from api.resources.quotes.quotes import Quotes
from api.resources.setup.choices import SettingChoices
from api.resources.setup.own_token import OwnToken
from api.resources.sources.sources import LeadSources
from api.resources.sources.spending import Spending
from api.webhooks.resource import Webhooks

router = SimpleRouter(use_regex_path=False)
router.register("me", OwnToken, basename="me")
router.register("choices", SettingChoices, basename="choices")
router.register("people", People, basename="people")
router.register("companies", Companies, basename="companies")
router.register("properties", Properties, basename="properties")
router.register("jobs", Jobs, basename="jobs")
router.register("tickets", Tickets, basename="tickets")
router.register("messages", Messages, basename="messages")
router.register("notes", Notes, basename="notes")
router.register("ticket-notes", TicketNotes, basename="ticket-notes")
router.register("follow-ups", FollowUps, basename="follow-ups")
router.register("appointments", Appointments, basename="appointments")
router.register("documents", Documents, basename="documents")
router.register("sources", LeadSources, basename="sources")
router.register("spend", Spending, basename="spend")
router.register("quotes", Quotes, basename="quotes")
router.register("invoices", Invoices, basename="invoices")
router.register("payments", Payments, basename="payments")
router.register("claims", JobClaims, basename="claims")
router.register("claim-mails", ClaimMails, basename="claim-mails")
router.register("calls", TrackedCalls, basename="calls")
router.register("tracking-numbers", TrackingNumbers, basename="tracking-numbers")
router.register("events", Events, basename="events")
router.register("webhooks", Webhooks, basename="webhooks")
router.register("bulk", Bulk, basename="bulk")
