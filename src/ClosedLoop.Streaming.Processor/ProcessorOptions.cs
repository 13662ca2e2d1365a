namespace ClosedLoop.Streaming.Processor;

/// <summary>Settings of the engine room (section <c>Processor</c>).</summary>
public sealed class ProcessorOptions
{
    /// <summary>Bytes of hits taken in one step, 64 KiB–8 MiB.</summary>
    public int StepBytesMax { get; set; } = 512 * 1024;

    /// <summary>Bytes of facts after which a step is committed even in the middle of a slice, 256 KiB–12 MiB.</summary>
    public int StepFactBytesMax { get; set; } = 2 * 1024 * 1024;

    /// <summary>Changed states after which a step is committed, 64–100,000.</summary>
    public int StepStatesMax { get; set; } = 4096;

    /// <summary>How often a clock record is written at least, 1–3,600 s.</summary>
    public int TickSeconds { get; set; } = 60;

    /// <summary>People re-judged per second and partition after a rule changed, 10–1,000,000.</summary>
    public int SweepPeoplePerSecond { get; set; } = 20_000;

    public IEnumerable<string> Mistakes()
    {
        if (StepBytesMax is < 65_536 or > 8_388_608) yield return $"Processor:StepBytesMax is {StepBytesMax}; allowed are 65536 to 8388608 bytes.";
        if (StepFactBytesMax is < 262_144 or > 12_582_912) yield return $"Processor:StepFactBytesMax is {StepFactBytesMax}; allowed are 262144 to 12582912 bytes.";
        if (StepStatesMax is < 64 or > 100_000) yield return $"Processor:StepStatesMax is {StepStatesMax}; allowed are 64 to 100000.";
        if (TickSeconds is < 1 or > 3600) yield return $"Processor:TickSeconds is {TickSeconds}; allowed are 1 to 3600 s.";
        if (SweepPeoplePerSecond is < 10 or > 1_000_000) yield return $"Processor:SweepPeoplePerSecond is {SweepPeoplePerSecond}; allowed are 10 to 1000000.";
    }
}
