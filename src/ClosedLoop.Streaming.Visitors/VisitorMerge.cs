using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

/// <summary>
/// What was said last, by (time, id), of whether this browser and another are one person's. Kept at both browsers, so that it doesn't matter
/// which of them the event named first, in which order the events came, or whether anybody has seen the browser yet.
/// </summary>
/// <param name="Other">The other browser.</param>
/// <param name="At">When it was said, unix ms.</param>
/// <param name="Key">Of the event, for two of one moment.</param>
/// <param name="OtherLead">Where the other browser's history goes; none until it has answered.</param>
public readonly record struct VisitorMerge(string Other, long At, ulong Key, bool IsMerged, Id OtherLead);

/// <summary>Another person on the same browser: since a second e-mail was given, hits may belong to a visitor of its own.</summary>
/// <param name="VisitorId">Hash of the browser and the identifier; empty for the browser itself.</param>
/// <param name="Email">The e-mail's keyed hash; empty: not known.</param>
/// <param name="ExternalId">Empty: not known.</param>
/// <param name="Phone">Empty: not known. Tells nobody apart: families share one.</param>
public readonly record struct Persona(string VisitorId, string Email, string ExternalId, string Phone);

/// <summary>From that moment on the browser is that persona's.</summary>
public readonly record struct PersonaSwitch(long At, ulong Key, int Persona);
