"""Filter a row's email addresses and phone numbers: shared or invalid ones are kept as text (docs/rules.md#k19)."""

from collections.abc import Iterator
from typing import IO

from django.db import connection
from django.utils.translation import gettext as _

from crm.kernel.normalization import name_key
from crm.kernel.refusal import Refused
from crm.people.identity.points import CROWD, NoIdentity, PointRule, is_crowded, rough_key
from leads.importing.files.staging import walk
from leads.importing.mapping.columns import FileColumns
from leads.importing.mapping.headings import LABELS, Field
from leads.importing.matching.draft import LeadDraft

# Points that many share which are told before the first row is judged; of more the third name tells.
MOST_SHARED = 5000
_BATCH = 20_000
_LONGEST = 200


def sift(draft: LeadDraft, rule: PointRule) -> LeadDraft:
    """Move contact points that identify no one to the row's note. Raises Refused if none and no name is left."""
    against: list[NoIdentity] = []
    for kind, value in [("email", each) for each in draft.emails] + [("phone", each.e164) for each in draft.phones]:
        why = rule.against(kind, value)
        if why is NoIdentity.ROLE:
            draft.remarks.append(_describe_point(kind, value, why.sentence))
        elif why:
            keep_as_text(draft, f"{kind}:{value}", why.sentence)
            against.append(why)
    has_somebody = draft.emails or draft.phones or name_key(draft.name or draft.company)
    if not has_somebody and set(against) == {NoIdentity.PLACEHOLDER}:
        draft.otherwise = draft.title or draft.street
        if not draft.otherwise:
            nobody = _("This row has no name, email address or phone number.")
            raise Refused(" ".join([nobody, *draft.remarks]))
    return draft


def keep_as_text(draft: LeadDraft, point: str, sentence: str) -> None:
    """Move a contact point of a row to the note, with the reason."""
    kind, _colon, value = point.partition(":")
    draft.otherwise = draft.otherwise or draft.called
    draft.emails = [each for each in draft.emails if each != value]
    draft.phones = [each for each in draft.phones if each.e164 != value]
    draft.keys = None
    draft.remarks.append(_describe_point(kind, value, sentence))
    draft.notes.append(" ".join(filter(None, [f"{LABELS[Field(kind)]}: {value}", draft.labels.get(value)])))


def _describe_point(kind: str, value: str, sentence: str) -> str:
    return _("%(column)s “%(cell)s”: %(why)s") % {"column": LABELS[Field(kind)], "cell": value, "why": sentence}


def shared_points(file: IO[bytes], columns: FileColumns) -> list[str]:
    """Find contact points that a file gives for three or more names, as rough keys; called before rows are judged.

    The rows go through a temporary table, so that memory stays constant over any number.
    """
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists import_points")
        cursor.execute("create temporary table import_points (point text, called text)")
        for points, names in _read_batches(file, columns):
            cursor.execute("insert into import_points select * from unnest(%s::text[], %s::text[])", [points, names])
        cursor.execute(
            """select point, (array_agg(distinct called))[:100] from import_points
               group by point having count(distinct called) >= %s order by count(*) desc, point limit %s""",
            [CROWD, MOST_SHARED],
        )
        crowds = cursor.fetchall()
        cursor.execute("drop table import_points")
    return [point for point, names in crowds if is_crowded(names)]


def _read_batches(file: IO[bytes], columns: FileColumns) -> Iterator[tuple[list[str], list[str]]]:
    points: list[str] = []
    names: list[str] = []
    for record, _byte in walk(file):
        if record.row <= columns.header_row:
            continue
        if name := _customer_name(columns, record.cells):
            keys = set(_point_keys(columns, record.cells))
            points += keys
            names += [name] * len(keys)
        if len(points) >= _BATCH:
            yield points, names
            points = []
            names = []
    if points:
        yield points, names


def _customer_name(columns: FileColumns, cells: list[str]) -> str:
    name = columns.first(Field.NAME, cells)
    if not name:
        name = " ".join(columns.first(each, cells) for each in (Field.FIRST_NAME, Field.INFIX, Field.LAST_NAME))
    name = name.partition("(")[0].partition("<")[0].strip()
    return (name or columns.first(Field.COMPANY, cells)).replace("\0", "")[:_LONGEST]


def _point_keys(columns: FileColumns, cells: list[str]) -> Iterator[str]:
    addresses = [*columns.each(Field.EMAIL, cells), columns.first(Field.NAME, cells)]
    for text in addresses:
        if "@" in text:
            yield from _rough_keys("email", text[:_LONGEST].translate(_APART).split())
    for field in (Field.PHONE, Field.MOBILE):
        for text in columns.each(field, cells):
            yield from _rough_keys("phone", text[:_LONGEST].translate(_APART_LINES).split("\n"))


_APART = dict.fromkeys(map(ord, ";,|/()<>\0"), " ")
_APART_LINES = dict.fromkeys(map(ord, ";,|/\0"), "\n")


def _rough_keys(kind: str, texts: list[str]) -> Iterator[str]:
    return filter(None, (rough_key(kind, text) for text in texts))
