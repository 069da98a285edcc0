-- after: feed
-- The data sets that AWS makes only when somebody asks: their names and their calendar.

create table if not exists ingest.data_set (
    data_set         text  primary key,
    feed             text  generated always as ('cas.' || data_set) stored,
    operation        text  not null,
    available_since  date  not null,
    constraint operation_is_known check (operation in ('GenerateDataSet', 'StartSupportDataExport'))
);

comment on table ingest.data_set is
    'A data set of the Commerce Analytics Service, which is made only when it is asked for. When to ask is the cadence of its feed (ingest.feed.cadence).';
comment on column ingest.data_set.data_set is 'Name of the data set in the service''s API.';
comment on column ingest.data_set.feed is 'The feed that its files are (ingest.feed).';
comment on column ingest.data_set.operation is 'Which call asks for it.';
comment on column ingest.data_set.available_since is 'First date of publication that can be asked for.';

-- AWS Marketplace Commerce Analytics API Reference, GenerateDataSet and StartSupportDataExport.
insert into ingest.data_set (data_set, operation, available_since)
select name, 'GenerateDataSet', date '2017-09-15'
from unnest(array[
    'customer_subscriber_hourly_monthly_subscriptions', 'customer_subscriber_annual_subscriptions',
    'daily_business_usage_by_instance_type', 'daily_business_fees',
    'daily_business_free_trial_conversions', 'daily_business_new_instances',
    'daily_business_new_product_subscribers', 'daily_business_canceled_product_subscribers',
    'monthly_revenue_billing_and_revenue_data', 'monthly_revenue_annual_subscriptions',
    'disbursed_amount_by_product', 'disbursed_amount_by_product_with_uncollected_funds',
    'disbursed_amount_by_instance_hours', 'disbursed_amount_by_customer_geo',
    'disbursed_amount_by_age_of_uncollected_funds', 'disbursed_amount_by_age_of_disbursed_funds',
    'customer_profile_by_industry', 'customer_profile_by_revenue', 'customer_profile_by_geography',
    'sales_compensation_billed_revenue', 'us_sales_and_use_tax_records']) as name
union all values
    ('monthly_revenue_field_demonstration_usage', 'GenerateDataSet', date '2018-03-15'),
    ('monthly_revenue_flexible_payment_schedule', 'GenerateDataSet', date '2018-11-15'),
    ('disbursed_amount_by_age_of_past_due_funds', 'GenerateDataSet', date '2018-04-07'),
    ('disbursed_amount_by_uncollected_funds_breakdown', 'GenerateDataSet', date '2019-10-04'),
    ('customer_support_contacts_data', 'StartSupportDataExport', date '2017-09-15'),
    ('test_customer_support_contacts_data', 'StartSupportDataExport', date '2017-09-15')
on conflict (data_set) do update set
    operation       = excluded.operation,
    available_since = excluded.available_since;

-- The service reads the month alone of a monthly set's date.
create or replace function ingest.publication_date(cadence text, day date) returns date
    language sql immutable parallel safe
    return case cadence
        when 'monthly' then date_trunc('month', day)::date + 14
        else day
    end;

comment on function ingest.publication_date(text, date) is
    'The date of publication that a day means in a request: of monthly data sets the 15th of its month, of others the day itself.';

-- A payout set is looked for over the 31 days before the date that is asked for, and comes about
-- every 30 days: two dates a month miss none, and most are met twice (cas.coverage tells which).
create or replace function ingest.publication_dates(cadence text, since date, until date)
    returns setof date
    language sql immutable parallel safe
    begin atomic
        select day::date
        from generate_series(since::timestamp, until::timestamp, interval '1 day') as day
        where case cadence
            when 'daily' then true
            when 'monthly' then extract(day from day) = 15
            when 'disbursement' then extract(day from day) in (1, 16)
            else false
        end;
    end;

comment on function ingest.publication_dates(text, date, date) is
    'The dates in a span, both ends included, on which a data set of a cadence is asked for: daily every day, monthly on the 15th, disbursement on the 1st and 16th, others never by themselves.';
