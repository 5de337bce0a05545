using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.ControlPlane.Vpcs;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.Vpcs;

namespace PrivateLinkCloud.ControlPlane.InterfaceEndpoints;

/// <summary>Proposes one door per wanted subnet: an address that looks free (the claims decide), a new interface id, the zonal name in the
/// consumer's words.</summary>
/// <remarks><c>again</c>: an earlier choice was taken meanwhile.</remarks>
public sealed class EndpointDoors(VpcQueries vpcs, TenantDirectory directory, PlatformSettings settings)
{
    public async Task<(IReadOnlyList<EndpointDoor>, Rejection? Exhausted)> ChooseAsync(Vpc vpc, IReadOnlyList<string> subnetIds, string endpointId, string suffix, EndpointService service, bool again, CancellationToken ct)
    {
        var zones = await directory.ZonesAsync(vpc.Account, vpc.RegionId, ct);
        var doors = new List<EndpointDoor>();
        foreach (var subnet in subnetIds.Distinct().Select(id => vpc.Subnets.Single(s => s.Id == id)))
        {
            if (await vpcs.FreeAddressAsync(subnet, again, ct) is not { } address) return ([], VpcQueries.SubnetExhausted(subnet.Id));
            var zoneName = zones.Name(subnet.ZoneId);
            doors.Add(new EndpointDoor(Ids.New("eni"), subnet.Id, subnet.ZoneId, zoneName, address, settings.Naming.ZonalName(endpointId, suffix, zoneName, service.Id, service.RegionId)));
        }
        return (doors, null);
    }
}
