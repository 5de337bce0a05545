using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>The OpenAPI 3.1 document: bearer authentication, the idempotency header, and problems, which every operation may answer with.
/// It is committed as <c>src/ControlPlane/openapi.json</c>; a test compares.</summary>
public static class OpenApi
{
    private const string Problem = "Problem";

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // What is null is left out, so it is not required; and answers may grow, bodies may not.
            foreach (var property in context.JsonTypeInfo.Properties.Where(p => p.IsGetNullable)) schema.Required?.Remove(property.Name);
            if (!context.JsonTypeInfo.Type.Name.EndsWith("Body", StringComparison.Ordinal)) schema.AdditionalPropertiesAllowed = true;
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            foreach (var (status, description) in Refusals) (operation.Responses ??= [])[status] = ProblemResponse(description, context.Document!);
            if (context.Description.HttpMethod == "POST" && !context.Description.RelativePath!.StartsWith("v1/zones/", StringComparison.Ordinal)) (operation.Parameters ??= []).Add(IdempotencyKey);
            return Task.CompletedTask;
        });
    }

    private static readonly (string Status, string Description)[] Refusals =
    [
        ("400", "The request is not valid"), ("401", "No token, or one that cannot be trusted"), ("403", "Not for this role or account"),
        ("404", "Not there, or not yours"), ("default", "Another refusal: 409 the present state, 422 the idempotency key, 429 a limit, 503 not now"),
    ];

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo { Title = "PrivateLinkCloud", Version = "v1", Description = "A self-hosted PrivateLink: networks, load balancers, endpoint services and interface endpoints." };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        (document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>())[Problem] = ProblemSchema;
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT", Description = "Claims: tenant (12-digit account) and role (owner, operator, viewer); or role agent with zone; or role platform-operator." },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] }];
    }

    private static OpenApiParameter IdempotencyKey => new()
    {
        Name = IdempotencyKeys.Header, In = ParameterLocation.Header, Description = "Repeat a request with the same key and get the first answer again. PATCH and DELETE need none and ignore it: repeating them changes nothing more.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = IdempotencyKeys.KeyLengthMax },
    };

    private static OpenApiResponse ProblemResponse(string description, OpenApiDocument document) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(Problem, document) } },
    };

    /// <summary>RFC 9457 with the stable code that clients go by.</summary>
    private static OpenApiSchema ProblemSchema => new()
    {
        Type = JsonSchemaType.Object,
        Required = new HashSet<string> { "type", "title", "status", "detail", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("urn:privatelinkcloud:problem:<code>"), ["title"] = Text("What kind of refusal"), ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = Text("A sentence that says what to do"), ["code"] = Text("Stable: go by this one"),
        },
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
