-- What marketplace is made of, and marketplace itself.

create schema if not exists resolved;
create schema if not exists marketplace;

comment on schema resolved is
    'What marketplace is made of: resolved versions and added-up billing lines, kept up to date by marketplace.refresh. Deleted versions are in here too: read marketplace instead.';
comment on schema marketplace is
    'What the data means: history and present state of agreements, offers, products, accounts and money, the seller reports, sales, usage and entitlements. For analysts.';
