-- The chart of accounts of the journal.

create or replace view marketplace.ledger_account as
with known (account, class, place, description) as (
    values
        ('receivable', 'asset', 1,
            'What buyers have still to pay, of what is for the seller: AWS takes its fees from it.'),
        ('in_transit', 'asset', 2, 'What came in and AWS has not paid out.'),
        ('payout_clearing', 'asset', 3,
            'What payouts and their lines differ by: 0 if the feed has all of them.'),
        ('bank', 'asset', 4, 'What payouts sent to the bank, less what it sent back.'),
        ('exchange', 'asset', 5, 'Both sides of payouts in another currency than that of the price.'),
        ('taxes_to_remit', 'liability', 6, 'Taxes that the seller remits, refunds taken off.'),
        ('revenue', 'income', 7, 'Price of what was sold.'),
        ('refunds', 'income', 8, 'Refunds and credits of the price.'),
        ('listing_fees', 'expense', 9, 'AWS''s listing fees, refunds taken off.'),
        ('cost_of_resale', 'expense', 10,
            'What a reseller owes manufacturers, refunds taken off.'),
        ('aws_taxes', 'expense', 11, 'Taxes that AWS remits, where they count for the seller.'),
        ('other_seller_taxes', 'expense', 12, 'Taxes that another seller of the chain remits.'),
        ('infrastructure', 'expense', 13, 'Infrastructure of AWS that is netted.'),
        ('balance_adjustments', 'expense', 14, 'Corrections by AWS outside any invoice.'),
        ('written_off', 'expense', 15, 'What was forgiven.')
)
select account, class, place, description from known
union all
select distinct u.name, 'unknown', 16,
    'Entries of an action or a type that nobody knows (unknown_entry).'
from (
    select unknown_name from resolved.settled_entry where unknown_name is not null
    union all
    select account from resolved.transfer
) as u (name)
-- An account is here once, whatever AWS comes to call a type.
where u.name not in (select account from known);

comment on view marketplace.ledger_account is
    'Chart of accounts: one row per account of the journal; the last ones are named by AWS, after actions and types that nobody knows.';
comment on column marketplace.ledger_account.account is
    'Name of the account, as in journal and trial_balance.';
comment on column marketplace.ledger_account.class is
    'asset, liability, income, expense, or unknown.';
comment on column marketplace.ledger_account.place is
    'Where it stands in a list of accounts.';
comment on column marketplace.ledger_account.description is
    'What it holds.';
