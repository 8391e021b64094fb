"""Create the demo's templates: the packs with the words of each trade, and what is under way in any real library."""

from collections.abc import Mapping, Sequence

from comms.library.packs.pack_entries import PackEntry
from comms.library.seeding import create_library
from comms.models import Template, TemplateVersion
from comms.rendering.content import clean
from crm.platform.models import Brand, Member
from demo.library import charging, roofing

_State = TemplateVersion.WhatsApp
# Where WhatsApp's approval of the demo's texts stands; the others are approved.
WHATSAPP = {
    "new_date": (_State.SUBMITTED, ""),
    "payment_reminder": (_State.REJECTED, "Category does not match the text: use Utility"),
    "on_the_way": (_State.PAUSED, "Low quality: customers blocked it"),
}
LIBRARIES: Mapping[str, tuple[Sequence[str], Mapping[str, Sequence[PackEntry]]]] = {
    "suncoast": (["en"], {"en": roofing.ENGLISH}),
    "chargeline": (["nl", "en"], {"nl": charging.DUTCH, "en": charging.ENGLISH}),
}


def create_templates(slug: str) -> None:
    """Create the templates of a demo organization, inside its tenant, after its brands and staff."""
    languages, special = LIBRARIES[slug]
    create_library(languages, special)
    admin = Member.objects.filter(role="admin").order_by("pk").first()
    manager = Member.objects.filter(role="manager").order_by("pk").first()
    for version in TemplateVersion.objects.filter(medium="whatsapp").select_related("template"):
        state, reason = WHATSAPP.get(version.template.key, (_State.APPROVED, ""))
        name, category = version.whatsapp_name, version.whatsapp_category
        version.mark(state, category=category, name=name, reason=reason, by=admin)
    _wait_for_approval(languages[0], manager)
    if slug == "chargeline":
        _of_one_brand(admin)


def _wait_for_approval(language: str, manager: Member | None) -> None:
    """Leave an edit that nobody has approved yet."""
    template = Template.objects.get(key="survey_invitation")
    approved = TemplateVersion.objects.of(template, "email", language).get()
    question = {
        "en": "Would you ask us again, and why?",
        "nl": "Zou u ons weer vragen, en waarom?",
    }[language]
    content = clean("email", approved.content | {"body": f"{approved.content['body']}\n\n**{question}**"})
    template.write("email", language, content, by=manager)


def _of_one_brand(admin: Member | None) -> None:
    """Give the breakdown service its own urgent text, which goes before the one for all brands."""
    brand = Brand.objects.get(name="Meterkast Direct")
    template = Template.create(
        by=admin,
        key="urgent_update",
        name="Dringend: monteur belt",
        category="appointment",
        purpose="transactional",
        brand=brand,
        media=["sms"],
    )
    text = "{{ brand.name }}: blijf van de meterkast af. Onze monteur belt u binnen 15 minuten. Rook of brand? Bel 112."
    version = template.write("sms", "nl", clean("sms", {"text": text}), by=admin)
    version.approve(by=admin)
