using PrivateLinkCloud.ControlPlane.Platform;

// The control plane: HTTP API, event store, projections, planning, broker. `migrate --migrations DIR` brings a database up to date;
// `renew-epochs` follows the restoring of a backup; `schema` prints the event store's DDL; without a word it serves.
return await (args.FirstOrDefault() switch
{
    "migrate" => Commands.MigrateAsync(args[1..]),
    "renew-epochs" => Commands.RenewEpochsAsync(args[1..]),
    "schema" => Commands.SchemaAsync(args[1..]),
    _ => Commands.ServeAsync(args),
});
