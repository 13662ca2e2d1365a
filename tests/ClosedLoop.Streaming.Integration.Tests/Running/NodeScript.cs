using System.Diagnostics;

namespace ClosedLoop.Streaming.Integration.Tests.Running;

/// <summary>A script beside the test, run by Node.js with the independent packages of the tests.</summary>
internal static class NodeScript
{
    private static readonly TimeSpan RunMax = TimeSpan.FromSeconds(60);

    /// <summary>Its standard output; fails with its error output when it does not end well.</summary>
    public static async Task<string> RunAsync(string script, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Parts.OnPath("node")!, [Path.Combine(AppContext.BaseDirectory, "Scripts", script), .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        start.Environment["NODE_PATH"] = Parts.NeedNodeModules();
        using var node = Process.Start(start)!;
        var said = node.StandardOutput.ReadToEndAsync();
        var error = node.StandardError.ReadToEndAsync();
        await node.StandardInput.WriteAsync(input);
        node.StandardInput.Close();
        using var late = new CancellationTokenSource(RunMax);
        try { await node.WaitForExitAsync(late.Token); }
        catch (OperationCanceledException)
        {
            node.Kill();
            throw;
        }
        Assert.True(node.ExitCode == 0, $"{script}: {await error}{await said}");
        return await said;
    }
}
