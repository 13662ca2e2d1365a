using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Webhooks;

internal enum DeliveryState : byte { Waiting, UnderWay, Delivered, Dead, Dropped }

/// <summary>One message on its way to one endpoint. Everything that changes is guarded by the lane's gate.</summary>
internal sealed class Delivery
{
    /// <summary>Order of arrival; key of the row in the file.</summary>
    public required long Sequence { get; init; }
    public required Id Message { get; init; }
    public required Id Person { get; init; }
    public required string Type { get; init; }
    public required long CreatedMs { get; init; }
    /// <summary>Null when it can be read from the file.</summary>
    public byte[]? Body { get; set; }
    /// <summary>Where in the log it comes from; null when it was loaded or replayed.</summary>
    public Marker? Marker { get; set; }

    public DeliveryState State { get; set; }
    public int Attempts { get; set; }
    /// <summary>Unix ms before which no attempt begins; 0 at once.</summary>
    public long DueMs { get; set; }
    public int Status { get; set; }
    public long EndedMs { get; set; }
    /// <summary>Why it was given up: exhausted, gone, disabled, overflow, lost.</summary>
    public string Reason { get; set; } = "";
    /// <summary>Its row is in the file.</summary>
    public bool Written { get; set; }
    /// <summary>It counts among those that the file doesn't know yet.</summary>
    public bool Unwritten { get; set; }
    /// <summary>It stands in its lane's list of changes.</summary>
    public bool Changed { get; set; }
    /// <summary>The person was erased while it was under way: it is not tried again.</summary>
    public bool Erased { get; set; }
    public Delivery? NextOfPerson { get; set; }

    public bool Ended => State >= DeliveryState.Delivered;
}
