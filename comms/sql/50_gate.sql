-- What the gate knows of many recipients, in one round trip and with plans that are kept: most of what a single decision
-- costs is asking and planning. Runs with the caller's rights, under the policies (comms/gate/known.py reads it).
create or replace function gate_facts(
    keys text[], people bigint[], jobs bigint[], addresses text[], messages bigint[],
    at_now timestamptz, heard_since timestamptz, sent_since timestamptz
)
returns table (suppressions json, switches json, consents json, preferences json, heard json, sent json, works json,
               tries json)
language plpgsql stable parallel safe
set plan_cache_mode = 'force_generic_plan' as $$
begin
    return query select
        (select json_agg(json_build_array(s.id, s.key, s.person_id, s.medium, s.brand_id, s.reason, s.covers, s.at)
                         order by s.id)
         from comms_suppression s
         where s.lifted_at is null and (s.key = any(keys) or s.person_id = any(people))),
        (select json_agg(json_build_array(k.id, k.brand_id, k.channel_id, k.person_id, k.purpose, k.reason, k.at, k.by_id,
                                          k.until) order by k.id)
         from comms_killswitch k where k.ended_at is null and (k.until is null or k.until > at_now)),
        (select json_agg(json_build_array(c.id, c.key, c.medium, c.purpose, c.brand_id, c.given, c.wording_version, c.at))
         from (select distinct on (o.key, o.medium, o.purpose, o.brand_id) o.* from comms_consent o
               where o.key = any(keys) order by o.key, o.medium, o.purpose, o.brand_id, o.id desc) c),
        (select json_agg(json_build_array(p.key, p.brand_id, p.weekly_limit, p.time_zone,
                                          p.quiet_from, p.quiet_until))
         from comms_contactpreference p where p.key = any(keys)),
        (select json_agg(json_build_array(h.address, h.channel_id, h.last))
         from (select m.address, m.channel_id, max(m.at) as last from comms_message m
               where m.address = any(addresses) and m.at > heard_since and m.direction = 'in' and m.automatic = ''
               group by m.address, m.channel_id) h),
        (select json_agg(json_build_array(m.address, m.person_id, coalesce(m.sent_at, m.at), m.medium, m.purpose,
                                          v.template_id, m.job_id, m.automatic, m.occasion) order by m.id)
         from (select o.* from comms_message o
               where o.address = any(addresses) and o.at > sent_since and o.direction = 'out'
                   and o.state in ('sending', 'sent', 'unknown')
               union all
               select o.* from comms_message o
               where o.person_id = any(people) and o.at > sent_since and o.direction = 'out'
                   and o.state in ('sending', 'sent', 'unknown') and not o.address = any(addresses)) m
         left join comms_templateversion v on v.id = m.template_version_id),
        (select json_agg(json_build_array(j.id, j.person_id, j.state, j.ended_at, j.priority, coalesce(p.country, ''),
                                          coalesce(p.region, ''), coalesce(p.postcode, '')) order by j.id)
         from jobs_job j left join people_property p on p.id = j.site_id
         where j.person_id = any(people) or j.id = any(jobs)),
        (select json_agg(json_build_array(d.message_id, d.count))
         from (select o.message_id, count(*) from comms_decision o where o.message_id = any(messages)
               group by o.message_id) d);
end
$$;
