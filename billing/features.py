"""Register billing: permissions, pages, event words, and what its subjects add."""

from billing import erasure, message_texts, message_values, retention, rule_triggers
from billing.accounting.features import FEATURES as ACCOUNTING
from billing.bank.features import FEATURES as BANK
from billing.commissions.features import FEATURES as COMMISSIONS
from billing.configuration.billing_setup import SECTIONS as FILE_SECTIONS
from billing.event_words import EVENT_WORDS
from billing.figures.features import FEATURES as FIGURES
from billing.invoice_runs.features import FEATURES as INVOICE_RUNS
from billing.ledger import books_health
from billing.notices import KINDS
from billing.pages import PAGES
from billing.permissions import PERMISSIONS
from billing.providers.features import FEATURES as PROVIDERS
from comms.library.packs.pack_entries import TemplatePack
from crm.jobs.timeline.parts import TimelineKinds, TimelinePart
from crm.platform.events.hints import Topic
from crm.platform.features import Feature

FEATURES: list[Feature] = [
    *FILE_SECTIONS,
    *PERMISSIONS,
    *PAGES,
    *erasure.DATA,
    *KINDS,
    *EVENT_WORDS,
    *rule_triggers.FEATURES,
    *books_health.FEATURES,
    *retention.FEATURES,
    *message_values.FEATURES,
    *PROVIDERS,
    *INVOICE_RUNS,
    *BANK,
    *COMMISSIONS,
    *FIGURES,
    *ACCOUNTING,
    TemplatePack("billing", {"en": message_texts.ENGLISH, "nl": message_texts.DUTCH}),
    *(
        TimelineKinds(f"{kind}.", TimelinePart.STEPS)
        for kind in ("payment_plan", "invoice", "payment", "payment_promise", "instalment_plan", "refund")
    ),
    Topic("billing", ("invoice", "payment", "payment_promise", "instalment_plan", "payment_plan", "refund")),
]
