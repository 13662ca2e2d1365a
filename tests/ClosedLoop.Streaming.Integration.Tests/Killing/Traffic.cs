using System.Diagnostics;
using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests.Killing;

/// <summary>About 500 requests a second from several senders, whatever the program does.</summary>
internal sealed class Traffic
{
    private const int RequestsPerSecond = 500;
    private const int SendersCount = 24;
    private const int AnswersMin = 100;
    private readonly Ledger _ledger;
    private readonly Sender[] _senders;

    public Traffic(Ledger ledger, string name) => (_ledger, _senders) = (ledger, [.. Enumerable.Range(0, SendersCount).Select(i => new Sender(ledger, $"{name}{i}"))]);

    /// <summary>Sends until <paramref name="kill"/> has been called: this long after the program has warmed up, in the middle of it all.</summary>
    public async Task RunAsync(RunningProgram program, TimeSpan until, Action kill)
    {
        var began = Stopwatch.GetTimestamp();
        var before = _ledger.Acknowledged.Count;
        var tickets = 0L;
        var killed = false;
        async Task<bool> Due()
        {
            var due = TimeSpan.FromSeconds(Interlocked.Increment(ref tickets) / (double)RequestsPerSecond);
            var early = due - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero) await Task.Delay(early);
            return !Volatile.Read(ref killed);
        }

        var sending = Task.WhenAll(_senders.Select(s => Task.Run(() => s.RunAsync(program, Due))));
        await Soon.BeTrueAsync(() => _ledger.Acknowledged.Count >= before + AnswersMin || sending.IsCompleted, () => $"{AnswersMin} answers after the start");
        await Task.Delay(until);
        kill();
        Volatile.Write(ref killed, true);
        await sending;
    }

    public Task FinishAsync(RunningProgram program) => _senders[0].FinishAsync(program);
}
