"""SQL that makes the rows of a big tenant in the database. Sending them by COPY costs what Python needs to write them.

Everything follows from the row's number `n` by a hash, so the same call gives the same rows.
Parameters: tenant, first_* (the id before the first), count, now, and the word lists of words.py.
"""

from demo.scale.templates import COLUMNS

# A number below `size`, different for each salt.
PICK = "abs(mod(hashint8extended({n}, {salt}), {size}))"


def pick(salt: int, size: str, n: str = "n") -> str:
    return PICK.format(n=n, salt=salt, size=size)


def word(words: str, salt: int) -> str:
    return f"(%({words})s::text[])[1 + {pick(salt, f'cardinality(%({words})s::text[])')}]"


PEOPLE = f"""
insert into people_person (id, tenant_id, uid, name, name_key, company_id, language, created_at)
select %(first_person)s + n, %(tenant)s, uuidv7(),
       {word("firsts", 1)} || ' ' || {word("fronts", 2)} || {word("backs", 3)},
       {word("first_keys", 1)} || ' ' || lower({word("fronts", 2)} || {word("backs", 3)}),
       null, 'en', %(now)s - interval '1 minute' * {pick(4, "1000000")}
from generate_series(1, %(count)s) n"""

# `secrets.address_fingerprint(value)`, as the database computes it.
FINGERPRINT = """encode(sha256(%(outer)s::bytea || sha256(%(inner)s::bytea || convert_to(
           tenant_id || ':' || upper(encode(convert_to(lower(value), 'UTF8'), 'hex')), 'UTF8'))), 'hex')"""

EMAILS = f"""
insert into people_contactpoint (tenant_id, person_id, kind, value, fingerprint, note, source, created_at)
select tenant_id, id, 'email', value, {FINGERPRINT}, '', 'import', created_at
from people_person
cross join lateral (select replace(name_key, ' ', '.') || id - %(first_person)s || '@example.com' as value) address
where tenant_id = %(tenant)s and id > %(first_person)s and id %% 10 <> 0"""

PHONES = f"""
insert into people_contactpoint (tenant_id, person_id, kind, value, fingerprint, note, source, created_at)
select tenant_id, id, 'phone', value, {FINGERPRINT}, '', 'import', created_at
from people_person
cross join lateral (select '+1' || (%(area_codes)s::text[])[1 + (id - %(first_person)s) / 10000] || '555'
                           || lpad(((id - %(first_person)s) %% 10000)::text, 4, '0') as value) number
where tenant_id = %(tenant)s and id > %(first_person)s and id %% 7 <> 0
     and (id - %(first_person)s) / 10000 < cardinality(%(area_codes)s::text[])"""

PLACES = f"""
insert into people_property (id, tenant_id, uid, street, postcode, city, region, country, address_key, created_at)
select %(first_place)s + n, %(tenant)s, uuidv7(), house || ' ' || street, (%(postcodes)s::text[])[town],
       (%(towns)s::text[])[town], 'FL', 'US',
       house || ' ' || lower(street) || ' ' || (%(postcodes)s::text[])[town] || ' ' || (%(town_keys)s::text[])[town],
       %(now)s
from (select n, 100 + {pick(5, "9900")} house, {word("streets", 6)} street,
             1 + {pick(7, "cardinality(%(towns)s::text[])")} town
      from generate_series(1, %(count)s) n) row"""

# Where a running clock counts the calendar it is moved by up to half a percent of its allowance, into the past:
# no level changes by it, and no two jobs are due at the same instant.
MOVED = {
    "clock_started_at": "t.clock_started_at - shift",
    "warn_at": "t.warn_at - shift",
    "due_at": "t.due_at - shift",
    "far_at": "t.far_at - shift",
    # Ended jobs sort newest first within an ascending index (crm/jobs/clock/clocked.py).
    "sort_at": "case when t.state = 'open' then t.sort_at - shift else y2000 - (ended - y2000) end",
}

_copied = ", ".join(MOVED.get(column, f"t.{column}") for column in COLUMNS)

JOBS = f"""
insert into jobs_job (id, tenant_id, {", ".join(COLUMNS)}, number, title, place, member_id, person_id, site_id,
    source_id, value, currency, came_in_at, entered_at, ended_at, ended_reason, next_step_at, next_step_kind,
    next_step_label, waiting_since, unread_count, unread_channel, touched_at)
select %(first_job)s + n, %(tenant)s, {_copied}, 1000 + n, person.name, site.city,
       case when {pick(11, "100")} < 97
            then (%(members)s::bigint[])[1 + {pick(12, "cardinality(%(members)s::bigint[])")}] end,
       person.id, site.id, (%(sources)s::bigint[])[1 + {pick(13, "cardinality(%(sources)s::bigint[])")}],
       case when t.stage_id is not null then 50000 + 100 * {pick(14, "40000")} end, 'USD',
       case when t.state = 'open' then t.clock_started_at - shift - interval '1 hour' * {pick(15, "900")}
            else ended - interval '1 hour' * (24 + {pick(15, "900")}) end,
       case when t.state = 'open' then t.clock_started_at - shift else ended - interval '20 hours' end,
       case when t.state <> 'open' then ended end,
       case t.state when 'lost' then {word("reasons", 16)} when 'dropped' then 'Double' else '' end,
       case when planned then %(now)s + interval '1 hour' * ({pick(17, "400")} - 100) end,
       case when planned then lower({word("step_kinds", 18)}) else '' end,
       case when planned then {word("step_kinds", 18)} else '' end,
       case when wrote then %(now)s - interval '1 minute' * {pick(19, "3000")} end,
       case when wrote then 1 + {pick(20, "3")} else 0 end,
       case when wrote then {word("channels", 21)} else '' end,
       case when t.stage_id is not null then %(now)s - interval '1 hour' * {pick(22, "2000")} end
from (select n, 1 + {pick(8, "%(templates)s")} template, timestamptz '2000-01-01Z' y2000,
             %(now)s - interval '1 second' * {pick(9, "63072000")} ended,
             {pick(10, "5000")} / 1000000.0 part
      from generate_series(1, %(count)s) n) row
join job_template t on t.example = row.template
cross join lateral (select
    case when t.calendar_id is null and t.due_at is not null then interval '1 second' * (t.allowed * part)
         else interval '0' end shift,
    t.state = 'open' and {pick(23, "10")} < 7 planned,
    t.state = 'open' and t.side = 'us' and {pick(24, "100")} < 15 wrote
) own
join people_person person on person.tenant_id = %(tenant)s and person.id = %(first_person)s + row.n
join people_property site on site.tenant_id = %(tenant)s and site.id = %(first_place)s + row.n
order by row.n"""

LEADS = """
insert into leads_lead (tenant_id, job_id, rep_id, cost, external_id, won_at)
select tenant_id, id, member_id, case when id %% 3 = 0 then 5000 + id %% 20000 end, '',
       case when state = 'done' then ended_at - interval '10 days' end
from jobs_job where tenant_id = %(tenant)s and id > %(first_job)s"""

# Nine of ten were answered, most of those within a quarter of an hour.
CONTACTS = f"""
insert into leads_firstcontact (tenant_id, job_id, opened_at, allowed, due_at, contacted_at, channel, seconds,
    member_id, offered_to, rung)
select tenant_id, id, came_in_at, 900, came_in_at + interval '15 minutes', came_in_at + interval '1 second' * took,
       case when took is null then '' else 'call' end, took, member_id, '[]', 0
from jobs_job
cross join lateral (select case when {pick(31, "10", "id")} < 9 then
    case when {pick(32, "10", "id")} < 8 then 30 + {pick(33, "900", "id")} else 900 + {pick(34, "28800", "id")} end
    end as took) contact
where tenant_id = %(tenant)s and id > %(first_job)s"""

# Four of five were lost for a reason: a gap, days, or a rival, as each asks.
LOSSES = f"""
insert into jobs_lostcase (tenant_id, job_id, ended_at, reason_id, part_id, gap, offered, wanted, rival, note)
select job.tenant_id, job.id, ended_at, reason.id, null,
       case reason.asks when 'gap' then 10000 + 100 * {pick(36, "4000", "job.id")} end,
       case reason.asks when 'days' then ended_at::date + {pick(37, "40", "job.id")}::int end,
       case reason.asks when 'days' then ended_at::date end,
       case reason.asks when 'rival' then {word("fronts", 38)} || ' Roofs' else '' end, ''
from jobs_job job cross join lateral (select job.id as n) row
join (select *, row_number() over (order by id) - 1 as place, count(*) over () as reasons from jobs_lostreason
      where tenant_id = %(tenant)s and ends = 'lost' and parent_id is null) reason
    on reason.place = {pick(35, "reason.reasons", "job.id")}
where job.tenant_id = %(tenant)s and job.id > %(first_job)s and state = 'lost' and {pick(39, "5", "job.id")} < 4"""

PARTIES = """
insert into jobs_jobparty (tenant_id, job_id, person_id, role)
select tenant_id, id, person_id, 'customer' from jobs_job where tenant_id = %(tenant)s and id > %(first_job)s"""

# The present or last stay of each job; stays before it are in `past` alone.
VISITS = """
insert into jobs_stagevisit (tenant_id, job_id, stage_id, entered_at, left_at, actor_id, cause, used, allowed, level)
select tenant_id, id, stage_id, entered_at, ended_at, member_id, '', clock_used, allowed,
       case when ended_at is not null then 4 end
from jobs_job where tenant_id = %(tenant)s and id > %(first_job)s"""

DUE = """
insert into platform_due (tenant_id, kind, subject_id, key, due_at, run_at, attempts, last_error)
select tenant_id, 'job.clock', id, 'job.clock:' || id, at, at, 0, ''
from (select tenant_id, id, case when side = 'paused' then pause_ends_at
                                 when warn_at > %(now)s then warn_at
                                 when due_at > %(now)s then due_at
                                 when far_at > %(now)s then far_at end at
      from jobs_job where tenant_id = %(tenant)s and id > %(first_job)s and state = 'open') next
where at is not null"""

NUMBERS = """
insert into platform_numberblock (tenant_id, kind, next) values (%(tenant)s, 'job', 1001 + %(count)s)"""

ALL = (PEOPLE, EMAILS, PHONES, PLACES, JOBS, LEADS, CONTACTS, LOSSES, PARTIES, VISITS, DUE, NUMBERS)
TABLES = (
    "people_person",
    "people_contactpoint",
    "people_property",
    "jobs_job",
    "leads_lead",
    "leads_firstcontact",
    "jobs_lostcase",
    "jobs_jobparty",
    "jobs_stagevisit",
    "platform_due",
)
