using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>The system's own description at <c>/openapi/v1.json</c>: the routes as they are mapped, and the doors, which stand before routing.</summary>
internal static class ApiDocument
{
    private const string KeyName = "key";

    public static IServiceCollection AddApiDocument(this IServiceCollection services)
    {
        // The shapes are described as ApiJson writes and reads them.
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        return services.AddOpenApi("v1", options =>
        {
            options.AddOperationTransformer(DescribeOperationAsync);
            options.AddDocumentTransformer((document, _, _) =>
            {
                Describe(document);
                return Task.CompletedTask;
            });
        });
    }

    private static async Task DescribeOperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        if (operation.Responses is { } responses && responses.TryGetValue("400", out var refused))
        {
            Refused(responses, "404", context.Description.RelativePath?.Contains('{') == true, "There is no such thing", refused);
            Refused(responses, "413", context.Description.HttpMethod is "POST" or "PUT" or "PATCH", "The body is longer than 1 MiB", refused);
            Refused(responses, "503", true, "Not durable, or not ready yet: try again", refused);
        }
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<BodyShape>().FirstOrDefault() is not { } shape) return;
        var schema = await context.GetOrCreateSchemaAsync(shape.Type, null, cancel);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = schema } },
        };
    }

    private static void Refused(OpenApiResponses responses, string status, bool applies, string description, IOpenApiResponse like)
    {
        if (applies) responses.TryAdd(status, new OpenApiResponse { Description = description, Content = like.Content });
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "ClosedLoop.Streaming", Version = "v1",
            Description = "Web tracking without JavaScript that closes the loop from the first visit to the money. Times are ISO 8601 in UTC; errors are {\"error\":{\"code\",\"message\"}}.",
        };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[KeyName] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The admin key, or where it says so the write key of a site.",
        };
        var needsKey = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyName, document)] = [] };
        foreach (var (path, item) in document.Paths)
            foreach (var operation in item.Operations ?? [])
                if (path.StartsWith("/v1/", StringComparison.Ordinal) && path != "/v1/visitor") operation.Value.Security = [needsKey];
        foreach (var (path, method, operation, key) in DoorPaths.All())
        {
            if (key) operation.Security = [needsKey];
            if (!document.Paths.TryGetValue(path, out var item)) document.Paths[path] = item = new OpenApiPathItem();
            ((OpenApiPathItem)item).AddOperation(method, operation);
        }
    }
}
