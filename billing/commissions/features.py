"""Register commissions: pages, settings, event words, the notice of drafts, and the monthly run."""

from django.utils.translation import gettext_lazy as _

from billing.commissions import message_values
from billing.commissions.monthly import DRAFTED, begin_statements
from billing.commissions.statement_list import PERMISSION, STATEMENTS, count_drafts
from billing.event_words import money_words
from billing.models import CommissionStatement
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.lists.saved.palette import PaletteList
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage, Number
from crm.web.shell.record_pages import RecordPage
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    *message_values.FEATURES,
    NavigationPage(
        name="commissions:list",
        permission=PERMISSION,
        icon="hand-coins",
        label=_("Commissions"),
        number=Number(count_drafts, _("to issue"), topics="commissions", event="commissions"),
        tab_of="service:list",
        section=True,
    ),
    PaletteList(STATEMENTS),
    RecordPage(model=CommissionStatement, name="commissions:statement", list="commissions:list"),
    Section(
        group="service",
        name="commissions:agreements",
        permission="billing.set_up",
        icon="hand-coins",
        label=_("Commissions"),
        note=_("What partners earn by the jobs they bring."),
        affects=_("Affects jobs whose first invoice is issued from the day of the agreement on."),
        words=_("commission partner referral fee percentage"),
        tab_of="billing:terms",
    ),
    NoticeKind(
        name=DRAFTED,
        permission=PERMISSION,
        icon="hand-coins",
        label=_("Commission statements are ready to be issued"),
        words=money_words(_("A commission statement of %(amount)s is ready to be issued")),
        default=NoticeWay.MAIL,
    ),
    EventWords("commission_agreement.made", "hand-coins", _("agreed on a commission with a partner")),
    EventWords("commission_agreement.ended", "x", _("ended the agreement with a partner")),
    EventWords(
        "commission.earned", "hand-coins", money_words(_("A partner earned a commission of %(amount)s")), mark="auto"
    ),
    EventWords(
        "commission.taken_back",
        "undo-2",
        money_words(_("A commission of %(amount)s was taken back")),
        mark="auto",
    ),
    EventWords("commission_statement.drafted", "hand-coins", money_words(_("drafted a statement of %(amount)s"))),
    EventWords("commission_statement.discarded", "x", money_words(_("deleted the draft of a statement"))),
    EventWords("commission_statement.issued", "hand-coins", money_words(_("issued a statement of %(amount)s"))),
    EventWords("commission_statement.paid", "banknote", money_words(_("paid out a statement of %(amount)s"))),
    Topic("commissions", ("commission", "commission_statement")),
    TenantStart(begin_statements, again=begin_statements),
]
