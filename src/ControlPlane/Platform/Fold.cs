using JasperFx.Events;
using Marten.Events.Aggregation;
using PrivateLinkCloud.Domain;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>Stores an aggregate as its decider remembers it, in the transaction of its events: the domain's own <c>Evolve</c> is the projection.</summary>
public class Fold<T> : SingleStreamProjection<T, string> where T : class, IFold<T>
{
    public Fold()
    {
        Name = typeof(T).Name;
        // Mandatory with an overridden Evolve: without it a global stream's events would open a twin under the caller's tenant.
        foreach (var type in T.EventTypes) IncludeType(type);
    }

    public override T? Evolve(T? snapshot, string id, IEvent e) => T.Evolve(snapshot, e.Data);
}
