-- The usage report's own columns move from the history of usage records to resolved.usage_line, and
-- usage contexts get a key of one value. Both are worked out anew by the next refresh.

drop view if exists marketplace.unbilled_usage, marketplace.usage_report, marketplace.usage;

alter table if exists resolved.daily_usage
    drop column if exists reported_date,
    drop column if exists reported_quantity,
    drop column if exists reported_rate;
drop index if exists resolved.daily_usage_month_idx;

drop function if exists resolved.look_up_contexts(), resolved.merge_contexts(),
    resolved.find_context_sources();
drop table if exists resolved.usage_context, resolved.usage_context_source;
