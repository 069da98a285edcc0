-- Keys in the order of delivery touch few pages of an index; those of entries touched one each.

alter table if exists resolved.settled_entry
    drop constraint if exists settled_entry_pkey,
    add constraint settled_entry_pkey primary key (version_id, line);
