-- after: reconciliation
-- Compares all relations of money, for whoever looks after the database.

create or replace function marketplace.reconcile()
    returns table (seller text, figures bigint, unexplained bigint)
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    set timezone = 'UTC'
    set jit = off
    set work_mem = '64MB'
as $$
#variable_conflict use_column
begin
    -- Two at a time would keep what they find twice.
    lock table ingest.unexplained_difference in share row exclusive mode;
    drop table if exists pg_temp.resolved_reconciled;
    create temporary table resolved_reconciled on commit drop as
        select * from marketplace.reconciliation;
    delete from ingest.unexplained_difference;
    insert into ingest.unexplained_difference
    select r.seller_id, r.comparison, r.recipient_account_id, r.month, r.currency, r.left_amount,
        r.right_amount, r.unexplained, now()
    from pg_temp.resolved_reconciled r
    where r.unexplained <> 0;
    insert into ingest.reconciled as c (seller_id, checked_at, figures, unexplained)
    select s.seller_id, now(), count(r.seller_id),
        count(*) filter (where r.unexplained <> 0)
    from ingest.seller s
    left join pg_temp.resolved_reconciled r using (seller_id)
    group by s.seller_id
    on conflict (seller_id) do update set checked_at = excluded.checked_at,
        figures = excluded.figures, unexplained = excluded.unexplained;
    return query
    select s.name, c.figures, c.unexplained
    from ingest.reconciled c
    join ingest.seller s using (seller_id)
    order by s.name;
end
$$;

revoke execute on function marketplace.reconcile() from public;

-- A refresh ends with it: who may do the one may do the other.
do $$
declare
    allowed record;
begin
    for allowed in
        select r.rolname
        from pg_proc p
        cross join lateral aclexplode(p.proacl) as a
        join pg_roles r on r.oid = a.grantee
        where p.oid = 'marketplace.refresh(boolean)'::regprocedure
            and a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner
    loop
        execute format(
            'grant execute on function marketplace.reconcile() to %I', allowed.rolname);
    end loop;
end
$$;

comment on function marketplace.reconcile() is
    'Compares the relations of money with each other and keeps what no cause explains in ingest.unexplained_difference, which makes it a finding. Returns per seller how many pairs of figures there are, and how many of them differ so.';
