-- after: settlement, describe
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
    add column if not exists received numeric;

create index if not exists settled_entry_line_key_idx
    on resolved.settled_entry (seller_id, line_key);
create index if not exists settled_entry_unknown_idx
    on resolved.settled_entry (seller_id, invoice_id) where unknown_name is not null;
create index if not exists settled_entry_payout_id_idx
    on resolved.settled_entry (seller_id, payout_id) where payout_id is not null;
-- The entries of a month lie together, for files come by month: one entry of a page range tells.
create index if not exists settled_entry_booked_at_idx
    on resolved.settled_entry (booked_at, seller_id);
create index if not exists settled_entry_failed_at_idx
    on resolved.settled_entry (failed_at, seller_id) where is_failed;

comment on table resolved.settled_entry is
    'resolved.settlement, kept up to date by marketplace.refresh, with what came in by each entry.';
select resolved.describe_like('resolved.settled_entry', array['resolved.settlement'::regclass]);
comment on column resolved.settled_entry.received is
    'What came in by the entry, with the sign of amount: what was collected; of a line of a payout, what came in without AWS telling so; a balance adjustment comes in at once.';

-- The lines of pg_temp.resolved_touched_line, settled as the entries are now.
--
-- Before January 2026 AWS does not tell what came in, and some payouts do not wait for it. What was
-- sent to the bank had come in, also if the bank sent it back; what AWS did not tell of it came in by
-- the earliest lines of payouts that paid more than had come in until then.
create or replace function resolved.settle_entries() returns void
    language plpgsql
as $$
begin
    delete from resolved.settled_entry s using pg_temp.resolved_touched_line t
    where s.seller_id = t.seller_id and s.line_key = t.line_key;
    insert into resolved.settled_entry
    with settled as (
        select s as entry, s.seller_id, s.line_key, s.recipient_account_id, s.invoice_id,
            s.currency, s.bucket, s.booked_at, s.billing_event_id, s.amount,
            s.is_paid or s.is_failed as is_payout_line,
            case when s.action = 'INVOICED' then s.amount else 0 end as invoiced,
            case when s.action in ('COLLECTED', 'DISBURSED') then 0 else s.amount end as due,
            case when s.action = 'COLLECTED' then s.amount else 0 end as collected,
            case when s.is_paid then -s.amount else 0 end as disbursed,
            case when s.is_failed then -s.amount else 0 end as failed
        from pg_temp.resolved_touched_line t
        join resolved.settlement s on s.seller_id = t.seller_id and s.line_key = t.line_key
    ), item as (
        select *,
            case when coalesce(nullif(sum(invoiced) over all_of_it, 0),
                nullif(sum(disbursed) over all_of_it, 0),
                nullif(sum(collected) over all_of_it, 0), sum(due) over all_of_it) < 0
                then -1 else 1 end as sign,
            sum(due) over all_of_it as item_due,
            sum(collected) over all_of_it as item_collected,
            sum(disbursed) over all_of_it as item_disbursed,
            sum(failed) over all_of_it as item_failed,
            sum(collected) over so_far as collected_so_far,
            sum(disbursed) over so_far as disbursed_so_far,
            sum(failed) over so_far as failed_so_far
        from settled
        window all_of_it as (partition by seller_id, line_key collate "C",
                recipient_account_id collate "C", invoice_id collate "C", currency collate "C",
                bucket collate "C"),
            in_order as (all_of_it
                order by booked_at, is_payout_line, billing_event_id collate "C"),
            so_far as (in_order rows unbounded preceding)
    ), told as (
        select *,
            greatest(sign * item_disbursed, least(sign * item_failed, sign * item_due))
                - sign * item_collected as untold,
            case when is_payout_line then
                greatest(sign * disbursed_so_far,
                    least(sign * failed_so_far, sign * item_due))
                - sign * collected_so_far end as untold_so_far
        from item
    ), most as (
        select *,
            max(untold_so_far) over so_far as most,
            max(untold_so_far) over before as most_before
        from told
        window in_order as (partition by seller_id, line_key collate "C",
                recipient_account_id collate "C", invoice_id collate "C", currency collate "C",
                bucket collate "C"
                order by booked_at, is_payout_line, billing_event_id collate "C"),
            so_far as (in_order rows unbounded preceding),
            before as (in_order rows between unbounded preceding and 1 preceding)
    )
    select (m.entry).*,
        case
            when m.bucket = 'balance_adjustment' then m.due
            when m.is_payout_line then m.sign * (
                greatest(least(m.untold, m.most), 0)
                    - greatest(least(m.untold, coalesce(m.most_before, 0)), 0))
            else m.collected
        end
    from most m;
end
$$;

comment on function resolved.settle_entries() is
    'Brings resolved.settled_entry up to date for the lines that marketplace.refresh has found touched.';
