-- after: settle_lines, month_of, describe
-- resolved.settlement, worked out once when an entry's line is touched, for all that add it up, with
-- what came in by each entry.

create table if not exists resolved.settled_entry (
    like resolved.settlement,
    received numeric,
    -- By what comes in order, and not by billing_event_id: keys without order touch a page each.
    constraint settled_entry_pkey primary key (version_id, line)
);

alter table resolved.settled_entry
    add column if not exists is_known_action boolean,
    add column if not exists unknown_name text,
    add column if not exists booked_at timestamptz,
    add column if not exists failed_at timestamptz,
    add column if not exists paid_amount numeric,
    add column if not exists paid_currency text,
    add column if not exists has_paid_amount boolean,
    add column if not exists received numeric;

create index if not exists settled_entry_line_key_idx
    on resolved.settled_entry (seller_id, line_key);
create index if not exists settled_entry_unknown_idx
    on resolved.settled_entry (seller_id, invoice_id) where unknown_name is not null;
create index if not exists settled_entry_payout_idx
    on resolved.settled_entry (seller_id, disbursement_billing_event_id)
    where disbursement_billing_event_id is not null;
create index if not exists settled_entry_month_idx
    on resolved.settled_entry (resolved.month_of(booked_at), seller_id);
-- What is booked in another month than that of its invoice: write-offs, for the most part.
create index if not exists settled_entry_moved_idx on resolved.settled_entry (seller_id)
    where (action is null or action not in ('COLLECTED', 'DISBURSED')) and amount <> 0
        and resolved.month_of(booked_at) is distinct from resolved.month_of(invoice_date);
create index if not exists settled_entry_failed_month_idx
    on resolved.settled_entry (resolved.month_of(failed_at), seller_id) where is_failed;

comment on table resolved.settled_entry is
    'resolved.settlement, kept up to date by marketplace.refresh, with what came in by each entry.';
select resolved.describe_like('resolved.settled_entry', array['resolved.settlement'::regclass]);
comment on column resolved.settled_entry.received is
    'What came in by the entry, with the sign of amount: what was collected; of a line of a payout, what came in without AWS telling so; a balance adjustment comes in at once.';

-- The lines of pg_temp.resolved_touched_line, as resolved.settle_lines() has settled them.
create or replace function resolved.store_settled_entries() returns void
    language plpgsql
as $$
begin
    delete from resolved.settled_entry s using pg_temp.resolved_touched_line t
    where s.seller_id = t.seller_id and s.line_key = t.line_key;
    insert into resolved.settled_entry
    select s.*, resolved.received_by(s.action, s.bucket, s.amount, r.received)
    from pg_temp.resolved_settled s
    left join pg_temp.resolved_receipt r on r.version_id = s.version_id and r.line = s.line;
end
$$;

comment on function resolved.store_settled_entries() is
    'Brings resolved.settled_entry up to date for the lines that marketplace.refresh has found touched.';
