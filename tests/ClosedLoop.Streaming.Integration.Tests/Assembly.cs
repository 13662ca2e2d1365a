using ClosedLoop.Streaming.Integration.Tests.Running;

// Each test has a whole system of its own or shares one; two at a time would fight over two cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(SharedProgram))]
[assembly: AssemblyFixture(typeof(ClosedLoop.Streaming.Integration.Tests.Running.ServedEngine))]
