"""Open quotes in the forecast: a lead whose quote waits for the customer is worth what the quote says.

That is the total without tax of what the customer chose last; without a choice, of the proposed option with all lines.
Of several open quotes of a lead, the one that was sent last counts. The value of the lead is not used then.
"""

from typing import Any

from django.db import connection

from crm.platform.tenancy.context import required_tenant_id

# Number, sum of the values, and sum of their squares.
Weight = tuple[int, float, float]
Weights = dict[tuple[int, str], Weight]

# Quotes by quote_open_of_job.
_QUOTED = """
select job.stage_id, job.currency, quote.currency, count(*), coalesce(sum(job.value), 0)::bigint,
    coalesce(sum(job.value::double precision * job.value), 0), sum(quote.worth)::bigint,
    sum(quote.worth::double precision * quote.worth)
from (
    select distinct on (job_id) job_id, currency, coalesce(chosen_net, net) as worth from quotes_quote
    where tenant_id = %s and state = 'sent' order by job_id, sent_at desc
) as quote
join ({rows}) as job on job.id = quote.job_id
where job.stage_id is not null
group by 1, 2, 3"""


def count_open_quotes(open_jobs: Any, weights: Weights) -> Weights:
    """Put the totals of open quotes in the place of typed values; return those totals. One statement.

    Both are by step and currency. A lead whose quote is in another currency counts in that one.
    """
    quoted: Weights = {}
    for stage, typed_in, currency, count, value, squares, worth, worth_squares in _read_rows(open_jobs):
        _add_weight(weights, (stage, typed_in), (-count, -value, -squares))
        _add_weight(weights, (stage, currency), (count, worth, worth_squares))
        _add_weight(quoted, (stage, currency), (count, worth, worth_squares))
    return quoted


def _read_rows(open_jobs: Any) -> list[Any]:
    rows = open_jobs.order_by().values("id", "stage_id", "currency", "value")
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_QUOTED.format(rows=sql), [required_tenant_id(), *values])
        return list(cursor.fetchall())


def _add_weight(weights: Weights, key: tuple[int, str], added: Weight) -> None:
    before = weights.get(key, (0, 0.0, 0.0))
    weights[key] = (before[0] + added[0], before[1] + added[1], before[2] + added[2])
