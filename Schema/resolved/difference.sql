-- after: settled_entry, receivable, billing_line, line_event
-- Where AWS's reports and the journal differ, entry by entry and with the cause.

create table if not exists resolved.difference (
    seller_id            integer not null,
    line_key             text    not null,
    comparison           text    not null,
    cause                text    not null,
    recipient_account_id text,
    currency             text,
    month                date,
    left_amount          numeric not null,
    right_amount         numeric not null,
    invoice_id           text,
    product_id           text,
    agreement_id         text,
    disbursement_id      text,
    billing_event_id     text,
    version_id           bigint,
    line                 bigint
);

-- Without a key, as resolved.receivable.
alter table resolved.difference replica identity full;

create index if not exists difference_line_key_idx
    on resolved.difference (seller_id, line_key);
create index if not exists difference_month_idx on resolved.difference (month, seller_id);

comment on table resolved.difference is
    'Where AWS''s reports and the journal differ, kept up to date by marketplace.refresh: one row per entry and cause. marketplace.reconciliation_item explains them.';
select resolved.describe_like('resolved.difference', array['resolved.settled_entry'::regclass]);
comment on column resolved.difference.comparison is
    'What is compared: billed, collected or disbursed.';
comment on column resolved.difference.cause is
    'Why they differ.';
comment on column resolved.difference.month is
    'Month (UTC) whose figures it is part of; null: of no month.';
comment on column resolved.difference.left_amount is
    'What of it is in the report.';
comment on column resolved.difference.right_amount is
    'What of it is in the journal.';
comment on column resolved.difference.disbursement_id is
    'The payout.';

-- What an entry adds to the net amount of its line in AWS's reports.
create or replace function resolved.net_of(
    kind text, transaction_type text, counts boolean, amount numeric
) returns numeric
    language sql immutable parallel safe
    return case
        when kind is null or amount is null then 0
        when transaction_type like 'AWS_TAX%' and not counts then 0
        else round(amount, 6)
    end;

comment on function resolved.net_of(text, text, boolean, numeric) is
    'What an entry adds to the net amount of its line in AWS''s reports: taxes that AWS remits only where they count, types that nobody knows nothing.';

create or replace function resolved.note_differences() returns void
    language plpgsql
as $$
begin
    delete from resolved.difference d using pg_temp.resolved_touched_line t
    where d.seller_id = t.seller_id and d.line_key = t.line_key;
    drop table if exists pg_temp.resolved_piece;
    create temporary table resolved_piece (like resolved.difference) on commit drop;
    perform resolved.compare_billed();
    perform resolved.compare_disbursed();
    insert into resolved.difference
    select p.seller_id, p.line_key, p.comparison, p.cause, p.recipient_account_id, p.currency,
        p.month, sum(p.left_amount), sum(p.right_amount), p.invoice_id, o.product_id,
        o.agreement_id, p.disbursement_id, o.billing_event_id, o.version_id, o.line
    from pg_temp.resolved_piece p
    -- What is only in another month is told per invoice.
    left join lateral (
        select p.product_id, p.agreement_id, p.billing_event_id, p.version_id, p.line
        where p.cause <> 'other_month'
    ) as o on true
    group by p.seller_id, p.line_key, p.comparison, p.cause, p.recipient_account_id, p.currency,
        p.month, p.invoice_id, o.product_id, o.agreement_id, p.disbursement_id,
        o.billing_event_id, o.version_id, o.line
    having sum(p.left_amount) <> sum(p.right_amount);
end
$$;

comment on function resolved.note_differences() is
    'Brings resolved.difference up to date for the lines that marketplace.refresh has found touched.';
