-- An agent of a zone that nothing was planned for reports the epoch "none".
alter table app.agent_lease alter column epoch type text;

-- Which wish of an endpoint its zones' plans hold: a report is believed only about that (src/ControlPlane/Zones/ZoneReadiness.cs).
create table app.planned_wish (
    endpoint text primary key,
    wish     int  not null
);
grant select, insert, update, delete on app.planned_wish to plc_control_plane;
