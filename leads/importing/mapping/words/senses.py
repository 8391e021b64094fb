"""What a column's name means by the words it is made of: "Cust Name", "Ph #", "Straße und Hausnummer", "Date called".

A rule names the meanings a heading must have and those it may have besides; a word it does not account for and the rule
does not hold. So "Owner ID" is no owner, "Created by" no day, and "Quote sent" no amount. The first rule that holds
counts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from crm.kernel.normalization import name_key
from leads.importing.mapping.headings import MANY, Field
from leads.importing.mapping.words.cuts import written_out
from leads.importing.mapping.words.meanings import meanings, parts_of

# Of words nobody knows a heading that is understood by its others has at most so many.
_MOST_UNKNOWN = 2
# A longer one is a sentence.
_LONGEST, _MOST_WORDS = 80, 12
# "Street of postal address": of what the part before it is.
_ADDRESS_OF = (
    r"(?:(?:postal|mailing|billing|shipping) )?address",
    "(?:post)?anschrift|(?:post)?adresse|(?:het )?(?:post)?adres",
    "(?:l['’])?adresse postale|(?:la )?direcci[oó]n(?: postal| principal)?",
)
_NO_LINE = r"(?<=\w)(?<!line)(?<!zeile)(?<!regel)(?<!ligne)(?<!l[ií]nea)"
# Written with a sign, or an elided article, that is none of its words.
_WRITTEN = (
    (re.compile(r"\bh/o\b"), " ho "),
    (re.compile(r"\bf/u\b"), " followup "),
    (re.compile(r"\bc\. ?p(?:ostal)?\b|\bp[./ ]?code\b"), " cp "),
    (re.compile(r"\bzip ?(?:\+ ?4|5)\b"), " zip "),
    # "Einsatzort Straße" too.
    (re.compile(r"\b(?:vor ort|sur place|ter plaatse|on site|[^\W\d_]{4,20}ort (?=[^\W\d_]))"), " site "),
    # "Phone__c": Salesforce's mark of a field somebody added.
    (re.compile(r"(?<=[^\W_])__c\b"), " "),
    (re.compile(r"\b[ld]['’]"), " "),
    # The firm in France, which elsewhere is a suite.
    (re.compile(r"\bsté\b"), " societe "),
    (re.compile(r"\bcontact (?:number|no\b\.?|#)"), " phone "),
    (re.compile(r"\bp\.? ?o\.? ?box\b"), " pobox "),
    (re.compile(r"\bp\.? ?o\.? ?(?:#|no\b\.?|nr\b\.?|number\b)"), " order no "),
    (re.compile(r"\bp\.? ?/ ?c\b"), " zip "),
    (re.compile(r"\bl ?/ ?l\b"), " landlord "),
    (re.compile(r"\bst\.? ?(?:#|no\b\.?)"), " housenumber "),
    # Both lines of an address.
    (re.compile(r"(?<!\d)1 ?[&+/-] ?2\b"), " "),
    (re.compile(r"\bma[iî]tre (?:d['’])? {0,2}ouvrage\b"), " client "),
    (re.compile(r"\bcity[,/]? ?st\b(?=[,/]? ?zip|$)"), " city state "),
    (re.compile(r"\bp\. ?c\b|\bcode p\b"), " zip "),
    (re.compile(r"\b06[ -]?n(?:umme)?r\b|^06$"), " mobiel "),
    (re.compile(r"\b(?:a la )?atenci[oó]n a\b"), " contacto "),
    (re.compile(r"\bap(?:ell(?:ido)?)?\b\.? paterno\b"), " apellido "),
    (re.compile(r"\bnombre\(s\)"), " nombre "),
    # Fields added to Salesforce say whose address it is: "Calle de correo", which is no e-mail.
    (re.compile(r"\b(calle|ciudad|poblaci[oó]n|provincia|c[oó]digo postal|pa[ií]s) de correo\b"), r" \1 "),
    (re.compile(r"\bbo[iî]te (?=e?-?mail)"), " "),
    (re.compile(r"\bbo[iî]te postale\b"), " pobox "),
    (re.compile(r"\bn(?:[uú]m(?:ero)?|[oº°])\.? ?ext(?:erior)?\b"), " housenumber "),
    (re.compile(r"\bn(?:[uú]m(?:ero)?|[oº°])\.? ?int(?:erior)?\b"), " unit "),
    (re.compile(r"\badd\.? ?(?=[1-4]\b)"), " address "),
    (re.compile(r"\bvn\b"), " vorname "),
    (re.compile(r"\bnn\b"), " nachname "),
    (re.compile(r"\bfa\b"), " firma "),
    (re.compile(r"\bnom (?:de (?:naissance|famille|jeune fille)|patronymique|d['’]usage)\b"), " lastname "),
    (re.compile(r"(?<=naam) of (?=[^\W\d_]{0,20}naam)"), " and "),
    (re.compile(r"\bvor- ?(?=und\b|u\.|[&+/])"), " vorname "),
    (re.compile(r"\bvoor- ?(?=en\b|[&+/])"), " voornaam "),
    (re.compile(r"(?<=\w) (?:or|ou|o|oder) (?=\w)"), " and "),
    (re.compile(r"\b(?:nombre comercial|nom commercial)\b"), " legal name "),
    (re.compile(r"\b(?:nom (?:du|de) compte|nombre de (?:la )?cuenta|soci[eé]t[eé] ?/ ?compte)\b"), " societe "),
    (re.compile(rf"{_NO_LINE} (?:of|von|van|de|der) (?:{'|'.join(_ADDRESS_OF)}):?$"), " "),
)
# "phoneNumber", "POCity"; but an iPhone is one word.
_CAMEL = re.compile(r"(?<=[a-z]{2})(?=[A-Z])|(?<=[A-Z]{2})(?=[A-Z][a-z]{2})")
# "Woonpl.", "Fam.naam": a word cut short.
_CUT = re.compile(r"(?<![^\W_])([^\W\d_]{2,12})\.")
# Of a heading with words cut short so many ways to read it are tried.
_MOST_READINGS = 6
# The second line of an address: "Line 2", "2nd line", "Zweite Adresszeile".
_SECOND = frozenset("2nd second zweite zweiter tweede 2e 2eme deuxieme segunda segundo seconda secondo".split())
_ADDED = frozenset("additional zusatzliche zusatzlicher supplementaire adicional".split())
_BEHIND = frozenset({"2", "two", "twee", "zwei", "deux", "dos", "due"})
# Signs that are words; and words usually written as two.
_SIGNS = {
    "#": " no ",
    "№": " no ",
    "nº": " no ",
    "n°": " no ",
    "$": " money ",
    "€": " money ",
    "£": " money ",
    "@": " email ",
}
_SIGNS |= {"&": " and ", "+": " and ", "/": " and "}
_PAIRS = (
    (re.compile(r"\be (?=mails?\b)"), "e"),
    (re.compile(r"\bfollow (?=ups?\b)"), "follow"),
    (re.compile(r"\bfirst touch\b"), "created"),
    (re.compile(r"\bwhats (?=app\b)"), "whats"),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A field and the meanings that tell it."""

    field: Field
    needs: frozenset[str]
    allows: frozenset[str]


def _rule(field: Field, needs: str, allows: str = "") -> Rule:
    return Rule(field, frozenset(needs.split()), frozenset(allows.split()) | frozenset(needs.split()) | {"small"})


_WHERE = "party whose lead home work site company line and legal bill"
_REACHED = "party whose lead home work site company no value line electronic and reach bill legal"
_OF = "party whose lead title bill"
_RULES = (
    _rule(Field.NEXT_STEP_AT, "next date", "step followup touched title due party lead created"),
    _rule(Field.NEXT_STEP_AT, "followup date", "step next due party lead"),
    _rule(Field.NEXT_STEP_AT, "due date", "step next"),
    _rule(Field.NEXT_STEP, "next step", "followup touched title lead"),
    _rule(Field.NEXT_STEP, "next followup", "step"),
    _rule(Field.NEXT_STEP, "next touched", "step"),
    _rule(Field.NEXT_STEP, "followup", "step note"),
    _rule(Field.TOUCHED, "latest touched", "date created party lead title"),
    _rule(Field.TOUCHED, "latest party", "date touched lead"),
    _rule(Field.TOUCHED, "touched date", "latest party lead"),
    _rule(Field.STAGE_SINCE, "stage date", "latest modified created and lead title status"),
    _rule(Field.STAGE_SINCE, "status date", "latest modified created and lead title stage"),
    _rule(Field.STAGE_SINCE, "stage modified", "latest lead title status"),
    _rule(Field.STAGE_SINCE, "status modified", "latest lead title stage"),
    _rule(Field.LOST_REASON, "lost reason", "title lead ended stage status note close party by"),
    _rule(Field.ENDED, "lost date", "title lead ended party"),
    _rule(Field.CLOSED, "close date", "expected value title lead"),
    _rule(Field.CLOSED, "expected ended date", "title lead"),
    _rule(Field.CLOSED, "expected close", "title lead"),
    _rule(Field.ENDED, "ended date", "title lead party"),
    _rule(Field.WON_AT, "won date", "title lead ended party value"),
    _rule(Field.CREATED, "created date", "lead party title whose site"),
    _rule(Field.CREATED, "first party date", "lead"),
    _rule(Field.CREATED, "party since", "lead"),
    _rule(Field.CREATED, "lead date", "party"),
    _rule(Field.CREATED, "date", ""),
    _rule(Field.CREATED, "created", "lead party title"),
    _rule(Field.CLAIM_NUMBER, "claim", "no id insurer"),
    _rule(Field.INSURER, "insurer", "company name party"),
    _rule(Field.REP, "rep email", "lead party title"),
    _rule(Field.EMAIL, "email", f"{_REACHED} street"),
    _rule(Field.EMAIL, "electronic street", _REACHED),
    _rule(Field.MOBILE, "mobile", f"{_REACHED} phone and"),
    _rule(Field.PHONE, "phone", f"{_REACHED} street"),
    _rule(Field.HOUSE_NUMBER, "house no", f"{_WHERE} name"),
    _rule(Field.HOUSE_NUMBER, "houseno", f"{_WHERE} name no"),
    _rule(Field.PHONE, "reach no", "party phone whose"),
    _rule(Field.PHONE, "home no", "whose party"),
    _rule(Field.PHONE, "work no", "whose party"),
    _rule(Field.EXTERNAL_ID, "id", f"{_OF} no site"),
    _rule(Field.EXTERNAL_ID, "title no", "lead"),
    _rule(Field.EXTERNAL_ID, "order no", "work title id"),
    _rule(Field.EXTERNAL_ID, "order id", "work title no"),
    _rule(Field.EXTERNAL_ID, "value no"),
    _rule(Field.EXTERNAL_ID, "lead no", "party"),
    _rule(Field.EXTERNAL_ID, "buyer no"),
    # "Tampa, FL 33605".
    _rule(Field.CITY, "city zip", f"{_WHERE} state street"),
    _rule(Field.CITY, "city post code", _WHERE),
    _rule(Field.CITY, "city state", _WHERE),
    _rule(Field.POSTCODE, "zip", f"{_WHERE} street post code"),
    _rule(Field.POSTCODE, "post code", f"{_WHERE} street"),
    _rule(Field.CITY, "city", f"{_WHERE} street name post"),
    _rule(Field.STREET, "street and city", f"{_WHERE} zip state post code"),
    _rule(Field.STATE, "staat state", _WHERE),
    _rule(Field.STATE, "community state", _WHERE),
    _rule(Field.COUNTRY, "country", f"{_WHERE} street name code state estado id"),
    _rule(Field.STATE, "staat", _WHERE),
    _rule(Field.STATE, "estado state", f"{_WHERE} street"),
    _rule(Field.STATE, "estado code", _WHERE),
    _rule(Field.STATE, "state", f"{_WHERE} street name code"),
    _rule(Field.STREET_2, "extended street", _WHERE),
    _rule(Field.STREET, "street houseno unit", _WHERE),
    _rule(Field.STREET, "street and unit", _WHERE),
    _rule(Field.STREET_2, "unit", f"{_WHERE} no street houseno and"),
    _rule(Field.STREET, "street", f"{_WHERE} no house post and"),
    _rule(Field.STREET, "way", f"{_WHERE} no house name post and street"),
    _rule(Field.STREET, "first line street", _WHERE),
    _rule(Field.STREET, "street houseno", f"{_WHERE} name"),
    _rule(Field.STREET, "spot", "site party lead home work whose"),
    _rule(Field.INFIX, "further firstname", "name"),
    _rule(Field.INFIX, "further name", "party"),
    _rule(Field.NAME, "firstname lastname", "name party and"),
    _rule(Field.NAME, "firstname name", "party and"),
    _rule(Field.NAME, "lastname name", "party and"),
    _rule(Field.NAME, "first last", "name party and"),
    _rule(Field.NAME, "lastname first name", "party and"),
    _rule(Field.FIRST_NAME, "firstname", _OF),
    _rule(Field.FIRST_NAME, "first name", _OF),
    _rule(Field.FIRST_NAME, "first", "party whose"),
    _rule(Field.LAST_NAME, "lastname", _OF),
    _rule(Field.LAST_NAME, "lastname first", _OF),
    _rule(Field.LAST_NAME, "last name", _OF),
    _rule(Field.LAST_NAME, "last", "whose party"),
    _rule(Field.INFIX, "middle", "name party lastname"),
    _rule(Field.CURRENCY, "currency", "value title code lead"),
    _rule(Field.COST, "cost", "lead value"),
    _rule(Field.CAMPAIGN, "campaign", "name source title lead"),
    _rule(Field.SOURCE, "source", "lead party whose name title and"),
    _rule(Field.PRIORITY, "priority", _OF),
    _rule(Field.LANGUAGE, "language", "party whose lead"),
    _rule(Field.REP, "won by", ""),
    _rule(Field.REP, "followup by"),
    _rule(Field.REP, "rep", "name lead title party whose by user"),
    _rule(Field.STAGE, "stage", "status lead title party name pipeline and whose"),
    _rule(Field.STATUS, "status", "lead title party name note whose"),
    _rule(Field.STATUS, "estado", "lead title party name note whose"),
    _rule(Field.PIPELINE, "pipeline", "name title lead"),
    _rule(Field.PIPELINE, "title kind", "and work site"),
    _rule(Field.PIPELINE, "work kind", "site"),
    _rule(Field.PIPELINE, "site kind", ""),
    _rule(Field.PIPELINE, "trade", "kind title name"),
    # "Nom / Raison sociale", "Firma/Nachname": of people it is the name.
    _rule(Field.NAME, "company and buyer", "party"),
    _rule(Field.LAST_NAME, "company and lastname", "party"),
    _rule(Field.NAME, "company and name", "party whose legal"),
    _rule(Field.COMPANY, "company", "name party whose title bill legal work"),
    _rule(Field.COMPANY, "community", "party name"),
    _rule(Field.COMPANY, "legal name", "party work whose"),
    _rule(Field.COMPANY, "work name", ""),
    _rule(Field.VALUE, "value", "title lead expected currency won whose party site tax"),
    _rule(Field.TITLE, "title", "name lead note whose"),
    _rule(Field.BRAND, "brand", "name"),
    _rule(Field.NAME, "name", "party whose lead home and bill"),
    _rule(Field.NOTE, "note", "lead party title whose site and value"),
    _rule(Field.NAME, "party", "lead whose and title site"),
    _rule(Field.POSTCODE, "post", "party whose lead"),
)


def sense_of(heading: str) -> Field | None:
    """Return the field all words of a heading together mean, or None.

    In two languages it is what both say: "Nom de famille / Family name".
    """
    if " / " in heading or " | " in heading:
        each = {_sense_of_one(part) for part in re.split(r" [/|] ", heading[:_LONGEST])}
        if len(each) == 1 and None not in each:
            return each.pop()
    return _sense_of_one(heading)


def _sense_of_one(heading: str) -> Field | None:
    bare = _first_sense(_without_brackets(heading))
    # "Phone (mobile)".
    whole = _first_sense(heading) if bare in (None, Field.PHONE) else bare
    return whole if whole == Field.MOBILE else bare or whole


@lru_cache(maxsize=2048)
def senses_of(heading: str) -> tuple[Field, ...]:
    """List what the words of a heading may mean, the likeliest first; its cells tell which."""
    return tuple(dict.fromkeys((*_senses(_without_brackets(heading)), *_senses(heading))))


@lru_cache(maxsize=2048)
def rest_of(heading: str) -> tuple[Field, ...]:
    """List what a heading may mean but for a word or two nobody knows: "Bauherr Tel", "Box Name"."""
    unknown = unknown_words(heading)
    known = [word for word in words_of(heading) if word not in unknown]
    if not 0 < len(unknown) <= _MOST_UNKNOWN:
        return ()
    # The end of a word that is one: "Objektbetreuerstraße".
    ends = [end for word in unknown if (end := end_of(word))]
    return senses_of(" ".join([*known, *ends])) if known or ends else ()


def unknown_words(heading: str) -> set[str]:
    """Return the words of a heading that nobody knows."""
    return {word for word in words_of(heading) if not word.isdecimal() and not parts_of(word)}


def end_of(word: str) -> str:
    """Return the longest word one ends in; "" for none."""
    return next((word[at:] for at in range(2, len(word) - 4) if len(word) <= 40 and word[at:] in meanings()), "")


def _without_brackets(heading: str) -> str:
    return re.sub(r"[(\[{][^()\[\]{}]{0,80}[)\]}]?", " ", heading[:_LONGEST])


@lru_cache(maxsize=2048)
def second_line(heading: str) -> bool:
    """Whether it is the second line of an address: "Address 2", "Street Line 2", "2nd line of address"."""
    words = [word for word in words_of(heading) if meanings().get(word) != {"small"}]
    if not _ADDED.isdisjoint(words):
        # "additionalAddressLine1".
        return sense_of(" ".join(word for word in words if word not in _ADDED and not word.isdecimal())) == Field.STREET
    for at, word in enumerate(words):
        beside = words[at + 1] if word in _SECOND and at + 1 < len(words) else words[at - 1] if at else ""
        is_lines = "line" in meanings().get(beside, ()) or any("line" in meanings()[part] for part in parts_of(beside))
        if (word in _BEHIND and at == len(words) - 1) or (word in _SECOND | _BEHIND and is_lines):
            return sense_of(" ".join(words[:at] + words[at + 1 :])) == Field.STREET
    return False


def whole_address(heading: str) -> bool:
    """Whether it is the whole of an address, which other columns may have in its parts: "Address 1 - Formatted"."""
    words = words_of(heading)
    return "formatted" in words and sense_of(" ".join(word for word in words if word != "formatted")) == Field.STREET


@lru_cache(maxsize=8192)
def _first_sense(heading: str) -> Field | None:
    """Return what a heading means as it is likeliest read."""
    words = words_of(heading)
    # "Cust. Last", and not "Last contact".
    is_last = words[-1:] == ("last",) and Field.LAST_NAME in _told_by(words)
    return Field.LAST_NAME if is_last else next(_told_by(words), None)


@lru_cache(maxsize=2048)
def _senses(heading: str) -> tuple[Field, ...]:
    return tuple(dict.fromkeys(field for words in _readings(heading) for field in _told_by(words)))


def _told_by(words: Sequence[str]) -> Iterator[Field]:
    """Iterate over the fields whose rule holds."""
    numbers = [int(word) for word in words if word.isdecimal()]
    parts = [part for word in words if not word.isdecimal() for part in parts_of(word) or ("?",)]
    if not parts or len(parts) > _MOST_WORDS:
        return
    each = [meanings().get(part, frozenset()) for part in parts]
    every = frozenset().union(*each)
    for rule in _RULES:
        if rule.needs <= every and _holds(rule, each):
            # A second address is not the first; second numbers are taken as well.
            if rule.field not in MANY and numbers and max(numbers) > 1:
                return
            yield rule.field


def _holds(rule: Rule, each: list[frozenset[str]]) -> bool:
    """Whether each word may stand there, and each meaning needed has a word of its own."""
    if not all(word & rule.allows for word in each):
        return False
    return sum(bool(word & rule.needs) for word in each) >= len(rule.needs)


@lru_cache(maxsize=8192)
def words_of(heading: str) -> tuple[str, ...]:
    """List the words of a heading; those cut short as they are likeliest written out."""
    return next(iter(_readings(heading)))


@lru_cache(maxsize=16_384)
def _readings(heading: str) -> tuple[tuple[str, ...], ...]:
    """List the ways to read a heading, by the words that some of its words may be cut short of."""
    text = _CAMEL.sub(" ", heading[:_LONGEST]).lower()
    for written, meant in _WRITTEN:
        text = written.sub(meant, text)
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    marked = {name_key(cut) for cut in _CUT.findall(text)}
    text = name_key(text.replace("'s", " "))
    for pair, joined in _PAIRS:
        text = pair.sub(joined, text)
    words = re.sub(r"(?<=[^\W\d])(?=\d)", " ", text).split()
    each = [() if parts_of(word) else written_out(word, is_marked=word in marked) for word in words]
    ways = product(*(full or (word,) for word, full in zip(words, each, strict=True)))
    return tuple(islice(ways, _MOST_READINGS))
