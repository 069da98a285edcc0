-- That AWS's guide calls a column never empty is no reason to lose a row that lacks it: only what a
-- row cannot be resolved without is NOT NULL. What was rejected for it: sluice rejects replay.

alter table if exists sdds.billing_event
    alter column action drop not null,
    alter column transaction_type drop not null;
alter table if exists sdds.daily_usage
    alter column usage_date drop not null,
    alter column offer_id drop not null;
alter table if exists sdds.offer_target
    alter column offer_id drop not null,
    alter column offer_revision drop not null;
alter table if exists sdds.agreement_details_report
    alter column agreement_id drop not null;
alter table if exists cas.customer_support_contacts_data
    alter column product_id drop not null,
    alter column product_code drop not null,
    alter column subscription_start_date drop not null,
    alter column aws_customer_id drop not null;
alter table if exists cas.test_customer_support_contacts_data
    alter column product_id drop not null,
    alter column product_code drop not null,
    alter column subscription_start_date drop not null,
    alter column aws_customer_id drop not null;
