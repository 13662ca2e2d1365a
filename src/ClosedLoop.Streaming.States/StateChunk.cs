namespace ClosedLoop.Streaming.States;

/// <summary>The encoding of changed states: count × (varint key length, key, varint due seconds, varint state length, state); length 0 removes.</summary>
public static partial class StateChunk
{
}
