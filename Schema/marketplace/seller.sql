-- Names of the sellers, for those who may not read how each of them is reached.

create or replace view marketplace.seller as
select seller_id, name as seller
from ingest.seller;

comment on view marketplace.seller is
    'Sellers: one row per seller whose data is here, with the name that seller_id stands for everywhere in marketplace.';
comment on column marketplace.seller.seller_id is
    'The seller (ingest.seller).';
comment on column marketplace.seller.seller is
    'Its name, as sluice seller add gave it.';
