namespace ClosedLoop.Streaming.Webhooks;

/// <summary>One attempt, or one delivery that was given up, as <c>GET /v1/webhooks/{id}/deliveries</c> shows it.</summary>
/// <param name="Id">The header <c>webhook-id</c>.</param>
/// <param name="Type">The message's type.</param>
/// <param name="AtMs">Unix ms of the ending.</param>
/// <param name="Attempt">Number of the attempt, from 1; 0 when none was made.</param>
/// <param name="Status">HTTP status; 0 without an answer.</param>
/// <param name="Outcome">delivered, failed (will be tried again), dead (given up, can be replayed), dropped.</param>
/// <param name="DurationMs">Until the answer's headers.</param>
/// <param name="Detail">A sentence for failures; null otherwise.</param>
public sealed record DeliveryRecord(
    string Id, string Type, long AtMs, int Attempt, int Status, string Outcome, double DurationMs, string? Detail);

/// <summary>A delivery that was given up and can be replayed.</summary>
/// <param name="Reason">exhausted, gone, disabled, overflow, lost.</param>
public sealed record DeadLetter(string Id, string Type, long CreatedMs, long DiedMs, int Attempts, int Status, string Reason);
