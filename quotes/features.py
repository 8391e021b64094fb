"""Register quotes: permissions, pages, event words, and what its subjects add."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.jobs.timeline.parts import TimelineKinds, TimelinePart
from crm.platform.access.visibility_report import VisibleCount
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.tenancy.row_level_security import DefinerFunction
from crm.web.lists.counted_list import CountedList
from crm.web.lists.saved.palette import PaletteList
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.palette import PaletteAction
from crm.web.shell.record_pages import RecordLink, RecordPage
from followups.links.features import record_links
from followups.models.links import LinkedModel
from quotes import automation, notices
from quotes.configuration.quote_setup import SECTIONS as FILE_SECTIONS
from quotes.erasure import DATA
from quotes.event_words import EVENT_WORDS
from quotes.figures import features as figures
from quotes.models import Quote, QuoteFollowUp
from quotes.permissions import PERMISSIONS
from quotes.prices import features as prices
from quotes.quote_list.quote_list import QUOTES
from quotes.sending import texts
from quotes.setup.terms import QuoteTermsForm
from quotes.taxes import features as taxes

PAGES: list[Feature] = [
    NavigationPage(name="quotes:list", permission="quotes.view", icon="file-text", label=_("Quotes"), section=True),
    RecordPage(
        model=Quote,
        name="quotes:quote",
        list="quotes:list",
        titles=lambda rows: {row.pk: f"{row.code} {row.title}" for row in rows},
    ),
    LinkedModel(
        model=Quote,
        parameter="quote",
        permission="quotes.view",
        reference=QuoteFollowUp,
        columns=("uid", "number", "title"),
        name=lambda row: f"{row.code} · {row.title}",
    ),
    *record_links(Quote, "quote"),
    RecordLink(model=Job, purpose="quotes", name="quotes:of_job", permission="quotes.view", key="number"),
    PaletteAction(
        name="quotes:new",
        permission="quotes.edit",
        icon="file-text",
        label=_("New quote"),
        words=_("offer proposal estimate price"),
        dialog=True,
    ),
    Section(
        group="sales",
        name="quotes:terms",
        permission="quotes.set_up",
        icon="file-text",
        label=_("Quotes"),
        note=_("Taxes, validity, deposit, margin floor and contract review of each brand, and discounts by role."),
        affects=_("Affects what new quotes begin with, and which of them need an approval or a review once signed."),
        words=_("proposal discount limit margin deposit approval contract review tax rounding validity"),
        template="quotes/terms.html",
        form=QuoteTermsForm,
    ),
    Section(
        group="sales",
        name="quotes:templates",
        permission="quotes.set_up",
        icon="layout-template",
        label=_("Quote templates"),
        note=_("Options and lines that new quotes begin with, by kind of work."),
        affects=_("Affects the templates to choose from when a quote is written."),
        words=_("proposal presets offer"),
        tab_of="quotes:terms",
    ),
    PaletteList(QUOTES),
    CountedList(
        section="leads",
        name="contracts_to_review",
        label=_("Contracts to review"),
        preset=QUOTES,
        permission="quotes.approve",
        css="late",
        plain={"review": "1"},
    ),
    VisibleCount(permission="quotes.view", label=_("Quotes"), rows=Quote.objects.all),
]
FEATURES: list[Feature] = [
    *FILE_SECTIONS,
    DefinerFunction("quotes_found(text[], integer)"),
    *PERMISSIONS,
    *prices.FEATURES,
    *DATA,
    *automation.FEATURES,
    *EVENT_WORDS,
    *notices.KINDS,
    *PAGES,
    texts.PACK,
    *texts.VARIABLES,
    TimelineKinds("quote.", TimelinePart.STEPS),
    Topic("quotes", ("quote",)),
    *taxes.FEATURES,
    *figures.FEATURES,
]
