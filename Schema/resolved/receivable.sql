-- after: settle_lines
-- What of each invoice is due, has come in and is paid out, per line and kind of amount.

create table if not exists resolved.receivable (
    seller_id            integer not null,
    recipient_account_id text,
    invoice_id           text,
    line_key             text    not null,
    currency             text,
    bucket               text,
    is_refund            boolean,
    product_id           text,
    agreement_id         text,
    buyer_invoice_date   timestamptz,
    invoice_date         timestamptz,
    due_at               timestamptz,
    invoiced             numeric,
    forgiven             numeric,
    collected            numeric,
    disbursed            numeric,
    failed               numeric,
    paid_again           numeric,
    last_collected_at    timestamptz,
    last_disbursed_at    timestamptz,
    due                  numeric,
    received             numeric
);

-- Without a key, because parts of what tells rows apart can be null: where the table is published
-- (FOR ALL TABLES), what is deleted is told by all of its columns.
alter table resolved.receivable replica identity full;
alter table resolved.receivable add column if not exists other numeric;

create index if not exists receivable_line_key_idx on resolved.receivable (seller_id, line_key);
create index if not exists receivable_invoice_id_idx on resolved.receivable (seller_id, invoice_id);

comment on table resolved.receivable is
    'One row per invoice, line, currency and kind of amount: what is due, what came in, what was paid out. Amounts are signed as in the feed: a fee is due, comes in and is paid out as a negative amount.';
select resolved.describe_like('resolved.receivable', array['resolved.settlement'::regclass]);
comment on column resolved.receivable.buyer_invoice_date is
    'Instant (UTC) of the buyer''s invoice.';
comment on column resolved.receivable.invoice_date is
    'Instant (UTC) of the first entry that was invoiced.';
comment on column resolved.receivable.due_at is
    'Instant (UTC) by which the buyer should pay.';
comment on column resolved.receivable.invoiced is
    'What was invoiced.';
comment on column resolved.receivable.forgiven is
    'What was written off; of the opposite sign.';
comment on column resolved.receivable.collected is
    'What came in, as AWS tells it since January 2026; null where it tells nothing.';
comment on column resolved.receivable.disbursed is
    'What payouts that stand have paid.';
comment on column resolved.receivable.failed is
    'What payouts paid that then failed.';
comment on column resolved.receivable.paid_again is
    'Of disbursed, what was paid after it had failed.';
comment on column resolved.receivable.last_collected_at is
    'Instant (UTC) at which money last came in.';
comment on column resolved.receivable.last_disbursed_at is
    'Instant (UTC) of the last payout that stands.';
comment on column resolved.receivable.due is
    'invoiced + forgiven + other.';
comment on column resolved.receivable.other is
    'What entries came to whose action nobody knows, where AWS says that they count.';
comment on column resolved.receivable.received is
    'What has come in as far as is known: what was collected, and what payouts show to have come in without AWS telling so.';

-- The lines of pg_temp.resolved_touched_line, as resolved.settle_lines() has added them up.
create or replace function resolved.store_receivables() returns void
    language plpgsql
as $$
begin
    delete from resolved.receivable r using pg_temp.resolved_touched_line t
    where r.seller_id = t.seller_id and r.line_key = t.line_key;
    insert into resolved.receivable
    select i.seller_id, i.recipient_account_id, i.invoice_id, i.line_key, i.currency, i.bucket,
        i.is_refund, i.product_id, i.agreement_id, i.buyer_invoice_date, i.invoice_date, i.due_at,
        i.invoiced, i.forgiven, i.collected, i.disbursed, i.failed, i.paid_again,
        i.last_collected_at, i.last_disbursed_at, i.due,
        case when i.bucket = 'balance_adjustment' then i.due
            else coalesce(i.collected, 0) + coalesce(r.received, 0) end,
        i.other
    from pg_temp.resolved_item i
    left join (
        select item, sum(received) as received from pg_temp.resolved_receipt group by item
    ) as r using (item);
end
$$;

comment on function resolved.store_receivables() is
    'Brings resolved.receivable up to date for the lines that marketplace.refresh has found touched.';
