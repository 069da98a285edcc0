-- Two roles that only read, and what they may. Every sluice migrate ends with it, so what was made
-- since the last one, or by another hand, is granted too.

create or replace function resolved.grant_rights() returns setof text
    language plpgsql
as $$
declare
    may record;
    lacking record;
begin
    -- Whoever may look at everything must not be able to start what changes it. Triggers are not
    -- called by name; functions that cannot write stay everybody's, because views are made of them.
    for lacking in
        select p.oid::regprocedure as function
        from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('ingest', 'sdds', 'cas', 'event', 'resolved', 'marketplace')
            and p.provolatile = 'v' and p.prorettype <> 'trigger'::regtype
            and has_function_privilege('public', p.oid, 'execute')
            and pg_has_role(p.proowner, 'usage')
    loop
        execute format('revoke execute on function %s from public', lacking.function);
    end loop;
    for may in
        select * from (values
            ('sluice_reader', array['marketplace']),
            ('sluice_auditor', array['ingest', 'sdds', 'cas', 'event', 'resolved', 'marketplace'])
        ) as m (role, schemas)
    loop
        if not exists (select from pg_roles where rolname = may.role) then
            begin
                execute format('create role %I login', may.role);
            exception
                -- Roles are the server's: another database of it may just have made it.
                when duplicate_object or unique_violation then null;
                when insufficient_privilege then
                    return next format(
                        'there is no role %1$s, and %2$s may not create it; let somebody who may say '
                            'create role %1$s login, then run sluice migrate again',
                        may.role, current_user);
                    continue;
            end;
        end if;
        for lacking in
            select nspname from pg_namespace
            where nspname = any(may.schemas) and not has_schema_privilege(may.role, oid, 'usage')
        loop
            execute format('grant usage on schema %I to %I', lacking.nspname, may.role);
        end loop;
        for lacking in
            select c.oid::regclass as relation
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = any(may.schemas) and c.relkind in ('r', 'p', 'v', 'm')
                and not has_table_privilege(may.role, c.oid, 'select')
                and pg_has_role(c.relowner, 'usage')
        loop
            execute format('grant select on %s to %I', lacking.relation, may.role);
        end loop;
        -- A refresh makes the relations of a feed that is new.
        for lacking in
            select n.nspname
            from pg_namespace n
            where n.nspname = any(may.schemas) and not exists (
                select from pg_default_acl d
                cross join lateral aclexplode(d.defaclacl) as a
                where d.defaclnamespace = n.oid and d.defaclobjtype = 'r'
                    and d.defaclrole = current_user::regrole
                    and a.grantee = may.role::regrole and a.privilege_type = 'SELECT')
        loop
            execute format(
                'alter default privileges in schema %I grant select on tables to %I',
                lacking.nspname, may.role);
        end loop;
    end loop;
end
$$;

comment on function resolved.grant_rights() is
    'Makes the roles sluice_reader, who may read marketplace, and sluice_auditor, who may read everything, where the role that runs it may make roles, and gives them the rights that they lack. Returns what somebody else has to do.';
