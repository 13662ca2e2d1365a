using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Streaming.Collector;

/// <summary>The answers of the doors, with everything about them that never changes made once.</summary>
internal sealed class Answers(CollectorOptions options)
{
    private const string NoStore = "no-store";
    private readonly string _retryAfter = options.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>A transparent GIF of one pixel: 43 bytes.</summary>
    private static readonly byte[] Gif =
    [
        0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x01, 0x00, 0x01, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0x21, 0xF9, 0x04,
        0x01, 0x00, 0x00, 0x00, 0x00, 0x2C, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0x02, 0x02, 0x44, 0x01, 0x00, 0x3B,
    ];

    public static void Pixel(IFeatureCollection features, string? setCookie, bool head = false)
    {
        var response = features.GetRequiredFeature<IHttpResponseFeature>();
        var headers = response.Headers;
        headers.ContentLength = 43;
        headers.ContentType = "image/gif";
        headers.CacheControl = NoStore;
        if (setCookie is not null) headers.SetCookie = setCookie;
        if (!head) features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.Write(Gif);
    }

    /// <param name="location">Has passed <see cref="SafeTarget"/>.</param>
    public static void Redirect(IFeatureCollection features, int status, string location, string? setCookie = null, string? secondCookie = null)
    {
        var response = features.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = status;
        var headers = response.Headers;
        headers.Location = location;
        headers.ContentLength = 0;
        headers.CacheControl = NoStore;
        if (setCookie is not null && secondCookie is not null) headers.SetCookie = new[] { setCookie, secondCookie };
        else if (setCookie is not null) headers.SetCookie = setCookie;
    }

    /// <summary>The hit is not durable, or nobody knows: the sender may try again.</summary>
    public void Unavailable(IFeatureCollection features)
    {
        features.GetRequiredFeature<IHttpResponseFeature>().Headers.RetryAfter = _retryAfter;
        Refuse(features, Refusal.Unavailable, "The hit could not be made durable. Try again; it may already be stored.");
    }

    public static void MethodNotAllowed(IFeatureCollection features, string allow)
    {
        features.GetRequiredFeature<IHttpResponseFeature>().Headers.Allow = allow;
        Refuse(features, Refusal.MethodNotAllowed, $"This address answers {allow}.");
    }

    public static void Refuse(IFeatureCollection features, Refusal refusal, string message) =>
        Refuse(features, refusal.Status(), refusal.Name(), message);

    public static void Refuse(IFeatureCollection features, int status, string code, string message)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("code", code);
            json.WriteString("message", message);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        Body(features, status, "application/json", body.WrittenSpan);
    }

    public static void Text(IFeatureCollection features, int status, string contentType, string text) =>
        Body(features, status, contentType, Encoding.UTF8.GetBytes(text));

    public static void Body(IFeatureCollection features, int status, string contentType, ReadOnlySpan<byte> body)
    {
        var response = features.GetRequiredFeature<IHttpResponseFeature>();
        if (response.HasStarted) return;
        response.StatusCode = status;
        response.Headers.ContentType = contentType;
        response.Headers.ContentLength = body.Length;
        response.Headers.CacheControl = NoStore;
        response.Headers["X-Content-Type-Options"] = "nosniff";
        // To HEAD the server sends the headers alone.
        if (features.GetRequiredFeature<IHttpRequestFeature>().Method != "HEAD")
            features.GetRequiredFeature<IHttpResponseBodyFeature>().Writer.Write(body);
    }
}
