using System.Net.Http.Headers;
using System.Text;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests.Killing;

/// <summary>A request that can be sent again as it was, and the ids of the events in it.</summary>
internal abstract record Hit(IReadOnlyList<string> EventIds)
{
    /// <summary>The status that means yes.</summary>
    public abstract int Yes { get; }

    public abstract HttpRequestMessage Request();
}

/// <summary>A view of a page by the pixel, of a browser that has its cookie.</summary>
internal sealed record PixelHit(string EventId, string? Cookie, string Page) : Hit([EventId])
{
    public override int Yes => 200;

    public override HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/i?e=pv&aid=demo&eid={EventId}&url=https%3A%2F%2Fshop.example{Page}&page=Tents");
        return request.As(Cookie);
    }
}

/// <summary>A sent form: the browser's visitor becomes a lead.</summary>
internal sealed record FormHit(string EventId, string Cookie, string Email) : Hit([EventId])
{
    public override int Yes => 303;

    public override HttpRequestMessage Request()
    {
        var fields = new Dictionary<string, string> { ["email"] = Email, ["event_id"] = EventId, ["form"] = "contact" };
        return new HttpRequestMessage(HttpMethod.Post, "/f/demo") { Content = new FormUrlEncodedContent(fields) }.As(Cookie);
    }
}

/// <summary>Events of a server.</summary>
internal sealed record ServerHit(IReadOnlyList<string> EventIds, string Json) : Hit(EventIds)
{
    public override int Yes => 202;

    public override HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events") { Content = new StringContent(Json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningProgram.AdminKey);
        return request;
    }
}

internal static class BrowserRequest
{
    public static HttpRequestMessage As(this HttpRequestMessage request, string? cookie)
    {
        request.Headers.TryAddWithoutValidation("User-Agent", Agents.Browser);
        if (cookie is not null) request.Headers.TryAddWithoutValidation("Cookie", cookie);
        return request;
    }
}
