-- The machine room: sellers, feeds, files, loads, and whatever did not go as it should.

create schema if not exists ingest;
create schema if not exists sdds;
create schema if not exists cas;

comment on schema ingest is
    'How the data got here: sellers, feeds, files, loads, rejects, drift. For operators and auditors.';
comment on schema sdds is
    'AWS Marketplace Seller Delivery Data Feeds as delivered: one typed row per row of a feed file, corrections and repeats included.';
comment on schema cas is
    'AWS Marketplace Commerce Analytics data sets as delivered: the newest snapshot of every data set file.';
