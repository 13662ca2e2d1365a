using Microsoft.OpenApi;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>The doors of CONTRACT.md §2 and §3 by hand: they are served before routing, so nothing can find them there.</summary>
internal static class DoorPaths
{
    public static IEnumerable<(string Path, HttpMethod Method, OpenApiOperation Operation, bool NeedsKey)> All()
    {
        yield return ("/i", HttpMethod.Get, Door("pixel", "Records a hit; the parameters are those of the Snowplow tracker protocol",
            [Query("aid", "The site; not needed when there is just one."), Query("url", "The page; otherwise the Referer header."), Query("refr", "Where the visitor came from."),
             Query("e", "pv for a page view."), Query("eid", "The sender's id of the event, at most 64 characters; the same one again is a duplicate.")],
            null, ("200", "A GIF of 43 bytes; sets the visitor's cookie", "image/gif"), ("503", "The hit could not be made durable", "application/json")), false);
        yield return ("/r/{slug}", HttpMethod.Get, Door("followLink", "Records a click with the link's campaign and redirects", [Path("slug", "Of a stored link.")], null,
            ("302", "To the stored address", null), ("404", "There is no such link", "application/json")), false);
        yield return ("/r", HttpMethod.Get, Door("followSignedLink", "The same for a signed link, which carries everything itself",
            [Query("u", "The target."), Query("s", "The signature over target and campaign.")], null,
            ("302", "To the signed address", null), ("400", "The signature is missing or wrong", "application/json")), false);
        yield return ("/f/{site}", HttpMethod.Post, Door("sendForm", "A plain HTML form: joins the cookie's history to the person who sent it", [Path("site", "Id or alias.")],
            "application/x-www-form-urlencoded", ("303", "To the field return, on the site's own hosts", null), ("413", "Longer than 64 KiB", "application/json")), false);
        yield return ("/c/{site}", HttpMethod.Post, Door("sendConsent", "A plain HTML consent form: choice is accept or deny", [Path("site", "Id or alias.")],
            "application/x-www-form-urlencoded", ("303", "Back to the site", null)), false);
        yield return ("/v1/events", HttpMethod.Post, Door("sendEvents", "Events from servers and CRM: one, or an array of at most 1,000; with the write key of the site", [],
            "application/json", ("202", "{\"accepted\",\"duplicates\",\"refused\":[{\"index\",\"reason\",\"detail\",\"field\"?}]}", "application/json"),
            ("400", "The body is no JSON", "application/json"), ("401", "The key is missing or unknown", "application/json"),
            ("413", "Longer than 1 MiB", "application/json"), ("503", "The hits could not be made durable", "application/json")), true);
    }

    private static OpenApiOperation Door(string name, string summary, OpenApiParameter[] parameters, string? bodyType,
        params ReadOnlySpan<(string Status, string Description, string? Type)> answers)
    {
        var responses = new OpenApiResponses();
        foreach (var (status, description, type) in answers)
            responses[status] = new OpenApiResponse { Description = description, Content = type is null ? null : new Dictionary<string, OpenApiMediaType> { [type] = new() } };
        return new OpenApiOperation
        {
            OperationId = name, Summary = summary, Responses = responses, Parameters = [.. parameters],
            Tags = new HashSet<OpenApiTagReference> { new("Doors") },
            RequestBody = bodyType is null ? null : new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { [bodyType] = new() } },
        };
    }

    private static OpenApiParameter Query(string name, string description) => Parameter(name, description, ParameterLocation.Query);

    private static OpenApiParameter Path(string name, string description) => Parameter(name, description, ParameterLocation.Path);

    private static OpenApiParameter Parameter(string name, string description, ParameterLocation at) => new()
    {
        Name = name, Description = description, In = at, Required = at == ParameterLocation.Path, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
