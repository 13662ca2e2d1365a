using ClosedLoop.Streaming.Collector;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClosedLoop.Streaming.Dashboard;

/// <param name="VisitorId">As in <c>/v1/visitors/{visitor_id}</c> and in the cookie.</param>
internal sealed record OwnVisitorView(string VisitorId);

/// <summary><c>GET /v1/visitor</c>: a caller's own id by its cookie. No key, and no other origin may read the answer.</summary>
internal sealed class OwnVisitorApi(Keyring keyring)
{
    private static readonly string[] Names = ["__Host-cl", "cl"];

    private readonly VisitorCookie _cookie = new(keyring.CookieKey);

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/visitor", Get).WithTags("People").Says<OwnVisitorView>("getOwnVisitor", "The caller's own visitor_id, by its cookie; for the site's server")
            .Produces<ErrorView>(404, "application/json");

    private IResult Get(HttpContext http)
    {
        http.Response.Headers.Vary = "Cookie";
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        foreach (var name in Names)
            if (http.Request.Cookies.TryGetValue(name, out var value) && _cookie.TryRead(value, out var reading))
                return ApiJson.Answer(new OwnVisitorView(reading.Visitor.ToString()));
        throw new ApiException(ApiRefusal.NoCookie, "There is no cookie of a visitor, or it was not made here.");
    }
}
