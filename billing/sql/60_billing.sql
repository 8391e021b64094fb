-- The rules of the books that no code of the app can pass by.

-- The lines of an entry sum to zero in each currency. Definer: at the commit no tenant need be in use any more.
create or replace function billing_entry_balances() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    entry bigint := case when tg_table_name = 'billing_ledgerentry' then (to_jsonb(new)->>'id')::bigint
                         else (to_jsonb(new)->>'entry_id')::bigint end;
begin
    if not exists (select from billing_ledgerline where tenant_id = new.tenant_id and entry_id = entry) then
        raise exception 'ledger entry % has no lines', entry using errcode = 'check_violation';
    end if;
    if exists (select from billing_ledgerline where tenant_id = new.tenant_id and entry_id = entry
               group by currency having sum(amount) <> 0) then
        raise exception 'ledger entry % does not sum to zero', entry using errcode = 'check_violation';
    end if;
    return null;
end
$$;
revoke execute on function billing_entry_balances() from public;

-- Of what was issued only what happens to it later changes. Arguments: what it is called, and the columns that change.
create or replace function billing_issued_is_frozen() returns trigger
language plpgsql as $$
declare
    later text[] := string_to_array(tg_argv[1], ' ');
begin
    if old.state <> 'draft' and (to_jsonb(old) - later) is distinct from (to_jsonb(new) - later) then
        raise exception '% % is issued and does not change', tg_argv[0], old.number using errcode = 'check_violation';
    end if;
    if old.state <> 'draft' and new.state = 'draft' then
        raise exception '% % is issued', tg_argv[0], old.number using errcode = 'check_violation';
    end if;
    return new;
end
$$;

-- So do its lines. Arguments: what it is called, its table, and the column of its lines that refers to it.
-- The owner of the tables removes a whole tenant.
create or replace function billing_lines_are_frozen() returns trigger
language plpgsql as $$
declare
    line jsonb := to_jsonb(case when tg_op = 'DELETE' then old else new end);
    is_issued boolean;
begin
    if current_user = 'crm_app' then
        execute format('select exists (select from %I where tenant_id = $1 and id = $2 and state <> ''draft'')',
                       tg_argv[1])
            into is_issued using (line->>'tenant_id')::bigint, (line->>tg_argv[2])::bigint;
        if is_issued then
            raise exception 'the lines of an issued % do not change', tg_argv[0] using errcode = 'check_violation';
        end if;
    end if;
    if tg_op = 'DELETE' then
        return old;
    end if;
    return new;
end
$$;

-- What was issued is not deleted. Argument: what it is called.
create or replace function billing_issued_stays() returns trigger
language plpgsql as $$
begin
    if current_user = 'crm_app' and old.state <> 'draft' then
        raise exception '% % is issued and is not deleted', tg_argv[0], old.number using errcode = 'check_violation';
    end if;
    return old;
end
$$;

do $$
begin
    if to_regclass('billing_ledgerline') is null then
        return;
    end if;
    if not exists (select from pg_trigger where tgname = 'ledger_line_balances') then
        create constraint trigger ledger_line_balances after insert on billing_ledgerline
            deferrable initially deferred for each row execute function billing_entry_balances();
        create constraint trigger ledger_entry_balances after insert on billing_ledgerentry
            deferrable initially deferred for each row execute function billing_entry_balances();
    end if;
    -- The customer of an invoice changes when two are merged.
    create or replace trigger invoice_is_frozen before update on billing_invoice
        for each row execute function billing_issued_is_frozen(
            'invoice', 'state paid open version person_id paid_at disputed_at dispute_words sent_at');
    create or replace trigger invoice_stays before delete on billing_invoice
        for each row execute function billing_issued_stays('invoice');
    create or replace trigger invoice_lines_are_frozen before insert or update or delete on billing_invoiceline
        for each row execute function billing_lines_are_frozen('invoice', 'billing_invoice', 'invoice_id');
end
$$;
