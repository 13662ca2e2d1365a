using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ClosedLoop.Streaming.Collector;

/// <summary>A pixel's query, sorted: the known parameters by slot, the rest by number. Lives as long as its <see cref="QueryFields"/>.</summary>
internal ref struct PixelHit
{
    [InlineArray((int)PixelParam.Count)]
    private struct Slots
    {
        private Slice _first;
    }

    private readonly QueryFields _query;
    private Slots _slots;
    private UInt128 _others;

    public PixelHit(QueryFields query)
    {
        _query = query;
        for (var i = 0; i < query.Count; i++)
        {
            var param = PixelParams.Of(query.Name(i));
            if (param == PixelParam.None) _others |= UInt128.One << i;
            else _slots[(int)param] = query.ValueSlice(i);
        }
    }

    /// <summary>Empty when absent.</summary>
    public readonly ReadOnlySpan<byte> this[PixelParam param] => _query.At(_slots[(int)param]);

    public readonly ReadOnlySpan<byte> First(PixelParam one, PixelParam other) => this[one].IsEmpty ? this[other] : this[one];

    public readonly bool HasOthers => _others != 0;

    /// <summary>Parameters that are no field of ours, as one flat JSON object; what the site redacts is left out.</summary>
    public readonly void WriteOthers(Utf8JsonWriter json, DoorSite site)
    {
        for (var i = 0; i < _query.Count; i++)
        {
            if ((_others >> i & UInt128.One) == 0 || _query.Name(i).IsEmpty || site.Redacts(_query.Name(i))) continue;
            json.WriteString(_query.Name(i), _query.Value(i));
        }
    }

    /// <summary>The whole query as one JSON object, for a hit that is refused; values of names that are never stored are left out.</summary>
    public readonly void WriteAll(Utf8JsonWriter json, DoorSite? site)
    {
        json.WriteStartObject();
        for (var i = 0; i < _query.Count; i++)
        {
            var name = _query.Name(i);
            var known = (site ?? DoorSite.Unknown).RedactedNames;
            json.WriteString(name, known.Contains(name) || known.IsHiddenIn(_query.Value(i)) ? "(redacted)"u8 : _query.Value(i));
        }
        json.WriteEndObject();
    }
}
