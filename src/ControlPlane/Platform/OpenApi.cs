using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>The OpenAPI 3.1 document: title, bearer authentication, and the idempotency header on every POST of a tenant.</summary>
public static class OpenApi
{
    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "PrivateLinkCloud", Version = "v1", Description = "A self-hosted PrivateLink: networks, load balancers, endpoint services and interface endpoints." };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT", Description = "Claims: tenant (12-digit account), role (owner, operator, viewer)." },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.HttpMethod == "POST")
                (operation.Parameters ??= []).Add(new OpenApiParameter { Name = IdempotencyKeys.Header, In = ParameterLocation.Header, Description = "Repeat a request with the same key and get the first answer again.", Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = IdempotencyKeys.KeyLengthMax } });
            return Task.CompletedTask;
        });
    }
}
