"""Register claims: the panel on jobs, the settings of carriers' mails, their notice, and the words of events."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.platform.access.permissions import Permission, allows
from crm.platform.configuration.sections import UnexportedModel
from crm.platform.features import Feature
from crm.platform.models import Event, Role
from crm.platform.organization.configuration import directory
from crm.web.models import NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import NoticeDraft, notify_all
from crm.web.settings.sections import Section
from crm.web.shell.record_pages import RecordLink
from crm.web.timeline.event_words import EventWords
from service.models import ClaimMail, ClaimMailRule

SET_UP = "claims.set_up"
PARKED = "claim_mail.parked"
_PAGE = "service:claim_mails"


def _parked_count() -> int:
    return int(ClaimMail.objects.could_not_be_filed().count())


FEATURES: list[Feature] = [
    Permission(
        name=SET_UP,
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="settings",
        label=_("Set up emails of insurance carriers"),
        note=_("Teach by an example how they are read, and file those that could not be."),
    ),
    UnexportedModel(ClaimMailRule, "How carriers write is taught by their own emails, in each organization."),
    RecordLink(model=Job, purpose="claims", name="service:claims", permission="jobs.view", key="number"),
    Section(
        group="service",
        name=_PAGE,
        permission=SET_UP,
        icon="shield-check",
        label=_("Insurance emails"),
        note=_("How emails of insurance carriers are read, and those that could not be filed."),
        affects=_("Affects what is proposed on the claims of leads; nothing is changed before somebody accepts it."),
        words=_("claim carrier adjuster policy parser insurance"),
        count=_parked_count,
    ),
    NoticeKind(
        name=PARKED,
        permission=SET_UP,
        icon="shield-check",
        label=_("An email of an insurance carrier could not be filed on a claim"),
        words=_("An email of an insurance carrier could not be filed on a claim"),
        default=NoticeWay.MAIL,
        once_until_read=True,
        page=_PAGE,
    ),
    EventWords("job_claim.recorded", "shield-check", _("recorded an insurance claim")),
    EventWords("job_claim.edited", "shield-check", _("edited the insurance claim")),
    EventWords("claim_mail.filed", "mail", _("an email of the insurance carrier was filed"), mark="in"),
    EventWords("claim_mail.parked", "mail", _("an email of an insurance carrier could not be filed"), mark="auto"),
    EventWords("claim_mail.ignored", "x", _("ignored an email of an insurance carrier")),
    EventWords("claim_mail.decided", "check", _("decided about a value that the insurance carrier wrote")),
    EventWords("claim_mail.taught", "sliders-horizontal", _("changed how emails of an insurance carrier are read")),
]


def tell_parked(parked: Sequence[Event]) -> None:
    """Notify those who can file them that carriers' emails were parked: one notice until it is read. Idempotent."""
    to = [member.pk for member in directory().members.values() if member.active and allows(member, SET_UP)]
    notify_all(PARKED, [NoticeDraft(to, f"event:{event.pk}", at=event.at) for event in parked])
