using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Warehouse.Native;

namespace ClosedLoop.Streaming.Warehouse.Tables;

/// <summary>Who a fact is about. What the fields leave out is taken from the actor key, <c>v…</c> or <c>l…</c>.</summary>
internal static class PersonColumns
{
    public static void AddVisitor(TextColumn column, RecordReader fact)
    {
        var value = fact[Field.VisitorId];
        if (value.IsEmpty && fact.Key is [(byte)'v', .. var key]) value = key;
        AddActor(column, value);
    }

    public static void AddLead(TextColumn column, RecordReader fact)
    {
        var value = fact[Field.LeadId];
        if (value.IsEmpty && fact.Key is [(byte)'l', .. var key]) value = key;
        AddActor(column, value);
    }

    /// <summary>Ids travel as text or as 16 bytes; both become the text that contract users join on.</summary>
    public static void AddActor(TextColumn column, ReadOnlySpan<byte> value)
    {
        if (value.Length == Id.Bytes && !IsText(value)) column.Add(Id.Read(value));
        else column.Add(value);
    }

    private static bool IsText(ReadOnlySpan<byte> value)
    {
        foreach (var b in value)
            if (!(char.IsAsciiLetterOrDigit((char)b) || b is (byte)'_' or (byte)'.' or (byte)'-')) return false;
        return true;
    }
}
