namespace ClosedLoop.Streaming.States;

/// <summary>A journal whose states can be read one by one where they are saved (<see cref="ISavedStates"/>), so that an owner need not hold them all.</summary>
public interface IUnloadedJournal : IJournal
{
    /// <summary>As <see cref="IJournal.OpenAsync"/>, but the shelf stays empty; it serves as the gate of the commits.</summary>
    Task<JournalOpening> OpenUnloadedAsync(int partition, Shelf shelf, CancellationToken cancel);
}

/// <summary>Who sleeps, where states are saved: the due index, for owners that hold no states.</summary>
public interface ISleepers
{
    /// <summary>Those that are due at or before a second, by due time, then key; the first so many of them are left out.</summary>
    /// <exception cref="Log.LogUnavailableException">The index can't be reached now.</exception>
    Task<IReadOnlyList<Sleeper>> FirstAsync(int partition, uint untilSeconds, int skip, int countMax, CancellationToken cancel);
}

/// <param name="Key">Shelf key.</param>
/// <param name="DueSeconds">Unix seconds.</param>
public readonly record struct Sleeper(byte[] Key, uint DueSeconds);
