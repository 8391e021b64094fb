"""Put the text of a template into a member's composer as a draft, to be read, changed and sent by them."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from comms.automation.attempts import RuleRecipient, rule_recipient
from comms.automation.options import template_choices, template_name
from comms.composer.contact_ways import ways
from comms.composer.matter import Matter
from comms.library.catalogue import TextChoice, catalogue, choose
from comms.library.context import context_for, subject_of
from comms.models import Draft, Medium
from comms.rendering.rendering import fill_in, with_holes
from crm.automation.notices import addressed_members
from crm.automation.registry.actions import ActionResult, Firing, RuleAction
from crm.automation.registry.options import Options
from crm.automation.registry.triggers import Chosen
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.organization.configuration import directory


class DraftOptions(Options):
    """The template, and the partner who does such work instead."""

    template = forms.ChoiceField(
        label="",
        error_messages={
            "required": gettext_lazy("Choose a template; add one in Settings, “Templates”."),
            "invalid_choice": gettext_lazy("Its template no longer exists."),
        },
    )
    partner = forms.CharField(label=gettext_lazy("naming the partner"), required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = template_choices()  # type: ignore[attr-defined]


def _store_draft(firing: Firing, chosen: Chosen) -> ActionResult:
    to = rule_recipient(firing, chosen)
    member = _draft_author(firing)
    medium, text, job = _words_for(to, chosen)
    where = Matter(to.person.name, to.brand, to.person, "", "", job=job).draft(member.pk, medium)
    begun = Draft.at(where).first()
    if begun is not None and (begun.text or begun.template_version_id):
        raise Refused(_("%(name)s has already started a draft.") % {"name": member.name})
    with override(text.version.language):
        subject, body = _draft_text(text, to, chosen["partner"])
    Draft.keep(where=where, subject=subject, text=body)
    return ActionResult({"member": member.pk, "medium": str(medium)})


def _draft_author(firing: Firing) -> Member:
    """Return the member whose composer gets the draft; for an unassigned lead, the first manager."""
    owners = addressed_members("owner", firing.kind.member_id(firing.row))
    if not owners:
        raise Refused(_("There is nobody to send it."))
    return owners[0]


def _words_for(to: RuleRecipient, chosen: Chosen) -> tuple[Medium, TextChoice, Job]:
    """Return the medium of the draft and the template's text for it. Raises Refused if there is none."""
    if to.job is None:
        raise Refused(_("It belongs to no lead, so a draft can’t be placed."))
    template = catalogue().find(chosen["template"], to.brand.pk)
    matter = Matter(to.person.name, to.brand, to.person, "", "", job=to.job)
    media = [way.medium for way in ways(matter)]
    last = matter.received.filter(medium__in=media).values_list("medium", flat=True).first()
    for medium in dict.fromkeys(Medium(each) for each in ([last] if last else []) + media):
        text = None
        if template and medium in media:
            text = choose(template, medium, person=to.person, brand=to.brand)
        if text is not None:
            return medium, text, to.job
    raise Refused(_("No channel has a text for it."))


def _draft_text(text: TextChoice, to: RuleRecipient, partner: str) -> tuple[str, str]:
    """Return subject and body as a member would type them: greeting and text, without the parts added on sending."""
    subject = subject_of(brand=to.brand, language=text.version.language, person=to.person, job=to.job)
    content: Mapping[str, Any] = text.version.content
    made = with_holes(fill_in(content, context_for(subject, content, medium=text.version.medium)))
    parts = [made.get(name, "") for name in ("greeting", "opening", "body", "text")]
    if partner:
        parts.append(_("For this work we gladly hand you on to %(partner)s.") % {"partner": partner})
    return str(made.get("subject", "")), "\n\n".join(part for part in parts if part)


def _step_text(chosen: Chosen) -> str:
    words = _("draft “%(template)s” for the owner") % {"template": template_name(chosen["template"])}
    if chosen["partner"]:
        return f"{words} ({chosen['partner']})"
    return words


def _log_text(data: dict[str, Any]) -> str:
    member = directory().members.get(data.get("member", 0))
    names = {"name": member.name if member else "—", "medium": Medium(data["medium"]).label}
    return _("drafted a message for %(name)s (%(medium)s); nothing was sent") % names


def _foresee_draft(firing: Firing, chosen: Chosen) -> str:
    to = rule_recipient(firing, chosen)
    member = _draft_author(firing)
    medium, _text_of_it, _job = _words_for(to, chosen)
    names = {"name": member.name, "medium": medium.label}
    return _("would draft a message for %(name)s (%(medium)s)") % names


DRAFT = RuleAction(
    name="message.draft",
    records=(),
    icon="pencil",
    label=gettext_lazy("draft"),
    act=_store_draft,
    words=_step_text,
    options=DraftOptions,
    told=_log_text,
    foresee=_foresee_draft,
)
