using JasperFx.Events.Daemon;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using PrivateLinkCloud.Domain.ConnectionNotifications;
using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.Regions;
using PrivateLinkCloud.Domain.TargetGroups;
using PrivateLinkCloud.Domain.Tenants;
using PrivateLinkCloud.Domain.Topics;
using PrivateLinkCloud.Domain.Vpcs;

namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>Events are the truth: read models thrown away and folded anew from the first event are the ones that lived.</summary>
public sealed class RebuildTests(HastyControlPlane fixture) : IClassFixture<HastyControlPlane>
{
    private static readonly Type[] Models =
        [typeof(Region), typeof(Tenant), typeof(Vpc), typeof(TargetGroup), typeof(LoadBalancer), typeof(EndpointService), typeof(InterfaceEndpoint), typeof(Topic), typeof(ConnectionNotification)];

    [Fact]
    public async Task Read_models_rebuilt_from_zero_equal_the_live_ones()
    {
        await StoryAsync(fixture.NewWorld());
        var live = await DocumentsAsync();
        Assert.All(Models, model => Assert.Contains(live, d => d.StartsWith($"{model.Name.ToLowerInvariant()} ", StringComparison.Ordinal)));

        // The control plane's role cannot empty tables: rebuilding is an operator's work, as the owner.
        var (app, _) = await fixture.StartAsync(("Database:ConnectionString", fixture.OwnerConnectionString));
        await using (app)
        {
            await fixture.ScalarAsync<long>("with gone as (delete from plc.mt_doc_interfaceendpoint returning 1) select count(*) from gone");
            Assert.NotEqual(live, await DocumentsAsync());
            using var daemon = await app.Services.GetRequiredService<IDocumentStore>().BuildProjectionDaemonAsync();
            foreach (var model in Models) await daemon.RebuildProjectionAsync(model.Name, TestContext.Current.CancellationToken);
            Assert.Equal(live, await DocumentsAsync());
            await app.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A bit of everything, with ends of every kind.</summary>
    private static async Task StoryAsync(World world)
    {
        await world.ServiceAsync();
        var provider = world.AsProvider;
        (await provider.PatchAsync($"/v1/endpoint-services/{world.ServiceId}", new { privateDnsName = "db.example.com" })).Expect(200);
        (await world.Fixture.Operator().PostAsync($"/v1/endpoint-services/{world.ServiceId}/confirm-private-dns-name", new { privateDnsName = "db.example.com" })).Expect(200);
        var topic = (await provider.PostAsync("/v1/topics", new { name = "t" })).Expect(201)["arn"];
        (await provider.PostAsync("/v1/topics/t/subscriptions", new { protocol = "https", destination = "https://example.com/hook" })).Expect(201);
        (await provider.PostAsync("/v1/connection-notifications", new { serviceId = world.ServiceId, topicArn = topic, events = new[] { "accept" } })).Expect(201);

        var named = (await world.RequestAsync(privateDns: true))["id"];
        (await provider.PostAsync($"/v1/endpoint-connections/{named}/accept")).Expect(200);
        foreach (var zone in world.Zones) await world.PlannedAsync(named, zone);
        foreach (var zone in world.Zones) await world.AgentReportsAsync(zone);
        await world.EventuallyAsync(named, "available");
        (await world.AsConsumer.PostAsync($"/v1/interface-endpoints/{named}/disable-private-dns")).Expect(200);

        var rejected = await world.AcceptedAsync();
        (await provider.PostAsync($"/v1/endpoint-connections/{rejected}/reject")).Expect(200);
        await world.EventuallyAsync(await world.AcceptedAsync(), "failed");
        await world.EventuallyAsync(named, "failed");
        (await world.AsConsumer.DeleteAsync($"/v1/interface-endpoints/{(await world.RequestAsync())["id"]}")).Expect(204);
        (await provider.PostAsync($"/v1/target-groups/{world.TargetGroup}/deregister-targets", new { targets = new[] { new { address = "10.0.1.100" } } })).Expect(200);
        await Unwritten.SettledAsync(world.Fixture);
    }

    private async Task<IReadOnlyList<string>> DocumentsAsync() => await fixture.ColumnAsync(string.Join(" union all ",
        Models.Select(m => $"select '{m.Name.ToLowerInvariant()} ' || id || ' ' || data::text from plc.mt_doc_{m.Name.ToLowerInvariant()}")) + " order by 1");
}
