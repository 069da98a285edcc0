-- One row per day, product, agreement, user and dimension: usage and its estimated revenue.

create table if not exists sdds.daily_usage (
    seller_id                               integer     not null,
    version_id                              bigint      not null,
    line                                    bigint      not null,
    usage_feed_id                           text        not null,
    usage_date                              date,
    product_id                              text,
    agreement_id                            text,
    end_user_account_id                     text,
    payer_account_id                        text,
    region                                  text,
    dimension_key                           text,
    usage_unit                              text,
    usage_quantity                          numeric,
    pricing_currency                        text,
    estimated_revenue_in_pricing_currency   numeric,
    recipient_account_id                    text,
    offer_id                                text,
    usage_rate_per_unit_in_pricing_currency numeric,
    charge_item_description                 text,
    catalog                                 text,
    valid_from                              timestamptz not null,
    insert_date                             timestamptz,
    update_date                             timestamptz not null,
    delete_date                             timestamptz,
    extra                                   jsonb,
    constraint daily_usage_pkey primary key (seller_id, version_id, line)
);

-- Few rows if any, so that what is empty against the guide's word is found at once.
create index if not exists daily_usage_empty_idx on sdds.daily_usage (seller_id, version_id)
    where usage_date is null or offer_id is null;

comment on table sdds.daily_usage is
    'One row is the usage of one day by product, agreement, user, payer, Region, dimension and '
    'offer, as delivered by the seller data feed DailyUsageFeed_V1. The business key is '
    'usage_feed_id; late metering and corrections change days long past: the newest update_date '
    'per (usage_feed_id, valid_from) replaces the older row, and delete_date withdraws it. '
    'Estimates, never billing; do not add to the CAS usage set, which tells of the same use. '
    'Loaded by append: rows that a later file lacks stay.';

comment on column sdds.daily_usage.seller_id is
    'Seller whose bucket held the file (ingest.seller).';
comment on column sdds.daily_usage.version_id is
    'Version of the file from which the row was first read; leads to bucket, key and ETag.';
comment on column sdds.daily_usage.line is
    'Number of the record in that version; 1 is the first after the header.';
comment on column sdds.daily_usage.usage_feed_id is
    'Key of the usage record, a hash salted per seller.';
comment on column sdds.daily_usage.usage_date is
    'Day (UTC) of the use, over which the quantity is summed.';
comment on column sdds.daily_usage.product_id is
    'Product used (sdds.product).';
comment on column sdds.daily_usage.agreement_id is
    'Agreement under which it was used (sdds.agreement); may be null, and may not be the one '
    'invoiced.';
comment on column sdds.daily_usage.end_user_account_id is
    'Account key (GUID) of the user, not an AWS account number. Join sdds.account.';
comment on column sdds.daily_usage.payer_account_id is
    'Account key (GUID) of the party expected to pay. Join sdds.account.';
comment on column sdds.daily_usage.region is
    'AWS Region code in which the product was used.';
comment on column sdds.daily_usage.dimension_key is
    'Dimension that the seller defined; may start with a Region prefix such as USE1_.';
comment on column sdds.daily_usage.usage_unit is
    'Unit of usage_quantity, such as hours or units.';
comment on column sdds.daily_usage.usage_quantity is
    'Quantity in usage_unit, at most two decimals.';
comment on column sdds.daily_usage.pricing_currency is
    'Currency code of the rate and of the estimated revenue.';
comment on column sdds.daily_usage.estimated_revenue_in_pricing_currency is
    'Quantity times rate in pricing_currency at the buyer''s price, before fees, taxes and '
    'refunds. A manufacturer of a channel sale applies its own share.';
comment on column sdds.daily_usage.recipient_account_id is
    'Account key (GUID) of the seller whose copy of the feed this is; reseller and manufacturer '
    'hold different rows of one sale.';
comment on column sdds.daily_usage.offer_id is
    'Offer of the agreement (sdds.offer). Ids that start with aiqoffer- are placeholders.';
comment on column sdds.daily_usage.usage_rate_per_unit_in_pricing_currency is
    'Price of one usage_unit in pricing_currency, at most six decimals; private offers differ.';
comment on column sdds.daily_usage.charge_item_description is
    'Offer term, Region and dimension in one text, parted by bars; for display.';
comment on column sdds.daily_usage.catalog is
    'Marketplace catalogue of the record, mostly AWSMarketplace. Ids are unique within one '
    'catalogue only. Not in AWS''s published column list.';
comment on column sdds.daily_usage.valid_from is
    'Instant (UTC) from which this version holds. One per record is expected: two of them count '
    'twice in AWS''s own usage report.';
comment on column sdds.daily_usage.insert_date is
    'Instant (UTC) at which the row first appeared in the feed. Breaks ties of update_date.';
comment on column sdds.daily_usage.update_date is
    'Instant (UTC) at which this row was written. The newest one replaces the others of the same '
    'key and valid_from.';
comment on column sdds.daily_usage.delete_date is
    'Instant (UTC) of a soft delete; null while the row stands. Rows that have it no longer '
    'count.';
comment on column sdds.daily_usage.extra is
    'Columns of the file that this table does not have, as a JSON object of header to text; null '
    'when there are none.';

insert into ingest.feed (
    feed, table_schema, table_name, kind, title, key_pattern, business_key, totals, cadence,
    never_empty
)
values (
    'sdds.daily_usage', 'sdds', 'daily_usage', 'log',
    'Daily usage',
    '(?i)^(.+/)?DailyUsageFeed_V1/year=[0-9]{4}/month=[0-9]{2}/data[.]csv([.]gz)?$',
    array['usage_feed_id', 'valid_from', 'update_date'],
    array['estimated_revenue_in_pricing_currency/pricing_currency'],
    'daily',
    array['usage_date', 'offer_id']
)
on conflict (feed) do update set
    table_schema = excluded.table_schema,
    table_name   = excluded.table_name,
    kind         = excluded.kind,
    title        = excluded.title,
    key_pattern  = excluded.key_pattern,
    business_key = excluded.business_key,
    totals       = excluded.totals,
    cadence      = excluded.cadence,
    never_empty  = excluded.never_empty;
