"""Detect report rows that are not leads: footers, page lines, group headings, repeated headers.

Only a row that says nothing else is taken for one: with a number, an address or a second name it is somebody.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from babel import Locale
from django.utils.translation import gettext as _

from crm.kernel.normalization import name_key
from crm.kernel.regions import STATES_BY_NAME
from leads.importing.mapping.headings import Field
from leads.importing.mapping.synonyms import field_of

_LANGUAGES = ("en", "nl", "de", "fr", "es")
# Longer is no line of a report.
_LONGEST = 200
# So many cells may be filled beside the words of a footer: a date, a count.
_FEW = 3
_NUMBER = r"[\d.,]+"
# Of the text folded as names are: lower case, no accents or signs.
_FOOTER = re.compile(
    r"(?:c )?copyright\b.*|confidential\b.*|all rights reserved\b.*|"
    r"(?:report )?(?:generated|printed|exported|created|prepared|run|downloaded|produced) (?:by|on|at|from|with)\b.*|"
    r"(?:end|begin|beginning|start) of (?:the )?(?:report|list|file|page|data|export)\b.*|"
    r"(?:page|pagina|seite|pag|blatt|hoja) \d+(?: (?:of|van|von|de|sur|from|aus) \d+)?|\d+ (?:of|van|von|de|sur) \d+|"
    r"(?:record |row |lead |total )?(?:count|records|rows|leads|aantal|anzahl|nombre total|cantidad|number of records|"
    r"nombre de lignes|numero de filas|aantal (?:rijen|regels|records)|anzahl (?:zeilen|datensatze))"
    r"(?: \d+)?|\d+ (?:records|rows|leads|items|results|entries|rijen|zeilen|datensatze|lignes|filas)(?: total)?|"
    r"(?:report|rapport|bericht|informe)(?: (?:name|date|title|id|type|run|naam|datum)\b.*)?|"
    r"(?:filtered|sorted|grouped|filters|filter) (?:by|on|applied|as)\b.*|as of \d.*|"
    r"(?:gegenereerd|afgedrukt|geexporteerd|gemaakt) (?:door|op|met|uit)\b.*|"
    r"einde (?:van )?(?:het |de )?(?:rapport|lijst|bestand)\b.*|"
    r"(?:erstellt|gedruckt|exportiert|generiert) (?:von|am|mit|aus)\b.*|ende (?:des|der) (?:berichts|liste|datei)\b.*|"
    r"(?:genere|imprime|exporte|edite|cree) (?:par|le|avec|depuis)\b.*|"
    r"fin (?:du|de la|de) (?:rapport|liste|fichier)\b.*|"
    r"(?:generado|impreso|exportado|creado) (?:por|el|con|desde)\b.*|fin (?:del|de la) (?:informe|lista|archivo)\b.*"
)
_GROUP = re.compile(
    r"subitems?|ungrouped|untitled group|new group|group title|(?:group|groep|gruppe|groupe|grupo) \w{1,30}|"
    r"(?:all |my |our )?(?:new|open|won|lost|closed|active|inactive|hot|warm|cold|dead|old|past|current|potential|"
    r"qualified|unqualified|converted|archived|gewonnen|verloren|offene|gewonnene|verlorene|gagnes|perdus|ganados|"
    r"perdidos) (?:deals|leads|jobs|customers|clients|contacts|opportunities|prospects|projects|items|klanten|kunden)"
    r"(?: \d+)?"
)
# What a group may be of, as "Rep: Rick Salas" is: it says nothing of whom to reach.
_GROUPED_BY = frozenset(
    {Field.REP, Field.STAGE, Field.STATUS, Field.PIPELINE, Field.SOURCE, Field.CAMPAIGN, Field.CITY, Field.STATE}
    | {Field.BRAND, Field.PRIORITY, Field.CREATED, Field.COUNTRY, Field.POSTCODE}
)


def why_no_lead(cells: Sequence[str]) -> str:
    """Return the reason a row is not a lead, as a sentence; "" if it may be one."""
    filled = [text for cell in cells if (text := cell.strip())]
    if not filled or len(filled[0]) > _LONGEST or any("@" in cell for cell in filled):
        return ""
    if len(filled) <= _FEW and (filled[0][-1] == ":" or not any(cell[:1].isalpha() for cell in filled[1:])):
        first = name_key(filled[0])
        if filled[0][0] == "©" or _FOOTER.fullmatch(first):
            return _("This row looks like a line of a report, not a lead.")
        if len(filled) == 1 and (_GROUP.fullmatch(first) or _is_month(first) or _names_a_group(filled[0])):
            return _("This row looks like a group heading, not a lead.")
    if _is_header(filled):
        return _("This row repeats the column names.")
    return ""


def _is_month(first: str) -> bool:
    """True if the text is a month and year: "Januari 2026", "2026 May"."""
    words = first.split()
    return len(words) == 2 and any(
        year.isdecimal() and len(year) == 4 and month in _month_names() for month, year in (words, words[::-1])
    )


@lru_cache(maxsize=1)
def _month_names() -> frozenset[str]:
    """Return the names of the months, full and abbreviated, folded like names."""
    widths = (Locale(language).months["format"][width] for language in _LANGUAGES for width in ("wide", "abbreviated"))
    return frozenset(name_key(name) for months in widths for name in months.values())


def _names_a_group(cell: str) -> bool:
    """True if a cell has the name of a column and a value of it: "Rep: Rick Salas", "Status: Quoted"."""
    name, colon, value = cell.partition(":")
    return bool(colon and value.strip()) and field_of(name) in _GROUPED_BY


def why_below_the_list(last: Sequence[Sequence[str]]) -> str:
    """Return a sentence if the last rows of a file are the footer of a report, not leads; "" otherwise.

    `last`: the rows of a single cell the file ends with, as Salesforce writes a report's name, and whose it is.
    """
    if any(why_no_lead(cells) for cells in last):
        return _("This row is part of the lines below a report, not a lead.")
    return ""


def is_alone(cells: Sequence[str]) -> bool:
    """True if exactly one cell of a row is filled: a name, or the heading of the rows below it."""
    filled = (cell for cell in cells if cell and not cell.isspace())
    return next(filled, None) is not None and next(filled, None) is None


def why_heading(cells: Sequence[str], places: Sequence[str]) -> str:
    """Return the reason a row with one cell is a heading, as a sentence; "" if it may be a customer.

    `places`: what the rows below say of their addresses, cell by cell. A heading is said again there: as the town or
    the state, or as a part of an address between commas.
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) != 1 or len(filled[0]) > _LONGEST or not filled[0][0].isalpha():
        return ""
    parts = [name_key(part) for cell in places for part in cell[:_LONGEST].split(",")]
    values = {*parts, *(part.rstrip("0123456789 ") for part in parts)} - {""}
    if values.isdisjoint(_ways_to_say(filled[0])):
        return ""
    return _("This row looks like a heading of the rows below it, which are in %(place)s.") % {"place": filled[0]}


def _ways_to_say(place: str) -> set[str]:
    """Return a place's name and, for a state, its abbreviation; Virginia and Georgia are also first names."""
    name = name_key(place)
    if name in ("virginia", "georgia"):
        code = ""
    else:
        code = STATES_BY_NAME.get(name, "")
    return {name, name_key(code)} - {""}


def _is_header(filled: Sequence[str]) -> bool:
    """True if nearly all cells are column names, as in the header of a part of the list."""
    if len(filled) < _FEW or any(character.isdigit() for cell in filled for character in cell[:_LONGEST]):
        return False
    named = {field for cell in filled if (field := field_of(cell))}
    return len(named) >= max(_FEW, 0.7 * len(filled))
