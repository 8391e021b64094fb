"""Decide which person an address or number identifies, if any (docs/rules.md#k19).

One that identifies nobody is kept as text, with the reason in words; nobody is ever found by it, or given it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from crm.kernel.normalization import name_key, normalize_email, normalize_phone
from crm.people.identity.names import different_names, names_agree
from crm.platform.database.batch import cached_in_batch
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

# Under so many different names a point says nothing of any of them.
CROWD = 3


class NoIdentity(StrEnum):
    """Reason why an address or number does not identify a person."""

    PLACEHOLDER = "placeholder"
    OWN = "own"
    SHARED = "shared"
    ROLE = "role"

    @property
    def sentence(self) -> str:
        """The reason, as text for a person."""
        return str(_SENTENCES[self])


_SENTENCES = {
    NoIdentity.PLACEHOLDER: _("It is a placeholder, so it identifies nobody; kept as text."),
    NoIdentity.OWN: _("It is your own organization’s, so it identifies nobody; kept as text."),
    NoIdentity.SHARED: _("It is given for three or more different names, so it identifies nobody; kept as text."),
    NoIdentity.ROLE: _("It is an office’s, not a person’s: it only identifies people of the same name."),
}

# A word for none and one for what there is none of, together or on both sides of the @: "keine@angabe.de", "pasdemail".
_NONE = frozenset(
    "no non not none without nicht kein keine keinen ohne geen niet zonder pas aucun aucune sans sin ningun ninguna "
    "senza nessun nessuna".split()
)
_OF_THAT = frozenset(
    "email mail emailaddress mailaddress address known given provided available emailadresse mailadresse adresse "
    "angabe angaben vorhanden bekannt emailadres mailadres adres bekend opgegeven beschikbaar demail dadresse courriel "
    "connu dispo disponible correo direccion tiene tengo hay indirizzo".split()
)
# What is done with it, or not: "didnotprovide", "heeftgeenemail", "notienecorreo".
_DONE = frozenset(
    "has have having had got does did do doesnt dont didnt wont wouldnt provide give gave share use uses want wants "
    "supply hat haben hatte habe gibt heeft hebben heb had geeft tiene tienen tengo dio quiere usa avoir donne fourni "
    "veut utilise dato fornito customer client kunde klant cliente".split()
)
_REFUSING = frozenset("doesnt dont didnt wont wouldnt".split())
_SAID = _NONE | _OF_THAT | _DONE
_SURE = 8
_LONGEST_SAID = max(map(len, _SAID))
# Mailboxes and domains that people type because a form asks for an address, letters only. No first name is among them,
# as "rien" and "nada" are.
_STANDS_FOR_NONE = frozenset(
    "noreply donotreply dontreply none unknown nobody null undefined dummy dummyemail fake fakeemail fakemail "
    "placeholder asdf asdfasdf qwerty test testing tester testtest refused declined customerdeclined donthave "
    "doesnothave geen onbekend kein keine nicht nichts niets unbekannt ohne aucun inconnu neant ninguno desconocido "
    "nessuna sconosciuto wrongemail bademail invalid invalidemail bounced".split()
)
_BEGINS_FOR_NONE = tuple(
    "noemail noreply geenemail geenmail keinemail keineemail donotreply noneprov nepasrepondre nichtantworten "
    "keineantwort nietbeantwoorden nietantwoorden noresponder nonrispondere".split()
)
_DOMAINS_FOR_NONE = frozenset(
    "none noreply donotreply unknown nobody dummy fake fakeemail fakemail placeholder invalid null nowhere geen "
    "onbekend keine unbekannt asdf".split()
)
# These say it only together: na@na.com, no@email.com, x@x.com.
_LITTLE = frozenset("a b c n x xx xxx na no non not abc aaa email mail me name test user you your xyz nil".split())
_ANY_MAIL = _LITTLE | frozenset("gmail hotmail yahoo outlook aol icloud live domain domein company".split())

# Digits in a row, up or down, that nobody was given: 06-12345678, 0123456789. None begins with the 0 an area ends with:
# 020-1234567. And North America's information.
_ROW = 8
_ROWS = ("1234567890123456", "9876543210987654")
_INFORMATION = "5551212"

_ROLES = frozenset(
    "info information infos office sales support contact contacts contactus admin administration administrator "
    "administratie hello team mail email mailbox help helpdesk service services servicedesk customerservice "
    "customercare billing accounts accounting accountspayable accountsreceivable ap ar invoice invoices invoicing "
    "finance payments reception frontdesk concierge dispatch scheduling order orders enquiry enquiries inquiry "
    "inquiries quote quotes estimates estimating leads marketing media press hr jobs careers webmaster postmaster "
    "hostmaster abuse security web website newsletter reservations booking bookings board claims general manager "
    "management property properties propertymanager propertymanagement leasing rentals maintenance operations "
    "purchasing shipping warehouse shop store studio kantoor verkoop inkoop klantenservice klantcontact boekhouding "
    "facturen factuur facturatie receptie secretariaat planning vragen welkom balie beheer buero buro kontakt "
    "verwaltung hausverwaltung vertrieb verkauf einkauf rechnung rechnungen buchhaltung empfang zentrale post "
    "poststelle kundenservice kundendienst accueil bureau comptabilite secretariat commercial vente ventes achats "
    "direction gerance syndic contacto ventas oficina administracion facturacion recepcion atencion "
    "atencionalcliente ufficio amministrazione segreteria vendite".split()
)


@lru_cache(maxsize=16_384)
def is_placeholder(kind: str, value: str) -> bool:
    """True if a normalised address or number is a common placeholder: noemail@…, na@na.com, 813 555-5555."""
    if kind == "phone":
        in_a_row = any(value[-_ROW:] in row for row in _ROWS)
        return in_a_row or len(set(value[-7:])) == 1 or (value.startswith("+1") and value.endswith(_INFORMATION))
    local, _at, domain = value.partition("@")
    mailbox = _only_letters(local)
    host = _only_letters(domain.rpartition(".")[0].rpartition(".")[2])
    if host in _DOMAINS_FOR_NONE or _says_there_is_none(host) or mailbox.startswith(_BEGINS_FOR_NONE):
        return True
    if any(map(str.isdigit, local)):
        # "test7" and "a1" may be somebody's, and 123@123.com is nobody's.
        return local == domain.partition(".")[0]
    if mailbox in _STANDS_FOR_NONE or _says_there_is_none(mailbox) or (mailbox in _NONE and host in _OF_THAT):
        return True
    return (mailbox in _LITTLE and host in _ANY_MAIL) or (2 < len(mailbox) < 9 and set(mailbox) == {"x"})


@lru_cache(maxsize=4096)
def _says_there_is_none(letters: str) -> bool:
    """True if the text consists only of words for "none" and of words such as "email": noemail, nophone."""
    if not 4 < len(letters) < 40:
        return False
    # By where a word ends: whether some way to read it has a word for none, and one that is none.
    ways: list[set[tuple[bool, bool]]] = [{(False, False)}, *(set() for _letter in letters)]
    for begin, reached in enumerate(ways):
        for end in range(begin + 2, min(begin + _LONGEST_SAID, len(letters)) + 1) if reached else ():
            if (word := letters[begin:end]) in _SAID:
                # "sinhas" may be somebody's.
                is_none = word in _NONE or word in _REFUSING
                is_other = word in _OF_THAT or (word in _DONE and len(letters) >= _SURE)
                ways[end] |= {(none or is_none, other or is_other) for none, other in reached}
    return (True, True) in ways[-1]


@lru_cache(maxsize=16_384)
def is_role(value: str) -> bool:
    """True if an address belongs to a role that several people read: info@…, office@…"""
    return _only_letters(value.partition("@")[0].partition("+")[0]) in _ROLES


def _only_letters(text: str) -> str:
    if text.isalpha():
        return text
    return "".join(filter(str.isalpha, text))


def rough_key(kind: str, text: str) -> str:
    """Return a key of an address or number that is equal however it is written; "" where the text can't be one."""
    if kind == "email":
        if "@" in text:
            return text.strip("<>()[]\"' .").lower().removeprefix("mailto:")
        return ""
    digits = ""
    if kind == "phone":
        digits = "".join(filter(str.isdecimal, text))
    if len(digits) > 6:
        return digits[-9:]
    return ""


@dataclass(frozen=True, slots=True)
class PointRule:
    """Rule on whether a normalised point identifies a person. `own` holds values, `shared` rough keys."""

    own: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()

    def against(self, kind: str, value: str) -> NoIdentity | None:
        """Return why the point does not identify a person; None if it may identify one."""
        if is_placeholder(kind, value):
            return NoIdentity.PLACEHOLDER
        if value in self.own:
            return NoIdentity.OWN
        if self.shared and rough_key(kind, value) in self.shared:
            return NoIdentity.SHARED
        if kind == "email" and is_role(value):
            return NoIdentity.ROLE
        return None


@cached_in_batch
def own_points() -> frozenset[str]:
    """Return the addresses and numbers of the current tenant's brands and members."""
    brands = directory().brands.values()
    addresses = [brand.email for brand in brands if brand.email]
    addresses += Member.objects.values_list("user__email", flat=True)
    numbers = [normalize_phone(brand.phone, brand.country) for brand in brands if brand.phone]
    return frozenset(filter(None, [*map(normalize_email, addresses), *numbers]))


def is_crowded(names: Iterable[str]) -> bool:
    """True if a point was given under the names of three or more different people."""
    different = set(names)
    return len(different) >= CROWD and len(different_names(different)) >= CROWD


def match_name(name: str, holders: Sequence[tuple[str, int]], *, by_role: bool = False) -> int | None:
    """Choose the holder (name, position) of a point whose name matches the given one; None if none does.

    The very same name comes first, and is the only one that counts at a role's address. Where an initial or a lone
    last name fits several different people it is none of them.
    """
    key = name_key(name)
    exact = [at for holder_name, at in holders if name_key(holder_name) == key]
    if exact or by_role:
        if exact:
            return exact[0]
        return None
    agreeing = [(holder_name, at) for holder_name, at in holders if names_agree(name, holder_name)]
    if len(agreeing) > 1 and len(different_names(holder_name for holder_name, _at in agreeing)) > 1:
        return None
    if agreeing:
        return agreeing[0][1]
    return None
