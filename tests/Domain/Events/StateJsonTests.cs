using System.Text.Json;
using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>The read models are the folds themselves, stored as JSON: what is read back must decide like what was written.</summary>
public sealed class StateJsonTests
{
    private static readonly JsonSerializerOptions Stored = GoldenEventTests.Stored;

    [Theory]
    [InlineData(EndpointState.PendingAcceptance)]
    [InlineData(EndpointState.Pending)]
    [InlineData(EndpointState.Available)]
    [InlineData(EndpointState.Partial)]
    [InlineData(EndpointState.Rejected)]
    [InlineData(EndpointState.Failed)]
    [InlineData(EndpointState.Expired)]
    [InlineData(EndpointState.Deleting)]
    [InlineData(EndpointState.Deleted)]
    public void An_endpoint_survives_storage_in_every_state(EndpointState state) => AssertSurvives(EndpointStates.In(state).State!);

    [Fact]
    public void Every_other_aggregate_survives_storage()
    {
        AssertSurvives(ConsumerVpc);
        AssertSurvives(Group);
        AssertSurvives(Balancer);
        AssertSurvives<EndpointService>(NamedService);
        AssertSurvives(Laws.Regions.Given(EventSamples.All).State!);
        AssertSurvives(Laws.Tenants.Given(EventSamples.All).State!);
        AssertSurvives(Laws.Topics.Given(EventSamples.All.Where(e => e is not Topics.TopicUnsubscribed).ToList()).State!);
        AssertSurvives(Laws.Notifications.Given(EventSamples.All).State!);
    }

    private static void AssertSurvives<T>(T state)
    {
        var json = JsonSerializer.Serialize(state, Stored);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<T>(json, Stored), Stored));
    }
}
