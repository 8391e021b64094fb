-- Whom a program acts as, before any tenant is known. Reviewed: returns only the place of the token whose hash is
-- asked for, if it is neither revoked nor expired, its member is active and its tenant not suspended.

-- An earlier version returned fewer columns.
drop function if exists api_token_of(text, timestamptz);
create or replace function api_token_of(asked text, at timestamptz)
returns table (token_id bigint, tenant_id bigint, config_version integer, member_id bigint, scopes text[], last_used_at timestamptz)
language sql stable security definer parallel safe set search_path = public, pg_temp as $$
    select token.id, tenant.id, tenant.config_version, member.id, token.scopes::text[], token.last_used_at
    from api_apitoken token
    join platform_tenant tenant on tenant.id = token.tenant_id
    join platform_member member on member.id = token.member_id and member.tenant_id = token.tenant_id
    where token.digest = asked and token.revoked_at is null and (token.expires_at is null or token.expires_at > at)
        and member.active and tenant.suspended_at is null
$$;
revoke execute on function api_token_of(text, timestamptz) from public;
