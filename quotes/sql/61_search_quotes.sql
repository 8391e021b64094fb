-- Search in the titles of quotes. Reviewed: LIKE is not leakproof, so under a policy the index would not be used
-- (docs/rules.md#tenancy); here the tenant's predicate stands in the query. Who may see what it finds is asked
-- afterwards (Quote.objects.visible_to).

-- The `few` quotes changed last whose title has each of these words. words: in small letters, longest first.
create or replace function quotes_found(words text[], few integer)
returns table (quote_id bigint)
language plpgsql stable security definer parallel safe rows 100
set search_path = public, pg_temp
set plan_cache_mode = 'force_custom_plan' as $$
declare
    tenant bigint := app_tenant_id();
    patterns text[] := array(
        select '%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%'
        from unnest(words) with ordinality given(word, nth) order by nth);
    -- The index finds several words together, but only as conditions of their own; two letters make no trigram.
    long text[] := array(select pattern from unnest(patterns) with ordinality given(pattern, nth)
                         where length(words[nth]) >= 3 order by nth);
    one text := patterns[1];
    two text := long[2];
    three text := long[3];
begin
    return query
    select quote.id from quotes_quote quote
    where quote.tenant_id = tenant and lower(quote.title) like one and (two is null or lower(quote.title) like two)
        and (three is null or lower(quote.title) like three) and lower(quote.title) like all (patterns)
    order by quote.changed_at desc, quote.id desc limit few;
end
$$;
