-- A decision is about bytes, and no longer about one place of the file.

do $$
begin
    if to_regclass('ingest.skipped_content') is null then return; end if;
    delete from ingest.skipped_content s using ingest.skipped_content e
    where (s.seller_id, s.file_id, s.digest) = (e.seller_id, e.file_id, e.digest)
        and s.byte_offset > e.byte_offset;
    alter table ingest.skipped_content
        drop constraint if exists skipped_content_pkey,
        add constraint skipped_content_pkey primary key (seller_id, file_id, digest);
end
$$;
