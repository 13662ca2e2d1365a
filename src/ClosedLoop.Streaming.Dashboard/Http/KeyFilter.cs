using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Lets a request in with a key of the named kinds, before its body is read.</summary>
internal sealed class KeyFilter(KeyCheck check, bool writeKeyToo) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var grant = check.Check(http.Request.Headers.Authorization);
        if (grant.Kind != KeyKind.Admin && !(writeKeyToo && grant.Kind == KeyKind.Write))
            throw new ApiException(ApiRefusal.KeyForbidden, writeKeyToo ? "This needs the admin key or the site's write key." : "This needs the admin key.");
        http.Items[typeof(Grant)] = grant;
        return next(context);
    }
}

internal static class Grants
{
    /// <summary>What the caller's key opens; only behind a <see cref="KeyFilter"/>.</summary>
    public static Grant Grant(this HttpContext http) => (Grant)http.Items[typeof(Grant)]!;

    public static TBuilder Opens<TBuilder>(this TBuilder routes, KeyCheck check, bool writeKeyToo = false) where TBuilder : IEndpointConventionBuilder =>
        routes.AddEndpointFilter(new KeyFilter(check, writeKeyToo));
}
