using System.Text;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests.Malformed;

/// <summary>One good request for each door and route, to be spoilt.</summary>
internal static class GoodRequests
{
    private const string Key = "Authorization: Bearer " + RunningProgram.AdminKey + "\r\n";

    public static IReadOnlyList<byte[]> All { get; } =
    [
        Get("/i?e=pv&aid=demo&url=https%3A%2F%2Fshop.example%2Fa%3Futm_source%3Dx%26gclid%3D1&refr=https%3A%2F%2Fwww.google.com%2F&page=T&eid=e-1&dtm=1767225600000&stm=1767225600100", "Cookie: cl=abc.def.ghi\r\n"),
        Get("/i?e=se&se_ca=a&se_ac=b&se_va=1.5&tr_id=1&tr_tt=12.5&cx=eyJzY2hlbWEiOiJ4IiwiZGF0YSI6W119&ue_px=eyJhIjoxfQ", "Sec-GPC: 1\r\nDNT: 1\r\nReferer: https://shop.example/\r\n"),
        Get("/ice.png?e=pp", "SP-Anonymous: *\r\nX-Forwarded-For: 1.2.3.4, ::1\r\n"),
        Get("/r/spring", ""), Get("/r?u=https%3A%2F%2Fshop.example%2F&s=AAAA&k=1", ""),
        Post("/f/demo", "application/x-www-form-urlencoded", "email=a%40mail.example&phone=%2B380441234567&form=contact&return=%2Fthanks&message=hello", ""),
        Post("/f/demo", "multipart/form-data; boundary=xyz", "--xyz\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na@mail.example\r\n--xyz\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\nbytes\r\n--xyz--\r\n", ""),
        Post("/c/demo", "application/x-www-form-urlencoded", "choice=deny&return=%2F", ""),
        Post("/v1/events", "application/json", """[{"event":"purchase","event_id":"m-1","site":"demo","occurred_at":"2026-01-01T10:00:00+02:00","lead":{"email":"a@mail.example","external_id":"x","phone":null,"traits":{"city":"Lviv"}},"campaign":{"source":"a","medium":"b"},"properties":{"order_id":"O-1","revenue":129.90,"currency":"EUR","items":[{"sku":"T","category":"tents","price":139.9,"cost":80,"quantity":1}]}}]""", Key),
        Post("/v1/events", "application/json", """{"event":"page_view","visitor_id":"v","url":"https://shop.example/ä?x=%41","heard_from":"friend"}""", Key),
        Get("/v1/visitor", "Cookie: cl=abc\r\n"), Get("/v1/visitors/abc?site=demo", Key), Get("/v1/leads?email=a%40mail.example", Key), Get("/v1/leads/0123456789abcdef", Key),
        Get("/v1/segments", Key), Get("/v1/segments/warm/members?limit=10&cursor=abc", Key),
        Post("/v1/segments/warm/preview", "application/json", """{"rule":"page_views >= 3 and not (channel in (\"Direct\",\"Email\"))"}""", Key),
        Post("/v1/links", "application/json", """{"url":"https://shop.example/","source":"a","medium":"b","campaign":"c","cost":1.5}""", Key),
        Post("/v1/webhooks", "application/json", """{"url":"https://hooks.invalid/x","events":["segment.entered"],"segments":["warm"]}""", Key),
        Post("/v1/sites", "application/json", """{"id":"other","hosts":["shop.example"],"timezone":"Europe/Kyiv","currency":"EUR","lookback_days":90}""", Key),
        Get("/v1/reports/channels?site=demo&from=2026-01-01&to=2026-12-31&interval=month&compare=previous&model=linear", Key),
        Get("/health", ""), Get("/health/ready", ""), Get("/robots.txt", ""), Get("/openapi/v1.json", ""), Get("/metrics", ""),
    ];

    private static byte[] Get(string target, string headers) =>
        Encoding.UTF8.GetBytes($"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {Agents.Browser}\r\n{headers}Connection: close\r\n\r\n");

    private static byte[] Post(string target, string type, string body, string headers) => Encoding.UTF8.GetBytes(
        $"POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {Agents.Browser}\r\n{headers}Content-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}");
}
