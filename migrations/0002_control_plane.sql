-- The control plane's own tables beside the event store (0001). Forward only.
create schema app;

-- A fact that only one owner may hold: load balancer → service, private name → endpoint, address → interface … (src/ControlPlane/Platform/Claims.cs)
create table app.claims (
    scope text not null,
    key   text not null,
    owner text not null,
    primary key (scope, key)
);
create index claims_owner on app.claims (scope, owner);

-- A request repeated with its Idempotency-Key gets the first answer again.
create table app.idempotency_key (
    tenant       text        not null,
    key          text        not null,
    request_hash bytea       not null,
    status       int         not null,
    body         text        not null,
    created_at   timestamptz not null default now(),
    primary key (tenant, key)
);

-- One row per zone; its lock makes the zone's single writer. The epoch changes when revisions start anew.
create table app.zone_revision (
    zone     text   primary key,
    epoch    uuid   not null default gen_random_uuid(),
    revision bigint not null default 0,
    -- tombstones up to here are gone: an agent that asks from before gets the whole plan
    horizon  bigint not null default 0
);

-- The zones' plans. A deleted row is a tombstone.
create table app.plan_entry (
    zone     text    not null references app.zone_revision,
    key      text    not null,
    owner    text    not null,
    revision bigint  not null,
    body     jsonb,
    refs     text[]  not null default '{}',
    deleted  boolean not null default false,
    primary key (zone, key)
);
create index plan_entry_revision on app.plan_entry (zone, revision);
create index plan_entry_owner on app.plan_entry (owner, zone);
create index plan_entry_refs on app.plan_entry using gin (refs) where not deleted;

-- Leases are rows, not events.
create table app.agent_lease (
    zone       text        not null,
    agent      text        not null,
    epoch      uuid        not null,
    revision   bigint      not null,
    expires_at timestamptz not null,
    primary key (zone, agent)
);
create table app.zone_alive (
    zone  text    primary key,
    alive boolean not null
);

-- Target health as the agents last saw it: rows, not events.
create table app.target_health (
    zone         text        not null,
    target_group text        not null,
    address      text        not null,
    port         int         not null,
    state        text        not null,
    reason       text,
    agent        text        not null,
    seen_at      timestamptz not null,
    primary key (zone, target_group, address, port)
);

-- Notifications due and not yet confirmed by the broker.
create table app.due_notification (
    id         text        primary key,
    body       jsonb       not null,
    created_at timestamptz not null default now()
);

-- The role the control plane runs as: data, no schema. Its password is set by the deployment.
do $$ begin
    if not exists (select from pg_roles where rolname = 'plc_control_plane') then create role plc_control_plane login; end if;
end $$;
grant usage on schema app, plc to plc_control_plane;
grant select, insert, update, delete on all tables in schema app, plc to plc_control_plane;
grant usage, select on all sequences in schema app, plc to plc_control_plane;
grant execute on all functions in schema plc to plc_control_plane;
