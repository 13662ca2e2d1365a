using System.Globalization;
using System.Net;
using System.Text;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests.Killing;

/// <summary>One of several that send at a set rate until the program dies: one browser after another, and a server's events between.</summary>
internal sealed class Sender(Ledger ledger, string name)
{
    private const int HitsPerBrowser = 8;
    private int _hits;
    private int _browserHits;
    private string? _cookie;

    /// <param name="due">The time of this sender's next hit; called before each.</param>
    public async Task RunAsync(RunningProgram program, Func<Task<bool>> due)
    {
        // The program that gave the cookie may be dead; a browser keeps it all the same.
        while (await due())
        {
            var isAgain = ledger.TryTake(out var hit);
            if (!isAgain) hit = Next();
            if (!await SendAsync(program.Http, hit)) return;
        }
    }

    /// <summary>Sends what is left until nothing is.</summary>
    public async Task FinishAsync(RunningProgram program)
    {
        while (ledger.TryTake(out var hit)) Assert.True(await SendAsync(program.Http, hit), "the program died by itself:\n" + program.Child.Out + program.Child.Error);
    }

    /// <summary>False: nobody is there any more.</summary>
    private async Task<bool> SendAsync(HttpClient http, Hit hit)
    {
        try
        {
            using var request = hit.Request();
            using var answer = await http.SendAsync(request);
            if ((int)answer.StatusCode == hit.Yes)
            {
                await AcknowledgeAsync(hit, answer);
                return true;
            }
            var said = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, $"{(int)answer.StatusCode} for {hit}: {said}");
            ledger.LeaveUnavailable(hit);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            // Without a cookie it would be another visitor's when sent again: this one stays without an answer.
            if (hit is not PixelHit { Cookie: null }) ledger.Leave(hit);
            return false;
        }
    }

    private async Task AcknowledgeAsync(Hit hit, HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        if (hit is ServerHit) Assert.EndsWith("\"refused\":[]}", body, StringComparison.Ordinal);
        if (hit is PixelHit { Cookie: null } && answer.Headers.TryGetValues("Set-Cookie", out var cookies)) _cookie = cookies.First().Split(';')[0];
        ledger.Acknowledge(hit);
    }

    private Hit Next()
    {
        var number = _hits++;
        var id = string.Create(CultureInfo.InvariantCulture, $"k-{name}-{number}");
        return (number % 10) switch
        {
            6 or 7 => Views(id, number),
            9 => Order(id, number),
            _ => OfBrowser(id),
        };
    }

    private Hit OfBrowser(string id)
    {
        if (_browserHits++ == HitsPerBrowser) (_cookie, _browserHits) = (null, 1);
        if (_browserHits == HitsPerBrowser && _cookie is not null) return new FormHit(id, _cookie, id + "@mail.example");
        return new PixelHit(id, _cookie, $"/tents/{_browserHits}");
    }

    private static ServerHit Views(string id, int number)
    {
        var json = new StringBuilder("[");
        var ids = new List<string>();
        var visitor = $"s-{id[2..id.LastIndexOf('-')]}-{number / 50}";
        for (var i = 0; i <= number % 3; i++)
        {
            ids.Add($"{id}.{i}");
            if (i > 0) json.Append(',');
            json.Append(CultureInfo.InvariantCulture, $$"""{"event":"page_view","event_id":"{{id}}.{{i}}","site":"demo","visitor_id":"{{visitor}}","url":"https://shop.example/p/{{i}}"}""");
        }
        return new ServerHit(ids, json.Append(']').ToString());
    }

    private static ServerHit Order(string id, int number)
    {
        var person = $"crm-{id[2..id.LastIndexOf('-')]}-{number / 30}";
        return new ServerHit([id],
            $$$"""{"event":"purchase","event_id":"{{{id}}}","site":"demo","lead":{"external_id":"{{{person}}}"},"properties":{"order_id":"O-{{{id}}}","revenue":12.5,"currency":"EUR"}}""");
    }
}
