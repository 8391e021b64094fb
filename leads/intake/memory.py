"""What a dry run would have written: kept in a temporary table, so that memory stays flat over any number of rows."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from leads.intake.matching import Known


class DryMemory:
    """The leads a dry run would have made or added to, by every key; lives until `end`, at most as the connection."""

    def __init__(self) -> None:
        self._end()
        with connection.cursor() as cursor:
            cursor.execute("create temporary table intake_memory (key text primary key, ref bigint, lead text)")
        self._next = 0

    def recall(self, keys: Sequence[str]) -> list[Known]:
        """The remembered leads behind these keys, each once."""
        with connection.cursor() as cursor:
            cursor.execute("select distinct on (ref) lead from intake_memory where key = any(%s)", [list(keys)])
            return [_known(json.loads(lead)) for (lead,) in cursor.fetchall()]

    def remember(self, known: Iterable[Known]) -> None:
        """Keep leads as they are now, under all of their keys."""
        rows: dict[str, tuple[int, str]] = {}
        for lead in known:
            self._next += 1
            rows |= dict.fromkeys(lead.keys, (self._next, json.dumps(_plain(lead))))
        with connection.cursor() as cursor:
            cursor.execute(
                """insert into intake_memory (key, ref, lead)
                   select * from unnest(%s::text[], %s::bigint[], %s::text[])
                   on conflict (key) do update set ref = excluded.ref, lead = excluded.lead""",
                [list(rows), [ref for ref, _ in rows.values()], [lead for _, lead in rows.values()]],
            )

    def end(self) -> None:
        """Forget everything."""
        self._end()

    def _end(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("drop table if exists intake_memory")


def _plain(lead: Known) -> list[Any]:
    has = sorted(lead.has)
    place = [lead.job_id, lead.number, lead.person_id, lead.pipeline_id, lead.is_open, None, lead.row]
    return [sorted(lead.keys), lead.name, has, *place]


def _known(plain: list[Any]) -> Known:
    keys, name, has, job_id, *place = plain
    # A lead that would be new has no job yet; 0 tells it from a customer without one.
    return Known(set(keys), name, set(has), job_id or 0, *place)
