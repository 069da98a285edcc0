-- Two roles that only read, and what everybody may. Every sluice migrate ends with it, so what was
-- made since the last one, or by another hand, is put right too, whatever rights its owner gives by
-- default.

create or replace function resolved.withdraw_rights() returns void
    language plpgsql
as $$
declare
    excess record;
    schemas constant text[] :=
        array['ingest', 'sdds', 'cas', 'event', 'resolved', 'marketplace'];
    readers constant text[] := array['sluice_reader', 'sluice_auditor'];
begin
    for excess in
        select n.nspname, case a.grantee when 0 then 'public' else r.rolname end as grantee
        from pg_namespace n
        cross join lateral aclexplode(n.nspacl) as a
        left join pg_roles r on r.oid = a.grantee
        where n.nspname = any(schemas) and pg_has_role(a.grantor, 'usage')
            and (a.grantee = 0 or r.rolname = any(readers) and a.privilege_type = 'CREATE'
                or r.rolname = 'sluice_reader' and n.nspname <> 'marketplace')
        group by 1, 2
    loop
        execute format('revoke all on schema %I from %I', excess.nspname, excess.grantee);
    end loop;
    for excess in
        select c.oid::regclass as relation,
            case a.grantee when 0 then 'public' else r.rolname end as grantee
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        cross join lateral (
            select * from aclexplode(c.relacl)
            union all
            select g.* from pg_attribute t cross join lateral aclexplode(t.attacl) as g
            where t.attrelid = c.oid
        ) as a
        left join pg_roles r on r.oid = a.grantee
        where n.nspname = any(schemas) and c.relkind in ('r', 'p', 'v', 'm', 'S')
            and pg_has_role(a.grantor, 'usage')
            and (a.grantee = 0 or r.rolname = any(readers) and a.privilege_type <> 'SELECT'
                or r.rolname = 'sluice_reader' and n.nspname <> 'marketplace')
        group by 1, 2
    loop
        execute format('revoke all on %s from %I', excess.relation, excess.grantee);
    end loop;
    -- A trigger runs with the rights of whoever moves the rows, which in a refresh is the owner:
    -- "grant all on all tables" must not make owners of those it was meant for.
    for excess in
        select c.oid::regclass as relation, r.rolname as grantee
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        cross join lateral aclexplode(c.relacl) as a
        join pg_roles r on r.oid = a.grantee
        where n.nspname = any(schemas) and a.privilege_type = 'TRIGGER'
            and a.grantee <> c.relowner and pg_has_role(a.grantor, 'usage')
        group by 1, 2
    loop
        execute format(
            'revoke trigger on %s from %I cascade', excess.relation, excess.grantee);
    end loop;
end
$$;

comment on function resolved.withdraw_rights() is
    'Takes from everybody what they have been given on schemas, tables and views of Sluice, from sluice_reader and sluice_auditor whatever is more than they are for, and from all but owners the right to make triggers.';

-- What a function may be called by. Functions that neither write nor have their owner's rights are
-- everybody's, because views are made of them. What has its owner's rights and reads is for the
-- roles that read; what writes, and what a trigger calls, is for whoever it was given to by name:
-- a function that everybody may execute, everybody may put on a table of their own as a trigger.
create or replace function resolved.keep_function(called regprocedure) returns void
    language plpgsql
as $$
declare
    is_open boolean;
    is_read boolean;
    reader name;
begin
    select p.provolatile <> 'v' and not p.prosecdef and p.prorettype <> 'trigger'::regtype,
        p.provolatile <> 'v' and p.prosecdef and p.pronamespace = 'marketplace'::regnamespace
    into is_open, is_read
    from pg_proc p
    where p.oid = called;
    if is_open <> has_function_privilege('public', called, 'execute') then
        execute format(
            case when is_open then 'grant execute on function %s to public'
                else 'revoke execute on function %s from public' end,
            called);
    end if;
    for reader in select rolname from pg_roles where rolname in ('sluice_reader', 'sluice_auditor')
    loop
        if is_read and not has_function_privilege(reader, called, 'execute') then
            execute format('grant execute on function %s to %I', called, reader);
        elsif not is_read and exists (
            select from pg_proc p cross join lateral aclexplode(p.proacl) as a
            where p.oid = called and a.grantee = reader::regrole)
        then
            execute format('revoke execute on function %s from %I', called, reader);
        end if;
    end loop;
end
$$;

comment on function resolved.keep_function(regprocedure) is
    'Lets a function be called by those it is for, and by nobody else that a default has let in.';

-- Whoever may write the history of loads, or remove rows, notes for marketplace what they moved.
create or replace function resolved.let_movers_note() returns void
    language plpgsql
as $$
declare
    mover name;
begin
    for mover in
        select distinct r.rolname
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        cross join lateral aclexplode(c.relacl) as a
        join pg_roles r on r.oid = a.grantee
        where (a.privilege_type = 'INSERT' and c.oid = 'ingest.load'::regclass
                or a.privilege_type = 'DELETE' and exists (
                    select from pg_trigger t
                    where t.tgrelid = c.oid and t.tgfoid = 'resolved.note_removal'::regproc))
            and not (has_table_privilege(r.oid, 'resolved.pending', 'insert')
                and has_schema_privilege(r.oid, 'resolved', 'usage'))
    loop
        execute format('grant usage on schema resolved to %I', mover);
        execute format('grant insert on resolved.pending to %I', mover);
    end loop;
end
$$;

comment on function resolved.let_movers_note() is
    'Gives the roles that load or remove rows the right to insert into resolved.pending, which an older version did not need.';

create or replace function resolved.grant_rights() returns setof text
    language plpgsql
as $$
declare
    may record;
    lacking record;
begin
    -- Withdrawn first: what is given back below may have been withdrawn with what was too much.
    perform resolved.withdraw_rights();
    for may in
        select * from (values
            ('sluice_reader', array['marketplace']),
            ('sluice_auditor', array['ingest', 'sdds', 'cas', 'event', 'resolved', 'marketplace'])
        ) as m (role, schemas)
    loop
        if not exists (select from pg_roles where rolname = may.role) then
            begin
                execute format('create role %I nologin', may.role);
            exception
                -- Roles are the server's: another database of it may just have made it.
                when duplicate_object or unique_violation then null;
                when insufficient_privilege then
                    return next format(
                        'there is no role %1$s, and %2$s may not create it; let somebody who may say '
                            'create role %1$s nologin, then run sluice migrate again',
                        may.role, current_user);
                    continue;
            end;
        elsif (select rolcanlogin from pg_roles where rolname = may.role) then
            begin
                execute format('alter role %I nologin', may.role);
                return next format(
                    'role %1$s may no longer log in: who reads has a role of their own, as of '
                        'create role ana login password ''...'' in role %1$s', may.role);
            exception
                when insufficient_privilege then
                    return next format(
                        'role %1$s may log in, and %2$s may not change that; let somebody who may '
                            'say alter role %1$s nologin, and give people roles of their own that '
                            'are members of it',
                        may.role, current_user);
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
    perform resolved.keep_function(p.oid)
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('ingest', 'sdds', 'cas', 'event', 'resolved', 'marketplace')
        and pg_has_role(p.proowner, 'usage');
    perform resolved.let_movers_note();
end
$$;

comment on function resolved.grant_rights() is
    'Makes the roles sluice_reader, who may read marketplace, and sluice_auditor, who may read everything, where the role that runs it may make roles, gives them the rights that they lack, and takes rights from them and from everybody that nobody meant to give. Returns what somebody has to do or to know.';
