"""Find duplicate persons: pairs that share a verified contact point, or a name and a number, address or home.

People are checked in shares, new ones soon, all of them every night. Suggestions only: nothing merges by itself.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from crm.kernel import clock
from crm.people.models import DuplicateCandidate, Person
from crm.platform.database.bulk_write import insert_all
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work.runs.walks import Walk

# How many may share an address or number before it says nothing of any of them.
CROWD = 5
# Trigram similarity from which names are alike: "Jon Smith" and "John Smith" are, "Ann Smith" and "Bob Smith" are not.
ALIKE = 0.5

_PAIRS = """
with asked as materialized (
    select id, name_key from people_person
    where tenant_id = %(tenant)s and id = any(%(people)s) and merged_into_id is null
), shared(me, name_key, them, rank) as (
    select a.id, a.name_key, b.person_id,
           case when p.verified_at is not null or b.verified_at is not null then 1
                when p.kind = 'phone' then 2 else 3 end
    from asked a
    join people_contactpoint p on p.tenant_id = %(tenant)s and p.person_id = a.id
    join lateral (
        select few.*, count(*) over () as many from (
            select person_id, verified_at from people_contactpoint
            where tenant_id = %(tenant)s and kind = p.kind and value = p.value limit %(crowd)s + 1) few
    ) b on b.person_id <> a.id and b.many <= %(crowd)s
    union all
    select a.id, a.name_key, theirs.person_id, 4
    from asked a
    join jobs_job mine on mine.tenant_id = %(tenant)s and mine.person_id = a.id
    join people_property here on here.tenant_id = %(tenant)s and here.id = mine.site_id and here.address_key <> ''
    join lateral (
        select job.person_id from people_property there
        join jobs_job job on job.tenant_id = %(tenant)s and job.site_id = there.id
        where there.tenant_id = %(tenant)s and there.address_key = here.address_key
            and job.person_id <> a.id limit 4 * %(crowd)s
    ) theirs on true
)
select least(s.me, s.them), greatest(s.me, s.them), min(s.rank) from shared s
join people_person t on t.tenant_id = %(tenant)s and t.id = s.them and t.merged_into_id is null
where s.rank = 1 or similarity(s.name_key, t.name_key) >= %(alike)s
group by 1, 2 order by 1, 2
"""
_REASONS = {
    1: DuplicateCandidate.DuplicateReason.POINT,
    2: DuplicateCandidate.DuplicateReason.PHONE,
    3: DuplicateCandidate.DuplicateReason.EMAIL,
    4: DuplicateCandidate.DuplicateReason.ADDRESS,
}


def look_at(people: Sequence[int]) -> int:
    """Save the undecided pairs these people are part of. Returns their number, known ones included."""
    parameters: dict[str, Any] = {
        "tenant": required_tenant_id(),
        "people": list(people),
        "crowd": CROWD,
        "alike": ALIKE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, parameters)
        pairs = cursor.fetchall()
    found_at = clock.now()
    rows = [
        {"one_id": one, "other_id": other, "reason": _REASONS[rank], "found_at": found_at} for one, other, rank in pairs
    ]
    insert_all(DuplicateCandidate, rows, ignore_conflicts=True)
    return len(rows)


walk = Walk("people.look_at_new", "people.look_at_all", Person, look_at)


def keep_looking() -> None:
    """Schedule the tenant's checks, including a nightly check of everybody, as contact points are added later."""
    walk.begin()
