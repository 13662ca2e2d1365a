using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Streaming.Collector;

/// <summary>
/// The web server with the doors inside: a request for a door goes from the server's parser straight to it. The web framework's own context, scope and
/// diagnostics per request cost about as much as the whole rest of a pixel hit; every other request has them as usual.
/// </summary>
internal sealed class CollectorServer(IServer inner, CollectorPipeline pipeline) : IServer
{
    public IFeatureCollection Features => inner.Features;

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull =>
        inner.StartAsync(new DoorApplication<TContext>(application, pipeline), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => inner.StopAsync(cancellationToken);

    public void Dispose() => inner.Dispose();
}

/// <summary>Either a door's request, or one of the application behind with its own context.</summary>
internal readonly record struct DoorContext<TContext>(Door Door, IFeatureCollection Features, TContext Behind);

internal sealed class DoorApplication<TContext>(IHttpApplication<TContext> behind, CollectorPipeline pipeline) : IHttpApplication<DoorContext<TContext>>
    where TContext : notnull
{
    public DoorContext<TContext> CreateContext(IFeatureCollection contextFeatures)
    {
        var door = CollectorPipeline.Match(contextFeatures.GetRequiredFeature<IHttpRequestFeature>().Path);
        return new(door, contextFeatures, door == Door.None ? behind.CreateContext(contextFeatures) : default!);
    }

    public Task ProcessRequestAsync(DoorContext<TContext> context) =>
        context.Door == Door.None ? behind.ProcessRequestAsync(context.Behind) : pipeline.HandleAsync(context.Door, context.Features);

    public void DisposeContext(DoorContext<TContext> context, Exception? exception)
    {
        if (context.Door == Door.None) behind.DisposeContext(context.Behind, exception);
    }
}
