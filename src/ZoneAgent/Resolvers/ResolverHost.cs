using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using PrivateLinkCloud.DataPlane;
using PrivateLinkCloud.Dns;

namespace PrivateLinkCloud.ZoneAgent.Resolvers;

/// <summary>
/// The resolvers of all the VPCs of the plan. A view changes by one name at a time, at the cost of that name. One thread at a time.
/// </summary>
public sealed class ResolverHost(INetworks networks, ResolverSettings settings, Func<string, bool> passing, TimeProvider time) : IDisposable
{
    private readonly UpstreamForwarder _forwarder = new(settings, time);
    private readonly Dictionary<string, VpcResolver> _resolvers = [];
    private readonly Dictionary<string, ResolverView> _views = [];
    private volatile ResolverView _everywhere = new(ImmutableDictionary<string, ViewName>.Empty, settings.EndpointDomain); // the endpoint names of all VPCs, unless they are hidden

    /// <returns>Null, or why it could not be opened.</returns>
    public string? Open(string network, IPAddress address)
    {
        if (_resolvers.TryGetValue(network, out var open) && open.Address.Equals(address)) return null;
        try
        {
            var fresh = new VpcResolver(networks, network, address, ViewOf(network), settings, passing, _forwarder, time, settings.HideOutsideVpc ? null : () => _everywhere);
            open?.Dispose();
            _resolvers[network] = fresh;
            return null;
        }
        catch (SocketException e)
        {
            return $"the resolver cannot answer at {address}:53 ({e.Message})";
        }
    }

    public void Close(string network)
    {
        if (_resolvers.Remove(network, out var open)) open.Dispose();
        _views.Remove(network);
    }

    public void Set(string network, ViewName name)
    {
        if (!settings.HideOutsideVpc) _everywhere = name.Overlay ? _everywhere.Without(name.Name) : _everywhere.With(name);
        Show(network, ViewOf(network).With(name));
    }

    public void Withdraw(string network, string name)
    {
        if (ViewOf(network).Names.GetValueOrDefault(name) is { Overlay: false }) _everywhere = _everywhere.Without(name);
        Show(network, ViewOf(network).Without(name));
    }

    public void Dispose()
    {
        foreach (var resolver in _resolvers.Values) resolver.Dispose();
        _forwarder.Dispose();
    }

    private ResolverView ViewOf(string network) =>
        _views.GetValueOrDefault(network) ?? new ResolverView(ImmutableDictionary<string, ViewName>.Empty, settings.EndpointDomain);

    private void Show(string network, ResolverView view)
    {
        _views[network] = view;
        if (_resolvers.TryGetValue(network, out var open)) open.View = view;
    }
}
