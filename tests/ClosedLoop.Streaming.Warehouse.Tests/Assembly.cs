[assembly: AssemblyFixture(typeof(ClosedLoop.Streaming.Warehouse.Tests.Chdb))]
