using System.Collections.Concurrent;
using System.Text;
using ClosedLoop.Streaming.Integration.Tests.Malformed;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>Spoilt requests over all doors and routes: refused, kept, never a 5xx, never a crash.</summary>
public sealed class MalformedTests(ITestOutputHelper output)
{
    private const int SendersCount = 48;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(400);

    /// <summary>The long run looks elsewhere each day; what it finds, it names.</summary>
    private static int Seed => Parts.IsLong ? DateTime.UtcNow.DayOfYear + 1 : 20261121;

    /// <summary>Requests; 20,000 in the long run.</summary>
    private static int Count => Parts.IsLong ? 20_000 : 4_000;

    [Fact]
    public async Task Malformed_requests_over_all_doors_meet_no_5xx_and_no_crash()
    {
        await using var program = await RunningProgram.StartAsync();
        // Until the warehouse is open, reports rightly say 503.
        _ = await program.RowsAsync("SELECT 1");
        var port = new Uri(program.Url).Port;
        var spoiler = new Spoiler(Seed);
        var requests = new ConcurrentQueue<byte[]>(Enumerable.Range(0, Count).Select(_ => spoiler.Next()));
        var statuses = new ConcurrentDictionary<int, int>();
        var wrong = new ConcurrentQueue<string>();
        await Task.WhenAll(Enumerable.Range(0, SendersCount).Select(_ => Task.Run(async () =>
        {
            while (requests.TryDequeue(out var bytes))
            {
                var status = await RawRequest.SendAsync(port, bytes, Patience);
                statuses.AddOrUpdate(status, 1, (_, n) => n + 1);
                if (status >= 500) wrong.Enqueue($"{status}: {Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 1200)])}");
            }
        })));
        output.WriteLine(string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}")));
        Assert.False(program.Child.HasExited, program.Child.Error);
        Assert.True(wrong.IsEmpty, $"{wrong.Count} of seed {Seed}:\n" + string.Join("\n---\n", wrong.Take(5)) + "\n" + program.Child.Out);
        Assert.DoesNotContain("Unhandled", program.Child.Out + program.Child.Error, StringComparison.OrdinalIgnoreCase);
        using var pixel = await program.Http.GetAsync("/i?e=pv&aid=demo&url=https%3A%2F%2Fshop.example%2F");
        Assert.Equal(43, (await pixel.Content.ReadAsByteArrayAsync()).Length);
        await program.VerifyAsync();
    }
}
