namespace ClosedLoop.Streaming.Grains;

/// <summary>One actor in the cluster. Its key is the hash of its shelf key, so that nobody's name or address stands in Orleans' own logs.</summary>
public interface IActorGrain : IGrainWithStringKey
{
    /// <summary>Decides about a batch of the actor's records. Saves nothing: what it answers counts when the partition's owner has committed it.</summary>
    Task<ActorAnswer> WorkAsync(ActorCall call);
}

/// <summary>A browser.</summary>
public interface IVisitorGrain : IActorGrain;

/// <summary>One e-mail, phone, order or id of the site's own.</summary>
public interface IIdentifierGrain : IActorGrain;

/// <summary>A person.</summary>
public interface ILeadGrain : IActorGrain;
