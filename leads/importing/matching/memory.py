"""DryMemory: a table of what a dry run would have written, so that memory stays constant over any number of rows."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django.db import connection

from crm.platform.tenancy.context import required_tenant_id
from leads.importing.matching.matches import Known
from leads.models import ImportMemory, ImportRun


class DryMemory:
    """The leads a dry run would have made or added to, by every key.

    Of a run they are kept until its check is over, slice after slice; without one in a temporary table, until `end`.
    """

    def __init__(self, run: ImportRun | None) -> None:
        self.run_id = run.pk if run else 0
        self.table = ImportMemory._meta.db_table if run else "intake_memory"
        self._refs = uuid4().int >> 66
        if not run:
            self.end()
            with connection.cursor() as cursor:
                cursor.execute(
                    """create temporary table intake_memory (
                           tenant_id bigint, run_id bigint, key text, ref bigint, lead text,
                           primary key (tenant_id, run_id, key))"""
                )

    def recall(self, keys: Sequence[str]) -> list[Known]:
        """Read the leads kept under these keys, each once."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"""select distinct on (ref) lead from {self.table}
                    where tenant_id = %s and run_id = %s and key = any(%s)""",
                [required_tenant_id(), self.run_id, list(keys)],
            )
            return [_known(json.loads(lead)) for (lead,) in cursor.fetchall()]

    def remember(self, known: Iterable[Known]) -> None:
        """Save leads as they are now, under all of their keys."""
        rows: dict[str, tuple[int, str]] = {}
        for lead in known:
            self._refs += 1
            rows |= dict.fromkeys(lead.keys, (self._refs, json.dumps(_plain(lead))))
        with connection.cursor() as cursor:
            cursor.execute(
                f"""insert into {self.table} (tenant_id, run_id, key, ref, lead)
                    select %s, %s, * from unnest(%s::text[], %s::bigint[], %s::text[])
                    on conflict (tenant_id, run_id, key) do update set ref = excluded.ref, lead = excluded.lead""",
                [
                    required_tenant_id(),
                    self.run_id,
                    list(rows),
                    [ref for ref, _ in rows.values()],
                    [lead for _, lead in rows.values()],
                ],
            )

    def end(self) -> None:
        """Delete everything it keeps."""
        if self.run_id:
            ImportMemory.objects.filter(run_id=self.run_id).delete()
            return
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
