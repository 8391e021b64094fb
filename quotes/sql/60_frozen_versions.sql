-- A version of a quote that was sent stays as the customer saw it: the app's login can't change it, its options or its
-- lines. Its introduction may be blanked, when a person is erased.
create or replace function refuse_change_of_sent_version() returns trigger
language plpgsql as $$
begin
    if current_user <> 'crm_app' or old.sent_at is null then
        return coalesce(new, old);
    end if;
    if tg_op = 'UPDATE' and new.intro in ('', old.intro) and to_jsonb(new) - 'intro' = to_jsonb(old) - 'intro' then
        return new;
    end if;
    raise exception 'a version of a quote that was sent is not changed' using errcode = 'check_violation';
end
$$;

create or replace function refuse_change_of_sent_content() returns trigger
language plpgsql as $$
declare
    version bigint := case when tg_op = 'INSERT' then new.version_id else old.version_id end;
begin
    if current_user = 'crm_app' and exists (
        select from quotes_quoteversion where id = version and sent_at is not null
    ) then
        raise exception 'the content of a quote that was sent is not changed' using errcode = 'check_violation';
    end if;
    return coalesce(new, old);
end
$$;

do $$ begin
    if to_regclass('quotes_quoteversion') is not null then
        create or replace trigger sent_version_is_frozen before update or delete on quotes_quoteversion
            for each row execute function refuse_change_of_sent_version();
        create or replace trigger sent_content_is_frozen before insert or update or delete on quotes_quoteoption
            for each row execute function refuse_change_of_sent_content();
        create or replace trigger sent_content_is_frozen before insert or update or delete on quotes_quoteline
            for each row execute function refuse_change_of_sent_content();
    end if;
end $$;
