using System.Text;
using ClosedLoop.Streaming.Events;

namespace ClosedLoop.Streaming.Visitors;

public sealed partial class LeadState
{
    public void Write(BlobWriter to, BlobWriter scratch)
    {
        to.Unsigned(Format);
        to.Unsigned((ulong)Version);
        to.Unsigned(IsRoot ? 0UL : 1);
        Standing.Write(to);
        if (!IsRoot) Root.Write(to);
        to.Text(Encoding.UTF8.GetBytes(Identifier));
        to.Signed(Since);
        to.Unsigned((ulong)Turn);
        to.Unsigned(IsLeaving ? 1UL : 0);
        if (IsLeaving) Wanted.Write(to);
        to.Unsigned((ulong)StageTold);
        Ids.Write(Knots, to);
        to.Unsigned((ulong)Void.Count);
        foreach (var (lead, turn) in Void)
        {
            to.Fixed(lead.High);
            to.Fixed(lead.Low);
            to.Signed(turn);
        }
        WriteHistory(Own, to, scratch);
        WriteBrowsers(to, scratch);
        to.Unsigned((ulong)Guests.Count);
        foreach (var guest in Guests) guest.Write(to, scratch);
    }

    /// <exception cref="StateFormatException">The bytes are of another format.</exception>
    public void Read(ReadOnlySpan<byte> blob)
    {
        Clear();
        if (blob.IsEmpty) return;
        var from = new BlobReader(blob);
        if (from.Unsigned() != Format) throw new StateFormatException(0);
        Version = (long)from.Unsigned();
        var isRoot = from.Count(1) == 0;
        Standing.Read(ref from);
        if (!isRoot) Root = RootLabel.Read(ref from);
        Identifier = Encoding.UTF8.GetString(from[from.Text()]);
        Since = from.Signed();
        Turn = (long)from.Unsigned();
        IsLeaving = from.Count(1) == 1;
        if (IsLeaving) Wanted = RootLabel.Read(ref from);
        StageTold = (Stage)from.Count((int)Stage.Lost);
        Ids.Read(Knots, KnotsMax, ref from);
        for (var n = from.Count(VoidMax); n > 0; n--) Void.Add((new Id(from.Fixed(), from.Fixed()), from.Signed()));
        HistoryCodec.Read(Own, from[from.Text()]);
        ReadBrowsers(ref from);
        for (var n = from.Count(GuestsMax + PartsMax); n > 0; n--) Guests.Add(Guest.Read(ref from));
    }

    private void WriteBrowsers(BlobWriter to, BlobWriter scratch)
    {
        to.Unsigned((ulong)BrowserCount);
        for (var i = 0; i < BrowserCount; i++)
        {
            var handed = this[i];
            to.Text(Encoding.UTF8.GetBytes(handed.VisitorId));
            to.Text(Encoding.UTF8.GetBytes(handed.Identifier));
            to.Signed(handed.Version);
            to.Signed(handed.SinceMs);
            to.Unsigned(handed.IsMerged ? 1UL : 0);
            Ids.Write(handed.Knots, to);
            WriteHistory(handed.History, to, scratch);
        }
    }

    private void ReadBrowsers(ref BlobReader from)
    {
        for (var n = from.Count(BrowsersMax); n > 0; n--)
        {
            var handed = Add(Encoding.UTF8.GetString(from[from.Text()]))!;
            handed.Identifier = Encoding.UTF8.GetString(from[from.Text()]);
            handed.Version = from.Signed();
            handed.SinceMs = from.Signed();
            handed.IsMerged = from.Count(1) == 1;
            Ids.Read(handed.Knots, VisitorState.MergesMax, ref from);
            HistoryCodec.Read(handed.History, from[from.Text()]);
        }
    }

    private static void WriteHistory(History history, BlobWriter to, BlobWriter scratch)
    {
        scratch.Clear();
        HistoryCodec.Write(history, scratch);
        to.Text(scratch.Written);
    }
}
