using ClosedLoop.Streaming.States;
using Orleans.Placement;

namespace ClosedLoop.Streaming.Grains;

// Beside the owner of their partition: a batch then crosses no network, and the consumer group spreads the people over the silos.

/// <summary>A browser.</summary>
[PreferLocalPlacement]
public sealed class VisitorGrain(SoloCores cores, ISavedStates states, GrainsTelemetry telemetry) : ActorGrain(cores, states, telemetry), IVisitorGrain;

/// <summary>One e-mail, phone, order or id of the site's own.</summary>
[PreferLocalPlacement]
public sealed class IdentifierGrain(SoloCores cores, ISavedStates states, GrainsTelemetry telemetry) : ActorGrain(cores, states, telemetry), IIdentifierGrain;

/// <summary>A person.</summary>
[PreferLocalPlacement]
public sealed class LeadGrain(SoloCores cores, ISavedStates states, GrainsTelemetry telemetry) : ActorGrain(cores, states, telemetry), ILeadGrain;
