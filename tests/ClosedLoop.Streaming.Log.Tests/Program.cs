using ClosedLoop.Streaming.Log.Tests;

return args switch
{
    ["victim", ..] => await Victim.RunAsync(args[1], Enum.Parse<ClosedLoop.Streaming.Log.Durability>(args[2]), args[3]),
    _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
        await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
