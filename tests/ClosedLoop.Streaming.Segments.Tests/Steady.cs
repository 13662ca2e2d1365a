using ClosedLoop.Streaming.Visitors;

namespace ClosedLoop.Streaming.Segments.Tests;

/// <summary>A warm person as a ref struct: what the processor may use over the bytes of a state.</summary>
internal readonly ref struct Steady : IMeasures
{
    public bool CartOpen => false;

    public bool Consented => true;

    public bool TryNumber(NumberMeasure measure, out double value)
    {
        value = 5;
        return measure is NumberMeasure.PageViews or NumberMeasure.Sessions;
    }

    public long MomentOf(TimeMeasure measure) => measure == TimeMeasure.LastVisit ? Person.Now - Person.Day : 0;

    public ReadOnlySpan<byte> TextOf(TextMeasure measure) => measure == TextMeasure.Stage ? "visitor"u8 : default;

    public ReadOnlySpan<byte> Trait(ReadOnlySpan<byte> name) => default;

    public ReadOnlySpan<byte> Arm(ReadOnlySpan<byte> experiment) => default;

    public long FormSent(ReadOnlySpan<byte> form) => 0;

    public int CountAfter(ReadOnlySpan<byte> name, long afterMs, out long oldestMs)
    {
        oldestMs = 0;
        return 0;
    }

    public long MomentAfter(ReadOnlySpan<byte> name, long afterMs, int place) => 0;

    public bool Visited(ReadOnlySpan<byte> path, bool prefix) => false;
}
