using System.Collections.Immutable;
using System.Net;

namespace PrivateLinkCloud.Dns;

/// <summary>
/// What one VPC's resolver knows: immutable, swapped whole on a plan change. Names are lower case without trailing dot.
/// </summary>
/// <param name="Names">Every name that exists inside this VPC.</param>
/// <param name="EndpointDomain">Below this (e.g. <c>vpce.plc.internal</c>) we are authoritative: a name that is not in <paramref name="Names"/> is
/// NXDOMAIN here, even if another VPC has it (<c>hideOutsideVpc</c>).</param>
public sealed record ResolverView(ImmutableDictionary<string, ViewName> Names, string EndpointDomain);

/// <param name="Overlay">True for a private name: it and everything below it is ours inside this VPC. False: an endpoint name.</param>
public sealed record ViewName(string Name, ImmutableArray<ViewDoor> Doors, int TtlSeconds, bool Overlay);

public sealed record ViewDoor(string Key, IPAddress Address);
