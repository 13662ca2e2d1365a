namespace ClosedLoop.Streaming.Visitors;

/// <summary>
/// How an actor stands with the rules: what it was judged by, when, what it is in, and when silence may change that.
/// The membership is opaque here; the Segments room reads and writes it.
/// </summary>
public sealed class Standing
{
    /// <summary>In place of the version: nobody is judged here now, and the numbers go on. Most were never told anything, and keep their one byte.</summary>
    internal const ulong OnlySequence = ulong.MaxValue;

    private byte[] _membership = new byte[64];
    private int _membershipLength;

    /// <summary>Version of the rules that judged last; 0 never.</summary>
    public long RulesVersion { get; set; }
    /// <summary>"Now" of the last judgement, unix ms; never goes back.</summary>
    public long JudgedMs { get; set; }
    /// <summary>When silence alone may change the judgement, unix ms; 0 never.</summary>
    public long DueMs { get; set; }
    /// <summary>Grows with every change that a webhook tells of, for ever: receivers leave out what is older than they know.</summary>
    public long Sequence { get; set; }

    public ReadOnlySpan<byte> Membership
    {
        get => _membership.AsSpan(0, _membershipLength);
        set
        {
            if (_membership.Length < value.Length) _membership = new byte[value.Length * 2];
            value.CopyTo(_membership);
            _membershipLength = value.Length;
        }
    }

    public bool WasJudged => RulesVersion > 0;

    public void Clear()
    {
        Leave();
        Sequence = 0;
    }

    /// <summary>Nobody is here to be judged any longer; whoever comes next is numbered from here.</summary>
    public void Leave()
    {
        RulesVersion = JudgedMs = DueMs = 0;
        _membershipLength = 0;
    }

    public void Write(BlobWriter to)
    {
        if (RulesVersion == 0 && Sequence > 0)
        {
            to.Unsigned(OnlySequence);
            to.Unsigned((ulong)Sequence);
            return;
        }
        to.Unsigned((ulong)RulesVersion);
        if (RulesVersion == 0) return;
        to.Signed(JudgedMs);
        to.Signed(DueMs == 0 ? -1 : DueMs - JudgedMs);
        to.Unsigned((ulong)Sequence);
        to.Text(Membership);
    }

    public void Read(ref BlobReader from)
    {
        Clear();
        var version = from.Unsigned();
        if (version == OnlySequence) Sequence = (long)from.Unsigned();
        if (version is 0 or OnlySequence) return;
        RulesVersion = (long)version;
        JudgedMs = from.Signed();
        var due = from.Signed();
        DueMs = due < 0 ? 0 : JudgedMs + due;
        Sequence = (long)from.Unsigned();
        Membership = from[from.Text()];
    }

    /// <summary>Takes over the standing of the visitor that became this person, so that nothing is entered or left by the hand-over.</summary>
    public void TakeOver(Standing other)
    {
        RulesVersion = other.RulesVersion;
        JudgedMs = other.JudgedMs;
        DueMs = other.DueMs;
        Sequence = Math.Max(Sequence, other.Sequence);
        Membership = other.Membership;
    }
}
