-- A commission statement that was issued doesn't change; only that it was sent and paid is noted. See 60_billing.sql.
do $$
begin
    if to_regclass('billing_commissionline') is null then
        return;
    end if;
    create or replace trigger statement_is_frozen before update on billing_commissionstatement
        for each row execute function billing_issued_is_frozen(
            'statement', 'state version sent_at paid_at paid_by_id');
    create or replace trigger statement_stays before delete on billing_commissionstatement
        for each row execute function billing_issued_stays('statement');
    create or replace trigger statement_lines_are_frozen before insert or update or delete on billing_commissionline
        for each row execute function billing_lines_are_frozen(
            'statement', 'billing_commissionstatement', 'statement_id');
end
$$;

-- What earlier versions had instead.
drop function if exists billing_invoice_is_frozen(), billing_statement_is_frozen(),
    billing_statement_lines_are_frozen(), billing_issued_statement_stays();
