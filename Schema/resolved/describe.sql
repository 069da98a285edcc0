-- after: schema
-- Views between the tables and marketplace show columns as they are: so do their comments.

create or replace function resolved.describe_like(relation regclass, sources regclass[])
    returns void
    language plpgsql
as $$
declare
    described record;
begin
    for described in
        select distinct on (h.attnum) h.attname, col_description(s.attrelid, s.attnum) as text
        from pg_attribute h
        join pg_attribute s on s.attname = h.attname and s.attrelid = any(sources)
        where h.attrelid = relation and h.attnum > 0
            and col_description(s.attrelid, s.attnum) is not null
        order by h.attnum, array_position(sources, s.attrelid::regclass)
    loop
        execute format(
            'comment on column %s.%I is %L', relation, described.attname, described.text);
    end loop;
end
$$;

comment on function resolved.describe_like(regclass, regclass[]) is
    'Copies the comments of columns of the same name from the first relation that has them.';
