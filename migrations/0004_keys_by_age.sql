-- Keys are thrown away by age (src/ControlPlane/Platform/Housekeeping.cs).
create index idempotency_key_created on app.idempotency_key (created_at);
