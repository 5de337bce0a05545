using JasperFx;
using JasperFx.Core;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Weasel.Core;
using Marten;
using Npgsql;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.ConnectionNotifications;
using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.Regions;
using PrivateLinkCloud.Domain.TargetGroups;
using PrivateLinkCloud.Domain.Tenants;
using PrivateLinkCloud.Domain.Topics;
using PrivateLinkCloud.Domain.Vpcs;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>The event store: conjoined tenancy, string stream ids, each aggregate's fold kept inline as its read model.</summary>
public static class MartenSetup
{
    public const string Schema = "plc";

    /// <summary>Tenant of what belongs to the platform operator: regions, and the operators' idempotency keys.</summary>
    public const string PlatformTenant = "platform";

    public static void Configure(StoreOptions o, NpgsqlDataSource dataSource)
    {
        o.Connection(dataSource);
        o.DatabaseSchemaName = Schema;
        o.AutoCreateSchemaObjects = AutoCreate.None; // the schema changes through migrations/ alone
        o.UseSystemTextJsonForSerialization(EnumStorage.AsString, Casing.CamelCase); // said to the store, not only to the serializer: queries must look for what it writes
        o.DisableNpgsqlLogging = true;
        // A save is never repeated by the store: what was settled before it in the same transaction (claims, the idempotent answer) would be
        // missing from the second. CommandHandling begins again from the load.
        o.ConfigureWritePolly(_ => { });

        o.Events.StreamIdentity = StreamIdentity.AsString;
        o.Events.TenancyStyle = JasperFx.MultiTenancy.TenancyStyle.Conjoined;
        o.Events.AppendMode = EventAppendMode.Quick; // all processes on one schema need the same mode
        o.Policies.AllDocumentsAreMultiTenanted();
        foreach (var (type, name) in EventCatalog.StoredNames) o.Events.MapEventType(type, name);

        AddFolds(o);
        Daemon(o);
    }

    private static void AddFolds(StoreOptions o)
    {
        o.Projections.Add(new Fold<Region>(), ProjectionLifecycle.Inline);
        o.Projections.Add(new Fold<Tenant>(), ProjectionLifecycle.Inline);
        o.Projections.Add(new Fold<Vpc>(), ProjectionLifecycle.Inline);
        o.Projections.Add(new Fold<TargetGroup>(), ProjectionLifecycle.Inline);
        o.Projections.Add(new Fold<LoadBalancer>(), ProjectionLifecycle.Inline);
        o.Projections.Add(new Fold<EndpointService>(), ProjectionLifecycle.Inline);
        o.Projections.Add(new Fold<Topic>(), ProjectionLifecycle.Inline);
        o.Projections.Add(new Fold<ConnectionNotification>(), ProjectionLifecycle.Inline);
        // The one stream two tenants reach lives outside any one tenant; read only through Platform/CrossTenant and the endpoint's own queries.
        o.Projections.AddGlobalProjection(new Fold<InterfaceEndpoint>(), ProjectionLifecycle.Inline);

        o.Schema.For<EndpointService>().Duplicate(s => s.Name);
        o.Schema.For<InterfaceEndpoint>().Duplicate(e => e.Consumer).Duplicate(e => e.Provider).Duplicate(e => e.ServiceId).Duplicate(e => e.VpcId)
            .Duplicate(e => e.NextDeadline!, pgType: "timestamp with time zone", notNull: false);
        o.Schema.For<ConnectionNotification>().Duplicate(n => n.ServiceId!, notNull: false).Duplicate(n => n.EndpointId!, notNull: false);
    }

    private static void Daemon(StoreOptions o)
    {
        // The unlisted fork of DistributedLock that Marten asks for is not there: without this, no leader is ever elected and nothing says so.
        o.Events.UseAdvisoryLockTransaction = true;
        // A leader whose database session was cut must notice that it leads no more, or two plan at once and, later, nobody.
        // The watching session sleeps in the server; EventDatabase has the server look whether its client still lives.
        o.Events.UseMonitoredAdvisoryLock = true;
        o.Projections.SlowPollingTime = 250.Milliseconds();
        o.Projections.FastPollingTime = 50.Milliseconds();
        // A lost race burns an event number, and the planner waits this long (default 3 s, for every zone) before it steps over the gap. A gap
        // that a transaction still open could fill is never stepped over, however long that takes.
        o.Projections.StaleSequenceThreshold = 100.Milliseconds();
        o.Projections.LeadershipPollingTime = 1000;
        o.Projections.Errors.SkipApplyErrors = false;
        o.Projections.Errors.SkipSerializationErrors = false;
        o.Projections.Errors.SkipUnknownEvents = false;
    }
}
