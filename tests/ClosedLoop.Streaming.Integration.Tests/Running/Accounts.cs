namespace ClosedLoop.Streaming.Integration.Tests.Running;

/// <summary>The running system's account of all that it received.</summary>
internal static class Accounts
{
    /// <summary><c>closedloop verify</c>: everything that was received is accounted for.</summary>
    public static async Task VerifyAsync(this RunningProgram program)
    {
        var said = await program.VerbAsync(TimeSpan.FromSeconds(120), "verify");
        Assert.True(said.ExitCode == 0 && said.Out.Contains("It adds up.", StringComparison.Ordinal), said.ToString());
    }

    /// <summary>Waits until nothing is on its way and all is in the warehouse; the account must hold.</summary>
    public static Task SettleAsync(this RunningProgram program) => Soon.BeTrueAsync(async () =>
    {
        var account = await program.DoAsync(HttpMethod.Get, "/v1/verify");
        Assert.True(account.GetProperty("wrong").GetArrayLength() == 0, account.ToString());
        return account.GetProperty("in_flight").GetInt64() == 0;
    }, () => "nothing on its way");
}
