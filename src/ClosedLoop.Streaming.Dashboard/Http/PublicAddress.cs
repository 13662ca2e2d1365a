using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>The address under which the doors are reached from outside, without a slash at its end.</summary>
internal sealed class PublicAddress(DashboardOptions options)
{
    public string Of(HttpContext http) => options.PublicUrl?.TrimEnd('/') ?? $"{http.Request.Scheme}://{http.Request.Host.Value}";

    public bool IsSecure(HttpContext http) =>
        http.Request.IsHttps || options.PublicUrl?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) == true;
}
