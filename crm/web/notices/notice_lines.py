"""Show notices: each with its record's name and link, what happened in words, and how often."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from crm.platform import features
from crm.platform.models import Member
from crm.web.models import Acknowledgement, Notice
from crm.web.notices.acknowledgements import of_notices
from crm.web.notices.kinds import NoticeKind, known_kind
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_page, record_titles, visible_rows
from crm.web.shell.record_status import StatusSummary, record_status
from crm.web.timeline.event_words import name_of

Place = tuple[str, int]


@dataclass(frozen=True)
class NoticeLine:
    """Adjacent notices of one kind about one record, shown as the newest one with their number."""

    uid: UUID
    kind: str
    icon: str
    title: str
    words: str
    at: str
    is_unread: bool
    # The record, for muting it: `jobs.job:1042`; blank for none.
    about: str
    count: int = 1
    # Of what is to be taken up: whether it still is, and who did and when; both blank for all else.
    is_open: bool = False
    taken: str = ""
    # How the record stands by now, of a kind that shows it.
    stand: StatusSummary | None = None
    # In a mail: how to reach the customer, and what they wrote.
    contact: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Its subject, event and number of occurrences, on one line."""
        sentence = ": ".join(filter(None, [self.title, self.words]))
        if self.count > 1:
            return f"{sentence} ({self.count} ×)"
        return sentence


def notice_lines(notices: Iterable[Notice], member: Member, reader: Reader) -> list[NoticeLine]:
    """Return the lines of notices, in order. Adjacent notices of one kind about one record share a line."""
    rows = list(notices)
    subjects = visible_subjects([(row.subject_kind, row.subject_id) for row in rows if row.subject_id], member)
    asking = {kind.name for kind in features.of(NoticeKind) if kind.needs_acknowledgement}
    acknowledgements = of_notices(rows, asking)
    stands = _record_statuses(rows, member, reader)
    lines: list[NoticeLine] = []
    last: tuple[Any, ...] = ()
    for row in rows:
        same = (row.kind, row.subject_kind, row.subject_id, row.read_at is None)
        if same == last and row.subject_id and (row.kind, row.key) not in acknowledgements:
            lines[-1] = replace(lines[-1], count=lines[-1].count + 1)
        elif line := _build_line(row, subjects, reader):
            line = replace(line, stand=stands.get((row.subject_kind, row.subject_id or 0)))
            lines.append(_with_acknowledgement(line, acknowledgements.get((row.kind, row.key)), reader))
            last = same
    return lines


def _record_statuses(rows: Iterable[Notice], member: Member, reader: Reader) -> dict[Place, StatusSummary]:
    """Return the status of the records of kinds that show it. At most one query per model."""
    ids: dict[str, set[int]] = {}
    for row in rows:
        if row.subject_id and (kind := known_kind(row.kind)) and kind.with_stand:
            ids.setdefault(row.subject_kind, set()).add(row.subject_id)
    statuses: dict[Place, StatusSummary] = {}
    for label, wanted in ids.items():
        if entry := record_status(label):
            seen = list(visible_rows(entry.model, member).filter(pk__in=wanted))
            statuses |= {(label, pk): stand for pk, stand in entry.read(seen, reader).items()}
    return statuses


def _with_acknowledgement(line: NoticeLine, row: Acknowledgement | None, reader: Reader) -> NoticeLine:
    """Return the line with its acknowledgement and the acknowledging member."""
    if row is None:
        return line
    if row.at is None:
        return replace(line, is_open=True)
    sentence = _("%(name)s is on it, %(at)s") % {"name": name_of(row.by_id), "at": reader.near(row.at)}
    return replace(line, taken=sentence)


def _build_line(row: Notice, subjects: dict[Place, tuple[str, str]], reader: Reader) -> NoticeLine | None:
    kind = known_kind(row.kind)
    if kind is None:
        return None
    title, about = subjects.get((row.subject_kind, row.subject_id or 0), ("", ""))
    if row.subject_id and not title:
        title = _("No longer visible to you")
        words = ""
    else:
        words = kind.say({**row.data, "by": name_of(row.by_id)})
    return NoticeLine(row.uid, kind.name, kind.icon, title, words, reader.near(row.at), row.read_at is None, about)


def visible_subjects(places: Sequence[Place], member: Member) -> dict[Place, tuple[str, str]]:
    """Return (title, `model:key`) of the records the member may see, by model and id. One or two queries per model."""
    ids: dict[str, set[int]] = {}
    for label, pk in places:
        ids.setdefault(label, set()).add(pk)
    subjects: dict[Place, tuple[str, str]] = {}
    for label, wanted in ids.items():
        rows = list(visible_rows(apps.get_model(label), member).filter(pk__in=wanted))
        named = record_titles(rows, member)
        subjects |= {(label, row.pk): (named[row.pk], about_of(row)) for row in rows}
    return subjects


def about_of(row: Model) -> str:
    """Return the identifier of a record in forms: its model and the key of its page."""
    page = record_page(type(row))
    if page:
        return f"{row._meta.label_lower}:{getattr(row, page.key)}"
    return ""


def find_subject(about: str, member: Member) -> Model | None:
    """Return the record identified by `about_of`, if the member may see it."""
    label, _colon, key = about.partition(":")
    try:
        model = apps.get_model(label)
        page = record_page(model)
        row: Model | None = None
        if page:
            row = visible_rows(model, member).filter(**{page.key: key}).first()
    except (LookupError, ValueError, ValidationError):
        return None
    return row
