using System.Text.Json;
using System.Text.Json.Nodes;

namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>The committed API description is what the control plane serves, and says enough to make a client from.</summary>
[Collection(OneControlPlane.Name)]
public sealed class OpenApiTests(ControlPlaneFixture fixture)
{
    private static readonly string Committed = Path.Combine(ControlPlaneFixture.Root, "src", "ControlPlane", "openapi.json");
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private async Task<JsonNode> ServedAsync()
    {
        fixture.NewWorld();
        return (await new ApiClient(fixture.Url, null).GetAsync("/openapi/v1.json")).Expect(200).Json;
    }

    [Fact]
    public async Task The_committed_description_is_the_served_one()
    {
        var served = (await ServedAsync()).ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable("PLC_UPDATE_OPENAPI") == "1") await File.WriteAllTextAsync(Committed, served, TestContext.Current.CancellationToken);
        Assert.True(served == await File.ReadAllTextAsync(Committed, TestContext.Current.CancellationToken),
            "The API has changed and src/ControlPlane/openapi.json has not. If the change is meant, run this test with PLC_UPDATE_OPENAPI=1 and commit the file: its difference is what clients will see.");
    }

    [Fact]
    public async Task It_is_OpenAPI_3_1_and_asks_for_a_bearer_token()
    {
        var document = await ServedAsync();
        Assert.StartsWith("3.1.", (string)document["openapi"]!, StringComparison.Ordinal);
        Assert.Equal("bearer", (string)document["components"]!["securitySchemes"]!["bearer"]!["scheme"]!);
    }

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own_a_summary_an_answer_and_the_problems()
    {
        var operations = Operations(await ServedAsync()).ToList();
        Assert.True(operations.Count > 50, $"only {operations.Count}");
        Assert.Equal(operations.Count, operations.Select(o => (string?)o.Operation["operationId"]).OfType<string>().Distinct().Count());
        foreach (var (name, operation) in operations)
        {
            Assert.False(string.IsNullOrEmpty((string?)operation["summary"]), $"{name} has no summary");
            var responses = operation["responses"]!.AsObject();
            Assert.Contains(responses, r => r.Key.StartsWith('2') || (string)operation["operationId"]! is "ModifyNetworkInterface" or "DeleteNetworkInterface");
            foreach (var status in new[] { "400", "401", "403", "404", "default" })
                Assert.True((string?)responses[status]?["content"]?["application/problem+json"]?["schema"]?["$ref"] == "#/components/schemas/Problem", $"{name} does not say what a {status} looks like");
        }
    }

    [Fact]
    public async Task A_problem_has_the_code_that_clients_go_by()
    {
        var problem = (await ServedAsync())["components"]!["schemas"]!["Problem"]!;
        Assert.Equal(["type", "title", "status", "detail", "code"], problem["properties"]!.AsObject().Select(p => p.Key));
        Assert.Contains("code", problem["required"]!.AsArray().Select(r => (string)r!));
    }

    [Fact]
    public async Task Every_body_and_every_answer_with_content_has_a_schema()
    {
        foreach (var (name, operation) in Operations(await ServedAsync()))
        {
            var contents = operation["responses"]!.AsObject().Where(r => r.Key != "204").Select(r => r.Value!["content"]).Append(operation["requestBody"] is { } body ? body["content"] : new JsonObject()).Where(c => c is JsonObject { Count: > 0 });
            foreach (var content in contents) Assert.All(content!.AsObject(), media => Assert.True(media.Value!["schema"] is not null, $"{name}: {media.Key} without a schema"));
            if (operation["responses"]!["200"] is { } ok) Assert.True(ok["content"] is not null, $"{name}: 200 without content");
        }
    }

    [Fact]
    public async Task What_may_be_left_out_is_not_required_and_only_bodies_are_closed()
    {
        var schemas = (await ServedAsync())["components"]!["schemas"]!;
        Assert.DoesNotContain("privateDnsName", schemas["InterfaceEndpointShape"]!["required"]!.AsArray().Select(r => (string)r!));
        Assert.Contains("regionalName", schemas["InterfaceEndpointShape"]!["required"]!.AsArray().Select(r => (string)r!));
        Assert.All(schemas.AsObject(), s => Assert.Equal(s.Key.EndsWith("Body", StringComparison.Ordinal), s.Value!["additionalProperties"] is not null));
    }

    private static IEnumerable<(string Name, JsonNode Operation)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!);
}
