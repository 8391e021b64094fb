"""The routes of the resources under /api/v1/."""

from rest_framework.routers import SimpleRouter

from api.events.feed import Events
from api.resources.invoices import Invoices
from api.resources.jobs import Jobs
from api.resources.payments import Payments
from api.resources.people import People
from api.resources.quotes.quotes import Quotes
from api.webhooks.resource import Webhooks

router = SimpleRouter(use_regex_path=False)
router.register("people", People, basename="people")
router.register("jobs", Jobs, basename="jobs")
router.register("quotes", Quotes, basename="quotes")
router.register("invoices", Invoices, basename="invoices")
router.register("payments", Payments, basename="payments")
router.register("events", Events, basename="events")
router.register("webhooks", Webhooks, basename="webhooks")
