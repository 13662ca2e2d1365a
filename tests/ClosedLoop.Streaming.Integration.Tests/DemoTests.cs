using ClosedLoop.Streaming.Integration.Tests.Running;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>Generated traffic with planted effects: the reports say exactly what was planted.</summary>
public sealed class DemoTests(ITestOutputHelper output)
{
    private static readonly TimeSpan DemoMax = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Every_figure_of_the_demo_is_the_planted_one_and_a_second_run_adds_nothing()
    {
        await using var program = await RunningProgram.StartAsync();
        string[] demo = ["demo", "--visitors", Parts.IsLong ? "2000" : "300", "--days", "30", "--seed", "7"];
        var first = await program.VerbAsync(DemoMax, demo);
        output.WriteLine(first.ToString());
        Assert.Equal(0, first.ExitCode);
        Assert.Contains("Every figure is the planted one.", first.Out, StringComparison.Ordinal);
        await program.VerifyAsync();
        var rows = await program.RowsAsync("SELECT count() FROM events");

        var second = await program.VerbAsync(DemoMax, demo);
        output.WriteLine(second.ToString());
        Assert.Equal(0, second.ExitCode);
        await program.SettleAsync();
        Assert.Equal(rows[0], (await program.RowsAsync("SELECT count() FROM events"))[0]);
    }
}
