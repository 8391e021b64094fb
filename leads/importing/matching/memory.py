"""DryMemory: a table of the leads a dry run would create, so that memory use is constant for any number of rows."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection

from crm.jobs.creation.same_job import JobIdentity
from crm.jobs.creation.same_place import JobPlace
from crm.platform.tenancy.context import required_tenant_id
from leads.importing.matching.known_leads import KnownCustomer, KnownLead
from leads.models import ImportMemory, ImportRun

# Leads of one batch's customers that are read at most: a file may be about one customer alone.
MOST = 20_000
# Stands in no JSON.
_BETWEEN = "\x1f"


class DryMemory:
    """The leads a dry run would create or add to, by every key.

    Of a run they are kept until its check is over, slice after slice; without one in a temporary table, until `end`.
    """

    def __init__(self, run: ImportRun | None) -> None:
        if run:
            self.run_id = run.pk
        else:
            self.run_id = 0
        if run:
            self.table = ImportMemory._meta.db_table
        else:
            self.table = "intake_memory"
        self._refs = uuid4().int >> 66
        if not run:
            self.end()
            with connection.cursor() as cursor:
                cursor.execute(
                    """create temporary table intake_memory (
                           tenant_id bigint, run_id bigint, key text, ref bigint, lead text,
                           primary key (tenant_id, run_id, key, ref))"""
                )

    def recall(self, keys: Sequence[str]) -> list[KnownLead]:
        """Load the leads stored under these keys, and all others of their customers, each once."""
        by_ref = self._read_leads(keys)
        customers = {_customer_key(plain[0]) for plain in by_ref.values()}
        if customers:
            by_ref |= self._read_leads(sorted(customers))
        return _build_leads(by_ref)

    def crowded_keys(self, keys: Collection[str], most: int) -> set[str]:
        """Return the keys under which more than `most` leads are stored."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"""select key from {self.table} where tenant_id = %s and run_id = %s and key = any(%s)
                    group by key having count(*) > %s""",
                [required_tenant_id(), self.run_id, list(keys), most],
            )
            return {key for (key,) in cursor.fetchall()}

    def _read_leads(self, keys: Sequence[str]) -> dict[int, list[Any]]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""select distinct on (ref) ref, lead from {self.table}
                    where tenant_id = %s and run_id = %s and key = any(%s) order by ref limit %s""",
                [required_tenant_id(), self.run_id, list(keys), MOST],
            )
            return {ref: json.loads(lead) for ref, lead in cursor.fetchall()}

    def remember(self, known: Iterable[KnownLead]) -> None:
        """Save leads in their present state, under all of their keys."""
        keys: dict[tuple[str, int], None] = {}
        leads: dict[int, str] = {}
        for lead in known:
            if not lead.ref:
                self._refs += 1
                lead.ref = self._refs
            lead.customer.ref = lead.customer.ref or f"n{lead.ref}"
            leads[lead.ref] = json.dumps(_lead_to_json(lead))
            keys |= dict.fromkeys((key, lead.ref) for key in (*lead.keys, _customer_key(lead.customer.ref)))
        with connection.cursor() as cursor:
            cursor.execute(
                f"""insert into {self.table} (tenant_id, run_id, key, ref, lead)
                    select %s, %s, given.key, given.ref, leads.lead
                    from unnest(%s::text[], %s::bigint[]) given (key, ref)
                    join unnest(%s::bigint[], string_to_array(%s, %s)) leads (ref, lead) using (ref)
                    on conflict (tenant_id, run_id, key, ref) do update set lead = excluded.lead""",
                [
                    required_tenant_id(),
                    self.run_id,
                    [key for key, _ref in keys],
                    [ref for _key, ref in keys],
                    list(leads),
                    # As an array every quote of theirs is escaped by itself, a third of a check's time.
                    _BETWEEN.join(leads.values()),
                    _BETWEEN,
                ],
            )

    def end(self) -> None:
        """Delete all stored leads."""
        if self.run_id:
            ImportMemory.objects.filter(run_id=self.run_id).delete()
            return
        with connection.cursor() as cursor:
            cursor.execute("drop table if exists intake_memory")


def _customer_key(ref: str) -> str:
    return f"of:{ref}"


def _lead_to_json(lead: KnownLead) -> list[Any]:
    facts = lead.facts
    customer = lead.customer
    facts_json = [facts.external_id, facts.place, facts.title_key, facts.pipeline_id, facts.kind_key, facts.value]
    ended_at = None
    if facts.ended_at:
        ended_at = facts.ended_at.isoformat()
    about = [customer.ref, customer.name, customer.person_id, sorted(customer.points)]
    place = [sorted(lead.has), lead.job_id, lead.number, lead.is_of_this_file, lead.row, sorted(lead.lines), lead.shown]
    return [*about, *place, *facts_json, facts.is_open, ended_at, list(facts.other.items())]


def _build_leads(found: dict[int, list[Any]]) -> list[KnownLead]:
    """Build the leads; leads of one customer share the customer."""
    customers: dict[str, KnownCustomer] = {}
    known_leads = []
    for ref, plain in found.items():
        of, name, person_id, points, has, job_id, number, is_of_this_file, row, lines, cells, *facts_json = plain
        customer = customers.setdefault(of, KnownCustomer(name, set(), person_id, ref=of))
        customer.points |= set(points)
        lead = KnownLead(
            customer,
            set(has),
            _facts_from_json(facts_json),
            job_id,
            number,
            is_of_this_file,
            row,
            lines=set(lines),
            ref=ref,
        )
        lead.shown = cells
        customer.jobs.append(lead)
        known_leads.append(lead)
    return known_leads


def _facts_from_json(told: list[Any]) -> JobIdentity:
    external_id, place, title_key, pipeline_id, kind_key, value, is_open, ended_at, other = told
    return JobIdentity(
        external_id,
        JobPlace(*place),
        title_key,
        pipeline_id,
        kind_key,
        (value[0], value[1]) if value else None,
        is_open,
        None,
        datetime.fromisoformat(ended_at) if ended_at else None,
        dict(other),
    )
