"""Register claims: the panel on jobs, the settings of carriers' mails, and the words of events."""

from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.platform.access.permissions import Permission
from crm.platform.configuration.sections import UnexportedModel
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.settings.sections import Section
from crm.web.shell.record_pages import RecordLink
from crm.web.timeline.event_words import EventWords
from service.models import ClaimMail, ClaimMailRule


def _parked_count() -> int:
    return int(ClaimMail.objects.could_not_be_filed().count())


FEATURES: list[Feature] = [
    Permission(
        name="claims.set_up",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="settings",
        label=_("Set up emails of insurance carriers"),
        note=_("Teach by an example how they are read, and file those that could not be."),
    ),
    UnexportedModel(ClaimMailRule, "How carriers write is taught by their own emails, in each organization."),
    RecordLink(model=Job, purpose="claims", name="service:claims", permission="jobs.view", key="number"),
    Section(
        group="service",
        name="service:claim_mails",
        permission="claims.set_up",
        icon="shield-check",
        label=_("Insurance emails"),
        note=_("How emails of insurance carriers are read, and those that could not be filed."),
        affects=_("Affects what is proposed on the claims of leads; nothing is changed before somebody accepts it."),
        words=_("claim carrier adjuster policy parser insurance"),
        count=_parked_count,
    ),
    EventWords("job_claim.recorded", "shield-check", _("recorded an insurance claim")),
    EventWords("job_claim.edited", "shield-check", _("edited the insurance claim")),
    EventWords("claim_mail.filed", "mail", _("an email of the insurance carrier was filed"), mark="in"),
    EventWords("claim_mail.parked", "mail", _("an email of an insurance carrier could not be filed"), mark="auto"),
    EventWords("claim_mail.ignored", "x", _("ignored an email of an insurance carrier")),
    EventWords("claim_mail.decided", "check", _("decided about a value that the insurance carrier wrote")),
    EventWords("claim_mail.taught", "sliders-horizontal", _("changed how emails of an insurance carrier are read")),
]
