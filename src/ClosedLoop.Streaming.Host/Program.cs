using System.CommandLine;
using ClosedLoop.Streaming.Host.Verbs;

// The map of the program: one verb, one file in Verbs/. Without a verb it runs the system.
var root = new RootCommand("ClosedLoop.Streaming: web tracking without JavaScript that closes the loop from the first visit to the money.");
root.Add(RunVerb.Command());
root.Add(DemoVerb.Command());
root.Add(ImportVerb.Command());
root.Add(ReplayVerb.Command());
root.Add(VerifyVerb.Command());
root.Add(MigrateVerb.Command());
root.Add(CheckConfigVerb.Command());
root.Add(HealthVerb.Command());
RunVerb.MakeDefault(root);
// The system drains on SIGTERM in its own time; no timeout of the command line cuts it off.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
