using ClosedLoop.Streaming.Bench;
using ClosedLoop.Streaming.Bench.Machine;

// ./dev bench [NAME…]: side by side with the opponents, method and rows as the README beside the results says.
if (!BenchSettings.TryRead(args, out var settings, out var mistake))
{
    Console.Error.WriteLine(mistake);
    return 2;
}
if (settings.Help)
{
    Console.Out.WriteLine(BenchSettings.Usage);
    return 0;
}
// The generator's core is not the server's: the whole program starts again there.
if (!settings.Pinned && Cores.CanPin) return await Cores.RunOnGeneratorCoreAsync(args);
return await BenchRun.RunAsync(settings);
