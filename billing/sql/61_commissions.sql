-- A commission statement that was issued doesn't change; only that it was sent and paid is noted.
create or replace function billing_statement_is_frozen() returns trigger
language plpgsql as $$
declare
    later text[] := array['state', 'version', 'sent_at', 'paid_at', 'paid_by_id'];
begin
    if old.state <> 'draft' and (to_jsonb(old) - later) is distinct from (to_jsonb(new) - later) then
        raise exception 'statement % is issued and does not change', old.number using errcode = 'check_violation';
    end if;
    if old.state <> 'draft' and new.state = 'draft' then
        raise exception 'statement % is issued', old.number using errcode = 'check_violation';
    end if;
    return new;
end
$$;

-- So do its lines. The owner of the tables removes a whole tenant.
create or replace function billing_statement_lines_are_frozen() returns trigger
language plpgsql as $$
declare
    line jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
begin
    if current_user = 'crm_app' and exists (
        select from billing_commissionstatement where tenant_id = (line->>'tenant_id')::bigint
            and id = (line->>'statement_id')::bigint and state <> 'draft'
    ) then
        raise exception 'the lines of an issued statement do not change' using errcode = 'check_violation';
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end
$$;

create or replace function billing_issued_statement_stays() returns trigger
language plpgsql as $$
begin
    if current_user = 'crm_app' and old.state <> 'draft' then
        raise exception 'statement % is issued and is not deleted', old.number using errcode = 'check_violation';
    end if;
    return old;
end
$$;

do $$
begin
    if to_regclass('billing_commissionline') is null then
        return;
    end if;
    if not exists (select from pg_trigger where tgname = 'statement_is_frozen') then
        create trigger statement_is_frozen before update on billing_commissionstatement
            for each row execute function billing_statement_is_frozen();
        create trigger statement_stays before delete on billing_commissionstatement
            for each row execute function billing_issued_statement_stays();
        create trigger statement_lines_are_frozen before insert or update or delete on billing_commissionline
            for each row execute function billing_statement_lines_are_frozen();
    end if;
end
$$;
