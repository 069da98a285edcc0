internal import Postgres

/// Whether what lies in the schemas of Sluice was made by somebody whom the caller can trust.
///
/// A definition that is made "if not exists" takes what is there. Where another role of the database
/// has made a schema of that name first, its views, policies and triggers would run that role's
/// functions with the caller's rights: at the latest when a superuser migrates.
enum SchemaOwners {
    /// Looks only where the caller has rights worth having, which is whoever may migrate.
    ///
    /// - Throws: ``LoadError`` that names what somebody else made, and what to do about it.
    static func check(_ schemas: Set<String>, on postgres: PostgresConnection) throws {
        let strange = try postgres.query(query, [.textArray(schemas.sorted())])
        guard let found = strange.first else { return }
        let (what, owner) = (try found.string("what"), try found.string("owner"))
        let caller = try found.string("caller")
        throw LoadError(
            .stop,
            "\(what) belongs to \(owner), whose code would run with the rights of \(caller); "
                + "drop it, or, if it is as it should be, run the command as \(owner), or "
                + "change the owner: \(try found.string("remedy"))")
    }

    // Trusted are superusers, the owner of the database, the caller, and the roles that the caller is
    // a member of; a superuser is a member of every role, which says nothing.
    private static let query = """
        with caller as (
            select oid, rolname, rolsuper from pg_roles where rolname = current_user
        ),
        stranger as (
            select r.oid, r.rolname from pg_roles r, caller c
            where not r.rolsuper and r.oid <> c.oid and r.rolname <> session_user
                and r.oid <> (select datdba from pg_database where datname = current_database())
                and (c.rolsuper or not pg_has_role(c.oid, r.oid, 'member'))
                and has_database_privilege(c.oid, current_database(), 'create')
        ),
        ours as (select oid, nspname, nspowner from pg_namespace where nspname = any($1)),
        object (kind, name, owner) as (
            select 'schema', quote_ident(nspname), nspowner from ours
            union all
            select case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
                    when 'S' then 'sequence' when 'c' then 'type' else 'table' end,
                c.oid::regclass::text, c.relowner
            from pg_class c join ours o on o.oid = c.relnamespace
            where c.relkind not in ('i', 'I', 't')
            union all
            select 'routine', p.oid::regprocedure::text, p.proowner
            from pg_proc p join ours o on o.oid = p.pronamespace
            union all
            select 'type', format_type(t.oid, null), t.typowner
            from pg_type t join ours o on o.oid = t.typnamespace
            where t.typrelid = 0 and t.typcategory <> 'A'
            union all
            select 'operator', r.oid::regoperator::text, r.oprowner
            from pg_operator r join ours o on o.oid = r.oprnamespace
            union all
            -- Wherever it lies, it runs with the rights of whoever moves rows.
            select 'routine', p.oid::regprocedure::text, p.proowner
            from pg_trigger t
            join pg_class c on c.oid = t.tgrelid
            join ours o on o.oid = c.relnamespace
            join pg_proc p on p.oid = t.tgfoid
        )
        select kind || ' ' || name as what, stranger.rolname as owner, caller.rolname as caller,
            format('alter %s %s owner to %I', kind, name, caller.rolname) as remedy
        from object join stranger on stranger.oid = object.owner cross join caller
        order by kind <> 'schema', 1
        limit 1
        """
}
