using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Log;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Webhooks;

/// <summary>Reads one partition of facts and hands each that concerns somebody to the lanes: read → match → write body → hand over.</summary>
internal sealed class FactReader
{
    private readonly RecordReader _fact = new();
    private readonly MessageBody _body;
    private readonly byte[]?[] _bodies = new byte[4][];
    private readonly Lanes _lanes;
    private readonly LaneContext _with;

    public FactReader(Lanes lanes, LaneContext with, Keyring keyring)
    {
        (_lanes, _with) = (lanes, with);
        _body = new MessageBody(address => Open(address, keyring));
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(ILog log, int partition, PartitionProgress progress, Bookkeeper books, CancellationToken stop)
    {
        var next = progress.Committed;
        while (true)
        {
            var slice = await log.ReadAsync(Topic.Facts, partition, next, _with.Options.ReadBytesMax, stop).ConfigureAwait(false);
            var offset = slice.FirstOffset;
            foreach (var record in slice)
            {
                if (MessageType.Concerns(record.Span))
                {
                    await books.RoomAsync(stop).ConfigureAwait(false);
                    Take(record, offset, progress);
                }
                offset++;
            }
            next = slice.Next;
            progress.Read(next);
            books.Wake();
        }
    }

    /// <summary>One fact. A damaged one is counted and passed over: it must not hold up the others.</summary>
    public void Take(ReadOnlyMemory<byte> record, long offset, PartitionProgress progress)
    {
        if (!_fact.TryRead(record))
        {
            _with.Telemetry.Unreadable();
            return;
        }
        if (MessageType.Of(_fact) is not { } type) return;
        Marker? marker = null;
        if (type == MessageType.PersonErased)
        {
            marker = progress.Begin(offset);
            Erase(marker);
        }
        Array.Clear(_bodies);
        foreach (var lane in _lanes.All)
        {
            if (lane.Target is not { } target || !target.Hears(_fact.Site) || !Matching.Wants(target.Endpoint, _fact, type)) continue;
            marker ??= progress.Begin(offset);
            lane.Add(Make(type, target, marker));
        }
        marker?.Settle();
    }

    /// <summary>Nothing about an erased person is kept for later, under whichever key it was made; the deletion itself is waited for.</summary>
    private void Erase(Marker marker)
    {
        HashSet<Id> persons = [MessageId.PersonOf(_fact.Site, _fact.Key)];
        if (_fact.Has(Field.VisitorId)) persons.Add(MessageId.PersonOf(_fact.Site, [(byte)'v', .. _fact[Field.VisitorId]]));
        if (_fact.Has(Field.LeadId)) persons.Add(MessageId.PersonOf(_fact.Site, [(byte)'l', .. _fact[Field.LeadId]]));
        foreach (var lane in _lanes.All) lane.Erase(persons);
        marker.Expect();
        _lanes.Erased(persons, marker);
    }

    private Delivery Make(string type, Target target, Marker marker) => new()
    {
        Sequence = _lanes.NextSequence(),
        Message = MessageId.Of(_fact, type),
        Person = MessageId.PersonOf(_fact.Site, _fact.Key),
        Type = type,
        CreatedMs = _with.NowMs,
        // Endpoints that include the same parts share the bytes.
        Body = _bodies[(target.Email ? 1 : 0) + (target.Traits ? 2 : 0)] ??= _body.Write(_fact, type, target.Email, target.Traits),
        Marker = marker,
    };

    private static string? Open(ReadOnlyMemory<byte> address, Keyring keyring)
    {
        try { return Encoding.UTF8.GetString(keyring.Open(Encoding.UTF8.GetString(address.Span))); }
        // Its key is gone with an erasure, or it was sealed elsewhere: the message goes without.
        catch (CryptographicException) { return null; }
    }
}
