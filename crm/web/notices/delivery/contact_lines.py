"""How to reach the customer, in the mail that tells a member of a record: phone, message and a link that calls."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from crm.platform.models import Member
from crm.web.models import Notice
from crm.web.notices.kinds import known_kind
from crm.web.notices.reading import Line
from crm.web.reader import Reader
from crm.web.shell.record_contacts import record_contact
from crm.web.shell.record_pages import visible_rows


def with_contact(lines: Sequence[Line], notices: Sequence[Notice], member: Member, reader: Reader) -> list[Line]:
    """Add how to reach the customer to the lines of those kinds that say so; two queries a model, or none."""
    ids: dict[str, dict[int, UUID]] = {}
    for notice in notices:
        kind = known_kind(notice.kind)
        if kind and kind.with_contact and notice.subject_id:
            ids.setdefault(notice.subject_kind, {})[notice.subject_id] = notice.uid
    contacts: dict[UUID, tuple[str, ...]] = {}
    for label, uids in ids.items():
        entry = record_contact(label)
        if entry:
            rows = list(visible_rows(entry.model, member).filter(pk__in=uids))
            read = entry.read(rows, member, reader)
            contacts |= {uids[pk]: tuple(words) for pk, words in read.items()}
    return [replace(line, contact=contacts.get(line.uid, ())) for line in lines]
