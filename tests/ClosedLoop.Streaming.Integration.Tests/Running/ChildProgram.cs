using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ClosedLoop.Streaming.Integration.Tests.Running;

/// <summary>What a verb said when it ended.</summary>
internal sealed record VerbResult(int ExitCode, string Out, string Error)
{
    public override string ToString() => $"exit code {ExitCode}\n{Out}\n{Error}";
}

/// <summary>The program as a child process, ended by its own id and by nothing else.</summary>
internal sealed partial class ChildProgram : IDisposable
{
    private const int OutputCharsMax = 400_000;
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    private ChildProgram(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public string Out => Text(_out);

    public string Error => Text(_error);

    /// <param name="folder">Where it works: no settings file may lie there by chance.</param>
    /// <param name="settings">All settings that it gets; none come from this process but the address of the fetched parts.</param>
    public static ChildProgram Start(string folder, IEnumerable<KeyValuePair<string, string>> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo(Parts.Program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("CLOSEDLOOP", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        if (Parts.Artifacts is not null) start.Environment["CLOSEDLOOP_ARTIFACTS"] = Parts.Artifacts;
        // The runtime that runs this test runs the program, wherever it was unpacked.
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        foreach (var (name, value) in settings) start.Environment[name] = value;
        var child = new ChildProgram(new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => Keep(child._out, line.Data);
        child._process.ErrorDataReceived += (_, line) => Keep(child._error, line.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    public async Task<VerbResult> EndAsync(TimeSpan within)
    {
        using var late = new CancellationTokenSource(within);
        try { await _process.WaitForExitAsync(late.Token); }
        catch (OperationCanceledException)
        {
            Kill();
            Assert.Fail($"The program did not end within {within.TotalSeconds:0} s:\n{Out}\n{Error}");
        }
        return new VerbResult(_process.ExitCode, Out, Error);
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM: drains and ends.</summary>
    public void Terminate()
    {
        if (!_process.HasExited) _ = Signal(_process.Id, SigTerm);
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private static void Keep(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (text)
        {
            if (text.Length < OutputCharsMax) text.Append(line).Append('\n');
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text) return text.ToString();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
