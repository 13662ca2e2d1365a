using ClosedLoop.Streaming.Collector.Agents;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Collector;

/// <summary>What all doors stand on, made once.</summary>
internal sealed class DoorParts : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CookieWriter _cookies;

    public DoorParts(CollectorOptions options, ILog log, ISettings settings, Keyring keyring, AgentClassifier agents, IChance chance,
        TimeProvider time, CollectorTelemetry telemetry, Rates rates)
    {
        Rates = rates;
        (Options, Keyring, Chance, Telemetry, Settings, _time) = (options, keyring, chance, telemetry, settings, time);
        var cookie = new VisitorCookie(keyring.CookieKey);
        _cookies = new CookieWriter(cookie, options);
        Callers = new CallerReader(options, cookie);
        Sites = new SiteDirectory(settings, telemetry);
        Fields = new HitFields(options, agents, keyring);
        PixelRecords = new PixelRecord(options, Fields, rates);
        Log = new HitLog(log);
        Totals = new TotalsRecords(Log, telemetry);
        Refused = new RefusedRecords(Log, options, telemetry);
        Answers = new Answers(options);
    }

    public CollectorOptions Options { get; }
    public Keyring Keyring { get; }
    public ISettings Settings { get; }
    public Rates Rates { get; }
    public IChance Chance { get; }
    public CollectorTelemetry Telemetry { get; }
    public CallerReader Callers { get; }
    public SiteDirectory Sites { get; }
    public HitFields Fields { get; }
    public PixelRecord PixelRecords { get; }
    public HitLog Log { get; }
    public TotalsRecords Totals { get; }
    public RefusedRecords Refused { get; }
    public Answers Answers { get; }
    public CookieWriter Cookies => _cookies;

    /// <summary>The collector's time, unix ms.</summary>
    public long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The Set-Cookie line when the visitor is new or the cookie is due for refresh; otherwise null, which saves the bytes.</summary>
    public string? CookieFor(in Caller caller, Id visitor, long nowMs)
    {
        var today = (int)(nowMs / 86_400_000);
        return caller.HasCookie && Math.Abs(today - caller.Cookie.Day) < Options.CookieRefreshDays
            ? null : _cookies.Visitor(visitor, today, caller.Secure);
    }

    public void Dispose() => Sites.Dispose();
}
