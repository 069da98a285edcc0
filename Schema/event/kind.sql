-- after: schema
-- Which table an event goes to, and where in its JSON each column is. Each table's own file in
-- this folder writes its rows here: a new kind of event is one SQL file.

create table if not exists event.kind (
    event_table  text  primary key,
    source       text  not null,
    pattern      text  not null,
    title        text  not null
);

comment on table event.kind is
    'A kind of event and the table that it fills. An event of no kind goes to event.other.';
comment on column event.kind.event_table is 'Table of the schema event that takes it.';
comment on column event.kind.source is 'Who sends it: source of an EventBridge event; "sns" for the SNS topics of a product.';
comment on column event.kind.pattern is 'Regular expression that the folded type (event.folded) of an event of this kind matches, and of no other kind with this source.';
comment on column event.kind.title is 'What it is, in a few words.';

create table if not exists event.field (
    event_table  text    not null references event.kind on delete cascade,
    column_name  text    not null,
    paths        text[]  not null,
    primary key (event_table, column_name)
);

comment on table event.field is
    'Where in an event''s JSON the value of a column is. The column''s type says how it is read; a value that does not fit is null there and named in the row''s malformed.';
comment on column event.field.event_table is 'Table of the schema event.';
comment on column event.field.column_name is 'Column of it.';
comment on column event.field.paths is 'Member names joined by dots, such as detail.agreement.id; a number is an index, * every element. The first path that leads to a value counts.';
