namespace ClosedLoop.Streaming.House.Tests;
public class Probe { [Fact] public void Runs() => Assert.True(1 + 1 == 2); }
