-- The rows behind each difference between two relations of money, with the cause in words.

create or replace view marketplace.reconciliation_item as
select
    i.seller_id,
    i.recipient_account_id,
    i.comparison,
    i.month,
    i.currency,
    i.cause,
    i.left_amount,
    i.right_amount,
    i.left_amount - i.right_amount as difference,
    c.explanation,
    i.invoice_id,
    i.product_id,
    i.agreement_id,
    i.disbursement_id,
    i.billing_event_id,
    i.version_id,
    i.line
from resolved.reconciliation_item i
left join (
    values
        ('agreement_unknown', 'AWS''s query leaves out entries of an agreement that the feed does not have at the date of the invoice, or whose invoice has no date.'),
        ('line_without_key', 'The entry lacks invoice, line or recipient: AWS''s query adds up all such entries, of all currencies, in one row.'),
        ('payout_missing', 'The payout that the entry names is not in the feed: AWS''s query takes it for one that is not paid out.'),
        ('lines_missing', 'The feed has the payout and none of its lines.'),
        ('lines_differ', 'The payout and its lines are both there, and come to something else.'),
        ('other_currency', 'The payout and its lines are of different currencies, recipients or months.'),
        ('failure_differs', 'The bank sent back more or less than the payout, or AWS tells of it twice.'),
        ('taken_back', 'A line of the failure itself: the report shows it as negative, here the line of the payout is marked as failed.'),
        ('unknown_action', 'An action that nobody knows: the report adds it to what was invoiced, here it counts where AWS says so.'),
        ('unknown_type', 'A type that nobody knows: AWS''s query has no column for it.'),
        ('amount_missing', 'AWS gives no amount in the currency of the payout: its query shows nothing, here the amount in the currency of the price counts.'),
        ('not_invoiced', 'What came in is of a line of which nothing was invoiced: AWS''s query has no row for it.'),
        ('collected_with_payout', 'What came in names a payout: AWS''s query takes it for a line of that.'),
        ('balance_adjustment', 'A balance adjustment came in with its own entry; this one only informs.'),
        ('rounding', 'The report rounds each line to two decimals.'),
        ('other_month', 'In both figures, but of different months: the report goes by the newest invoice date of the line, sales by the invoice, the journal by the action.')
) as c (cause, explanation) using (cause);

comment on view marketplace.reconciliation_item is
    'The rows behind the differences of reconciliation: one row per entry, invoice or payout that two relations of money have with different amounts or in different months, with the cause.';
comment on column marketplace.reconciliation_item.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.reconciliation_item.recipient_account_id is
    'Account key of the seller whose copy of the feed it is.';
comment on column marketplace.reconciliation_item.comparison is
    'The two figures, left and right, as in reconciliation.';
comment on column marketplace.reconciliation_item.month is
    'Month (UTC) of the figures that it is part of, as its first day; null: of no month, or of a comparison of balances as of now.';
comment on column marketplace.reconciliation_item.currency is
    'Currency code of the amounts. Never sum over several.';
comment on column marketplace.reconciliation_item.cause is
    'Why the two differ; explanation has it in words.';
comment on column marketplace.reconciliation_item.left_amount is
    'What of it is in the left figure.';
comment on column marketplace.reconciliation_item.right_amount is
    'What of it is in the right figure.';
comment on column marketplace.reconciliation_item.difference is
    'left_amount - right_amount.';
comment on column marketplace.reconciliation_item.explanation is
    'The cause in words.';
comment on column marketplace.reconciliation_item.invoice_id is
    'Buyer''s invoice, else the entry''s own; null: of none, or of several.';
comment on column marketplace.reconciliation_item.product_id is
    'Product of the entry.';
comment on column marketplace.reconciliation_item.agreement_id is
    'Agreement of the entry.';
comment on column marketplace.reconciliation_item.disbursement_id is
    'The payout (disbursement).';
comment on column marketplace.reconciliation_item.billing_event_id is
    'The entry; null: several of an invoice.';
comment on column marketplace.reconciliation_item.version_id is
    'With line: the row of the feed''s table, and so file and line (ingest.version, ingest.file).';
comment on column marketplace.reconciliation_item.line is
    'Record of that version.';
