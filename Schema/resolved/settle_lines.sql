-- after: item
-- Settles the lines of pg_temp.resolved_touched_line as the entries are now, and adds them up per item.

-- The views that these definitions are made of read everything; whoever wants part of it, or the past,
-- has it read something else in place of that.
create or replace function resolved.reading(
    definition_of regclass, relations text[], others text[]
) returns text
    language plpgsql stable
    set search_path = pg_catalog
as $$
declare
    definition text := rtrim(pg_get_viewdef(definition_of), ';');
begin
    for i in 1 .. cardinality(relations) loop
        definition := regexp_replace(
            definition, '\m' || replace(relations[i], '.', '\.') || '\M', others[i], 'g');
    end loop;
    return definition;
end
$$;

comment on function resolved.reading(regclass, text[], text[]) is
    'The query of a view that reads other relations in place of those it is made of.';

-- Entries, items, and what came in with lines of payouts go to temporary tables, from which
-- resolved.settled_entry and resolved.receivable are brought up to date.
create or replace function resolved.settle_lines() returns void
    language plpgsql
as $$
begin
    drop table if exists pg_temp.resolved_settled, pg_temp.resolved_item, pg_temp.resolved_receipt;
    create temporary table resolved_settled on commit drop as
        select s.*
        from pg_temp.resolved_touched_line t
        join resolved.settlement s on s.seller_id = t.seller_id and s.line_key = t.line_key;
    execute 'create temporary table resolved_item on commit drop as '
        || resolved.reading('resolved.item', array['resolved.settlement'],
            array['pg_temp.resolved_settled']);
    execute 'create temporary table resolved_receipt on commit drop as '
        || resolved.reading('resolved.receipt', array['resolved.settlement', 'resolved.item'],
            array['pg_temp.resolved_settled', 'pg_temp.resolved_item']);
    analyze pg_temp.resolved_receipt;
end
$$;

comment on function resolved.settle_lines() is
    'Settles the lines that marketplace.refresh has found touched, and adds them up per item.';
