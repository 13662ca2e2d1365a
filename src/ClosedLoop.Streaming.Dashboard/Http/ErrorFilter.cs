using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Webhooks;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>Turns refusals into answers. A bug is not caught: it ends as 500 and in the log.</summary>
internal sealed class ErrorFilter(DashboardTelemetry telemetry) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        try
        {
            return await next(context);
        }
        catch (ApiException e)
        {
            return Answer(context.HttpContext, e);
        }
        catch (LogUnavailableException)
        {
            return Answer(context.HttpContext, new ApiException(ApiRefusal.Unavailable, HttpMethods.IsGet(context.HttpContext.Request.Method)
                ? "The states can't be reached now. Try again soon." : "The change could not be made durable. Try again; it may already be stored."));
        }
        catch (MessengerElsewhereException e)
        {
            return Answer(context.HttpContext, new ApiException(ApiRefusal.Unavailable, e.Message));
        }
        catch (BadHttpRequestException e)
        {
            return Answer(context.HttpContext, e.StatusCode == 413
                ? new ApiException(ApiRefusal.TooLarge, "The body is too long.") : new ApiException(ApiRefusal.BadJson, "The body broke off."));
        }
    }

    private IResult Answer(HttpContext http, ApiException e)
    {
        telemetry.Refused(e.Refusal.Code());
        var headers = http.Response.Headers;
        if (e.Refusal.Status() == 401) headers.WWWAuthenticate = "Bearer";
        if (e.Refusal.Status() is 429 or 503) headers.RetryAfter = "1";
        return ApiJson.Answer(new ErrorView(new ErrorPart(e.Refusal.Code(), e.Message) { Position = e.Position }), e.Refusal.Status());
    }
}
