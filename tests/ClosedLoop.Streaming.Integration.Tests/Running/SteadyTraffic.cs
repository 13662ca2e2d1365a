using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;

namespace ClosedLoop.Streaming.Integration.Tests.Running;

/// <summary>Server events of a few dozen visitors at a steady rate to one collector, and what it said yes to.</summary>
internal sealed class SteadyTraffic(RunningProgram collector, int senders = 4, int visitors = 40)
{
    private readonly ConcurrentDictionary<string, byte> _acknowledged = new(StringComparer.Ordinal);
    private int _unavailable;

    public IReadOnlyCollection<string> Acknowledged => (IReadOnlyCollection<string>)_acknowledged.Keys;

    /// <summary>Requests that were answered 503.</summary>
    public int Unavailable => _unavailable;

    public Task RunAsync(CancellationToken cancel) => Task.WhenAll(Enumerable.Range(0, senders).Select(s => SendAsync(s, cancel)));

    private async Task SendAsync(int sender, CancellationToken cancel)
    {
        for (var n = 0; !cancel.IsCancellationRequested; n++)
        {
            var id = $"k-{sender}-{n}";
            var json = $$"""{"event":"page_view","site":"demo","event_id":"{{id}}","visitor_id":"steady{{((n * senders) + sender) % visitors}}","url":"https://shop.example/{{n % 7}}"}""";
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningProgram.AdminKey);
            using var answer = await collector.Http.SendAsync(request, CancellationToken.None);
            if ((int)answer.StatusCode == 202) _acknowledged[id] = 0;
            else
            {
                Assert.Equal(503, (int)answer.StatusCode);
                Interlocked.Increment(ref _unavailable);
            }
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
