-- A blank line is no record any more: its reject has nothing that anybody could replay.
update ingest.reject
set state = 'superseded', settled_at = now()
where state = 'waiting' and octet_length(raw) = 0;
