"""Pages, settings and links that billing adds."""

from django.utils.translation import gettext_lazy as _

from billing.invoices.invoice_list import INVOICES, count_late
from billing.models import Invoice, InvoiceFollowUp
from crm.jobs.job_titles import job_titles
from crm.jobs.models import Job
from crm.platform.features import Feature
from crm.web.lists.saved.palette import PaletteList
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage, Number
from crm.web.shell.record_pages import RecordLink, RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to
from followups.links.features import record_links
from followups.models.links import LinkedModel

VIEW = "billing.view"


PAGES: list[Feature] = [
    NavigationPage(
        name="billing:list",
        permission=VIEW,
        icon="receipt",
        label=_("Invoices"),
        section=True,
        number=Number(count_late, _("late"), topics="billing", event="billing"),
        tab_of="service:list",
    ),
    PaletteList(INVOICES),
    Shortcut(keys="g b", act=going_to("billing:list"), label=_("Go to invoices"), group=ANYWHERE),
    RecordPage(model=Invoice, name="billing:invoice", list="billing:list", titles=job_titles),
    LinkedModel(
        model=Invoice,
        parameter="invoice",
        permission=VIEW,
        reference=InvoiceFollowUp,
        columns=("uid", "number", "title"),
        name=lambda row: " · ".join(filter(None, [row.number, row.title])),
    ),
    *record_links(Invoice, "invoice"),
    RecordLink(model=Job, purpose="money", name="billing:money", permission=VIEW, key="number"),
    RecordLink(model=Job, purpose="money_panel", name="billing:panel", permission=VIEW, key="number"),
    Section(
        group="service",
        name="billing:terms",
        permission="billing.set_up",
        icon="receipt",
        label=_("Billing"),
        note=_("The legal name, bank account and days to pay of each brand."),
        affects=_("Affects invoices that are issued from now on, and when a paid job goes to service."),
        words=_("invoice iban bank account vat number payment terms prefix"),
    ),
    Section(
        group="service",
        name="billing:reminders",
        permission="billing.set_up",
        icon="bell",
        label=_("Payment reminders"),
        note=_("After how many days a late invoice is reminded, and how."),
        affects=_("Affects reminders that were not given yet."),
        words=_("dunning overdue late collection reminder"),
        tab_of="billing:terms",
    ),
]
