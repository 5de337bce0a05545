-- The notifier's own schema: what is to be sent, and every attempt to send it. Forward only.
-- Run by whoever may create roles and schemas in this database (the `migrate` command, or psql --single-transaction).

-- The role is cluster-wide, the schema is not: a second database, or a second run at the same moment, finds it made.
-- It gets no password here; the deployment sets one (alter role plc_notifier password '...').
do $$
begin
  if not exists (select from pg_roles where rolname = 'plc_notifier') then
    create role plc_notifier login nosuperuser nocreatedb nocreaterole noinherit noreplication;
  end if;
exception when duplicate_object or unique_violation then null;
end
$$;

create schema delivery;

create table delivery.message (
  id               text primary key,          -- webhook-id: the receiver's idempotency key, the same over every attempt
  sequence         bigint generated always as identity,  -- order of arrival: first attempts keep it, per subscription
  subscription_arn text        not null,
  destination      text        not null,
  destination_key  text        not null,      -- scheme://host:port: what concurrency is bounded by
  secret           text        not null,
  type             text        not null,
  endpoint_id      text        not null,
  occurred_at      timestamptz not null,
  body             text        not null,      -- signed and sent as it stands
  received_at      timestamptz not null,
  state            text        not null check (state in ('pending', 'delivered', 'gone', 'exhausted', 'undeliverable')),
  attempts         int         not null default 0,
  -- When somebody should look at it next. A claim moves it to the end of the claimant's lease: a claimant that dies
  -- leaves a message that falls due again. Null: finished, or waiting for its predecessor's first attempt.
  due_at           timestamptz,
  finished_at      timestamptz,
  reason           text,                      -- why the last attempt failed, or why none was made
  check ((state = 'pending') = (finished_at is null)),
  check (state = 'pending' or due_at is null)
);

create index message_due on delivery.message (due_at) where due_at is not null;
create index message_lane on delivery.message (subscription_arn, sequence) where state = 'pending' and attempts = 0;
create index message_finished on delivery.message (finished_at) where finished_at is not null;

create table delivery.attempt (
  id          bigint generated always as identity primary key,
  message_id  text        not null references delivery.message on delete cascade,
  started_at  timestamptz not null,           -- the webhook-timestamp sent, to the second
  took_ms     double precision not null,
  outcome     text        not null,           -- answered | timedOut | nameNotResolved | notConnected | tlsFailed | broken | refused
  status      int,                            -- HTTP status, when answered
  answer      text,                           -- the first bytes of the answer's body
  detail      text
);

create index attempt_message on delivery.attempt (message_id, id);

grant usage on schema delivery to plc_notifier;
grant select, insert, update, delete on delivery.message, delivery.attempt to plc_notifier;
