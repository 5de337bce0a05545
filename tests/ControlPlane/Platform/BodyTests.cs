using System.Net.Http.Headers;
using System.Text;

namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>Bodies that cannot be read are refused whole, each with its own code, and nothing is stored.</summary>
[Collection(OneControlPlane.Name)]
public sealed class BodyTests(ControlPlaneFixture fixture)
{
    public static TheoryData<string, string, string, string> Bodies => new()
    {
        { "an unknown field", "/v1/vpcs", """{"cidr":"10.0.0.0/16","colour":"red"}""", "UnknownField" },
        { "an unknown field deeper down", "/v1/target-groups", """{"name":"x","vpcId":"VPC","port":80,"healthCheck":{"path":"/"}}""", "UnknownField" },
        { "a missing field", "/v1/vpcs", "{}", "MissingField" },
        { "null for a field that is needed", "/v1/vpcs", """{"cidr":null}""", "InvalidBody" },
        { "text that is not JSON", "/v1/vpcs", "cidr=10.0.0.0/16", "InvalidBody" },
        { "JSON that ends too early", "/v1/vpcs", """{"cidr":"10.0.0.0/16" """, "InvalidBody" },
        { "something after the end", "/v1/vpcs", """{"cidr":"10.0.0.0/16"} {}""", "InvalidBody" },
        { "nothing at all", "/v1/vpcs", "", "InvalidBody" },
        { "null", "/v1/vpcs", "null", "InvalidBody" },
        { "a list instead of an object", "/v1/vpcs", "[]", "InvalidBody" },
        { "a number instead of text", "/v1/vpcs", """{"cidr":10}""", "InvalidBody" },
        { "a port beyond any integer", "/v1/target-groups", """{"name":"x","vpcId":"VPC","port":99999999999}""", "InvalidBody" },
        { "the same field twice", "/v1/vpcs", """{"cidr":"10.0.0.0/16","cidr":"10.1.0.0/16"}""", "InvalidBody" },
        { "an event that is none of the four", "/v1/connection-notifications", """{"serviceId":"SVC","topicArn":"arn:aws:sns:us-east-1:100000000001:t","events":["applaud"]}""", "InvalidBody" },
        { "an event by number", "/v1/connection-notifications", """{"serviceId":"SVC","topicArn":"arn:aws:sns:us-east-1:100000000001:t","events":[1]}""", "InvalidBody" },
        { "null in a list of ids", "/v1/interface-endpoints", """{"vpcId":"VPC","serviceName":"x","subnetIds":[null]}""", "InvalidBody" },
        { "null in a list of targets", "/v1/target-groups/TG/register-targets", """{"targets":[{"address":"10.0.1.9"},null]}""", "InvalidBody" },
        { "null in a list of principals", "/v1/endpoint-services/SVC/allowed-principals", """{"add":[null]}""", "InvalidBody" },
        { "a character the database cannot hold", "/v1/endpoint-services/SVC/allowed-principals", """{"add":["arn:aws:iam::\u0000"]}""", "InvalidPrincipal" },
        { "half a surrogate pair", "/v1/vpcs", """{"cidr":"\ud800"}""", "InvalidBody" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_is_refused_when_it_is(string what, string path, string body, string code)
    {
        var world = await fixture.SharedWorldAsync();
        string Filled(string text) => text.Replace("VPC", world.ProviderVpc, StringComparison.Ordinal).Replace("SVC", world.ServiceId, StringComparison.Ordinal).Replace("TG", world.TargetGroup, StringComparison.Ordinal);
        var answer = await fixture.RefusedAsync(400, code, () => world.AsProvider.PostAsync(Filled(path), Filled(body)));
        Assert.False(answer["detail"].Contains("PrivateLinkCloud", StringComparison.Ordinal), $"{what}: names our types: {answer["detail"]}");
    }

    [Fact]
    public async Task A_character_that_no_text_column_holds_is_the_senders_mistake()
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(400, "InvalidCharacter", () => world.AsConsumer.PostAsync("/v1/interface-endpoints",
            $$"""{"vpcId":"{{world.ConsumerVpc}}","serviceName":"{{world.ServiceName}}","subnetIds":["{{world.ConsumerSubnets[0]}}"],"message":"a\u0000b"}"""));
    }

    [Fact]
    public async Task A_flag_that_is_not_there_is_not_taken_for_false()
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(400, "MissingField", () => world.AsProvider.PatchAsync($"/v1/load-balancers/{world.LoadBalancerId}", new { }));
    }

    [Fact]
    public async Task An_unknown_field_is_named()
    {
        var world = await fixture.SharedWorldAsync();
        Assert.Contains("$.colour", (await world.AsProvider.PostAsync("/v1/vpcs", """{"cidr":"10.0.0.0/16","colour":"red"}"""))["detail"], StringComparison.Ordinal);
        Assert.Contains("cidr", (await world.AsProvider.PostAsync("/v1/vpcs", "{}"))["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Only_json_is_read(string mediaType)
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(415, "UnsupportedMediaType", () => world.AsProvider.PostAsync("/v1/vpcs", new StringContent("""{"cidr":"10.0.0.0/16"}""", Encoding.UTF8, mediaType)));
        await fixture.RefusedAsync(415, "UnsupportedMediaType", () => fixture.Agent(world.Zones[0]).PostAsync($"/v1/zones/{world.Zones[0]}/reports", new StringContent("{}", Encoding.UTF8, mediaType)));
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, "a key")]
    [InlineData(false, "a key")]
    public async Task A_body_over_one_mebibyte_is_refused(bool announced, string? key)
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(413, "BodyTooLarge", () => AskAsync(world.AsProvider, announced, key));
    }

    /// <summary>The server need not read what it has refused, and the reset that follows may overtake its answer on the way: then it is asked again.</summary>
    private static async Task<Answer> AskAsync(ApiClient tenant, bool announced, string? key)
    {
        for (var attempt = 1; ; attempt++)
        {
            try { return await tenant.PostAsync("/v1/vpcs", new LargeBody(announced), key); }
            catch (HttpRequestException) when (attempt < 5) { }
        }
    }

    /// <summary>One byte too many, with or without saying so beforehand. Asks before it sends, so that the answer is not lost in a reset.</summary>
    private sealed class LargeBody : HttpContent
    {
        private readonly byte[] _bytes = Encoding.UTF8.GetBytes($$"""{"cidr":"{{new string('1', (1 << 20) - 10)}}"}""");
        private readonly bool _announced;

        public LargeBody(bool announced)
        {
            _announced = announced;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => stream.WriteAsync(_bytes.AsMemory()).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return _announced;
        }
    }
}
