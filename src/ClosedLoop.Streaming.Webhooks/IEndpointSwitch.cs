namespace ClosedLoop.Streaming.Webhooks;

/// <summary>Writes into the settings that an endpoint wants no more messages. The room that writes settings implements it.</summary>
public interface IEndpointSwitch
{
    /// <summary>Sets <c>disabled</c>, unless the endpoint was changed since <paramref name="version"/>.</summary>
    Task DisableAsync(string endpoint, long version, CancellationToken cancel);
}

/// <summary>Where nobody writes settings: the lane stops by itself until the process ends.</summary>
public sealed class NoEndpointSwitch : IEndpointSwitch
{
    public Task DisableAsync(string endpoint, long version, CancellationToken cancel) => Task.CompletedTask;
}
