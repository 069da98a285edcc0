-- after: seller
-- When the relations of money were last compared, and what no cause explained.

create table if not exists ingest.reconciled (
    seller_id   integer     primary key references ingest.seller (seller_id),
    checked_at  timestamptz not null,
    figures     bigint      not null,
    unexplained bigint      not null
);

comment on table ingest.reconciled is
    'When the relations of money of a seller were last compared with each other (marketplace.reconciliation): by a worker at most every hour, by commands once a day.';
comment on column ingest.reconciled.seller_id is 'The seller.';
comment on column ingest.reconciled.checked_at is 'When (UTC).';
comment on column ingest.reconciled.figures is 'How many pairs of figures were compared.';
comment on column ingest.reconciled.unexplained is 'How many differ by what no cause explains; 0 is well.';

create table if not exists ingest.unexplained_difference (
    seller_id            integer     not null references ingest.seller (seller_id),
    comparison           text        not null,
    recipient_account_id text,
    month                date,
    currency             text,
    left_amount          numeric     not null,
    right_amount         numeric     not null,
    unexplained          numeric     not null,
    checked_at           timestamptz not null
);

-- Without a key, because parts of what tells rows apart can be null: where the table is published
-- (FOR ALL TABLES), what is deleted is told by all of its columns.
alter table ingest.unexplained_difference replica identity full;

comment on table ingest.unexplained_difference is
    'Figures of money that differed by what no cause explains when they were last compared. Empty is well; a row is a fault of Sluice, and a finding.';
comment on column ingest.unexplained_difference.seller_id is 'The seller.';
comment on column ingest.unexplained_difference.comparison is 'The two figures, left and right (marketplace.reconciliation).';
comment on column ingest.unexplained_difference.recipient_account_id is 'Account key of the seller whose copy of the feed it is.';
comment on column ingest.unexplained_difference.month is 'Month (UTC), as its first day; null: balances, and money without a date.';
comment on column ingest.unexplained_difference.currency is 'Currency code of the amounts.';
comment on column ingest.unexplained_difference.left_amount is 'What the left relation came to.';
comment on column ingest.unexplained_difference.right_amount is 'What the right relation came to.';
comment on column ingest.unexplained_difference.unexplained is 'Of their difference, what no cause explained.';
comment on column ingest.unexplained_difference.checked_at is 'When they were compared (UTC).';
