"""Message preferences of a customer towards a brand by medium, as their preferences page shows and changes them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import time

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.addresses import address_key
from comms.gate.consent import consents, suppressions
from comms.gate.preferences.links import PreferenceLink
from comms.models import Consent, ContactPreference, Medium, Purpose, Suppression
from crm.people.models import Person
from crm.platform.models import Brand

Reason = Suppression.Reason
Covers = Suppression.Covers
# What is asked on the page; a change of these words is a new version of them.
VERSION = "PREFERENCES-1"
KINDS = {
    Purpose.TRANSACTIONAL: gettext_lazy("About your work in progress: confirmations, appointments, invoices"),
    Purpose.SERVICE: gettext_lazy("Service: reminders, questions afterwards, maintenance"),
    Purpose.MARKETING: gettext_lazy("Offers and news"),
}
LIMITS = (1, 2, 3)


@dataclass(frozen=True)
class ConsentEvidence:
    """Where a choice was made: source, IP address, browser."""

    source: str
    ip: str | None = None
    user_agent: str = ""


@dataclass(frozen=True)
class PreferenceChoice:
    """One checkbox of the page: a purpose by a medium."""

    medium: str
    purpose: str
    is_on: bool

    @property
    def name(self) -> str:
        return f"{self.medium}-{self.purpose}"

    @property
    def label(self) -> str:
        """The checkbox label, which is stored as consent wording."""
        return str(KINDS[Purpose(self.purpose)])


def media_of(link: PreferenceLink) -> tuple[Medium, ...]:
    """Return the media of an address: three for a number, one for an email address."""
    if link.medium == Medium.EMAIL:
        return (Medium.EMAIL,)
    return (Medium.SMS, Medium.WHATSAPP, Medium.CALL)


def choices(link: PreferenceLink) -> list[PreferenceChoice]:
    """Return the current choices by medium. Needs a tenant in use."""
    key = address_key(link.address)
    entries = {
        (entry.medium, entry.purpose): entry.given
        for entry in Consent.objects.filter(key=key, brand=link.brand_id).in_force()
    }
    stops = in_force(link)
    return [
        PreferenceChoice(medium, purpose, _is_on(medium, purpose, entries, stops, link.brand_id))
        for medium in media_of(link)
        for purpose in KINDS
    ]


def in_force(link: PreferenceLink) -> list[Suppression]:
    """Return the suppressions that stop messages of the brand to the address."""
    key = address_key(link.address)
    return [one for one in Suppression.objects.in_force().filter(key=key) if one.brand_id in (None, link.brand_id)]


def _is_on(
    medium: str, purpose: str, said: dict[tuple[str, str], bool], stops: list[Suppression], brand_id: int
) -> bool:
    if any(one.stops(medium, brand_id, purpose) for one in stops):
        return False
    return said.get((medium, purpose), purpose != Purpose.MARKETING)


@transaction.atomic
def unsubscribe(link: PreferenceLink, evidence: ConsentEvidence) -> None:
    """Unsubscribe by one click: from offers if the message was one, else from all but work in progress."""
    is_offer = link.purpose == Purpose.MARKETING
    brand = Brand.objects.get(pk=link.brand_id)
    suppressions.suppress(
        link.address,
        Reason.UNSUBSCRIBED,
        covers=Covers.MARKETING if is_offer else Covers.OPTIONAL,
        medium=link.medium,
        brand=brand,
        source="link",
    )
    for purpose in (Purpose.MARKETING,) if is_offer else (Purpose.MARKETING, Purpose.SERVICE):
        _record_consent(link, brand, link.medium, purpose, False, evidence, _("Unsubscribe"))


@transaction.atomic
def resubscribe(link: PreferenceLink, evidence: ConsentEvidence) -> bool:
    """Undo a one-click unsubscription. Return whether there was one.

    What they got before they get again, each with an entry of its own; what they never agreed to stays unasked.
    """
    clicked = [one for one in in_force(link) if one.reason == Reason.UNSUBSCRIBED and one.source == "link"]
    if not clicked:
        return False
    brand = Brand.objects.get(pk=link.brand_id)
    for suppression in clicked:
        suppressions.lift(suppression, _("They did not mean to unsubscribe"), by=None)
        for purpose in KINDS:
            if suppression.stops(suppression.medium, link.brand_id, purpose) and _was_allowed(
                link, suppression, purpose
            ):
                _record_consent(
                    link, brand, suppression.medium, purpose, True, evidence, _("I did not mean to unsubscribe")
                )
    return True


def _was_allowed(link: PreferenceLink, suppression: Suppression, purpose: str) -> bool:
    """True if they received messages of a purpose before the click: by consent or without needing it."""
    consents = Consent.objects.filter(
        key=address_key(link.address), brand=link.brand_id, medium=suppression.medium, purpose=purpose
    )
    before = consents.filter(at__lt=suppression.at).order_by("-pk").values_list("given", flat=True).first()
    if before is None:
        return purpose != Purpose.MARKETING
    return before


def has_clicked(link: PreferenceLink) -> bool:
    """True if a one-click unsubscription is in force."""
    return any(one.reason == Reason.UNSUBSCRIBED and one.source == "link" for one in in_force(link))


@transaction.atomic
def stop_everything(link: PreferenceLink) -> None:
    """Suppress every message of this brand to the address, by any medium."""
    brand = Brand.objects.get(pk=link.brand_id)
    suppressions.suppress(link.address, Reason.UNSUBSCRIBED, brand=brand, source="preferences")


@transaction.atomic
def choose(link: PreferenceLink, wanted: Collection[str], evidence: ConsentEvidence) -> bool:
    """Set the checkboxes by the names of those that are on. Return whether anything changed.

    A box set lifts what they themselves had closed on this page or by one click; a STOP is opened by START alone.
    """
    brand = Brand.objects.get(pk=link.brand_id)
    changed = False
    before = choices(link)
    if any(not box.is_on and box.name in wanted for box in before):
        _lift_own(link)
        before = choices(link)
    for box in before:
        want = box.name in wanted
        if want != box.is_on:
            changed = True
            _record_consent(link, brand, box.medium, box.purpose, want, evidence, box.label)
    return changed


def _lift_own(link: PreferenceLink) -> None:
    """Lift their unsubscription but keep every checkbox off, each with its own consent entry."""
    own = [one for one in in_force(link) if one.reason == Reason.UNSUBSCRIBED and one.source in ("link", "preferences")]
    closed = [box for box in choices(link) if not box.is_on]
    for suppression in own:
        suppressions.lift(suppression, _("They changed their preferences"), by=None)
    if own:
        brand = Brand.objects.get(pk=link.brand_id)
        evidence = ConsentEvidence(Consent.Source.PREFERENCES)
        for box in closed:
            _record_consent(link, brand, box.medium, box.purpose, False, evidence, box.label)


def _record_consent(
    link: PreferenceLink, brand: Brand, medium: str, purpose: str, given: bool, evidence: ConsentEvidence, wording: str
) -> None:
    consents.record(
        link.address,
        brand=brand,
        medium=medium,
        purpose=purpose,
        given=given,
        wording=f"{Medium(medium).label}: {wording}",
        wording_version=VERSION,
        source=evidence.source,
        ip=evidence.ip,
        user_agent=evidence.user_agent,
    )


def preference_of(link: PreferenceLink) -> ContactPreference:
    """Return the preferences of an address; a new object if it has none."""
    key = address_key(link.address)
    preference = ContactPreference.objects.filter(key=key, brand=link.brand_id).first()
    return preference or ContactPreference(key=key, brand_id=link.brand_id)


@transaction.atomic
def set_pace(link: PreferenceLink, weekly_limit: int | None, time_zone: str) -> None:
    """Set the maximum frequency and the time zone. Idempotent."""
    preference = preference_of(link)
    if (preference.weekly_limit, preference.time_zone) != (weekly_limit, time_zone):
        preference.weekly_limit = weekly_limit
        preference.time_zone = time_zone
        preference.save()


@transaction.atomic
def set_quiet_hours(link: PreferenceLink, quiet_from: time | None, quiet_until: time | None) -> None:
    """Set the quiet hours of the address; None: the brand's. Idempotent."""
    preference = preference_of(link)
    if (preference.quiet_from, preference.quiet_until) != (quiet_from, quiet_until):
        preference.quiet_from = quiet_from
        preference.quiet_until = quiet_until
        preference.save()


def person_of(link: PreferenceLink) -> Person | None:
    """Return the person the message was sent to, as currently on record."""
    person = None
    if link.person_id:
        person = Person.objects.filter(pk=link.person_id).first()
    if person:
        return person.merged_into or person
    return None


@transaction.atomic
def set_language(link: PreferenceLink, language: str) -> None:
    """Set the language of future messages. Idempotent."""
    person = person_of(link)
    if person:
        person.choose_language(language, by=None)
