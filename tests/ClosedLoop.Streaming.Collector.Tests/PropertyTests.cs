using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Streaming.Collector.Tests;

/// <summary>What holds for every input.</summary>
public class PropertyTests
{
    private static readonly VisitorCookie _cookie = new(new byte[32]);
    private static readonly LinkSigner _signer = new(new byte[32]);

    private static void Holds<T>(Func<T, bool> law) => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(ArbMap.Default.ArbFor<T>(), law));

    [Fact]
    public void A_cookie_reads_back_what_was_written() => Holds<(ulong A, ulong B, ushort Day)>(v =>
    {
        Span<char> text = stackalloc char[VisitorCookie.Characters];
        _cookie.Write(new Id(v.A, v.B), v.Day, text);
        // Twice: the second time it is known from memory.
        return _cookie.TryRead(text, out var reading) && _cookie.TryRead(text, out var again)
            && reading == again && reading == new CookieReading(new Id(v.A, v.B), v.Day);
    });

    [Fact]
    public void A_known_cookie_vouches_for_no_other() => Holds<(ulong A, ulong B, byte Place)>(v =>
    {
        var text = new char[VisitorCookie.Characters];
        _cookie.Write(new Id(v.A, v.B), 1, text);
        if (!_cookie.TryRead(text, out _)) return false;
        var place = v.Place % VisitorCookie.Characters;
        text[place] = text[place] == 'A' ? 'B' : 'A';
        return !_cookie.TryRead(text, out _);
    });

    [Fact]
    public void A_signed_link_verifies_and_a_changed_part_does_not() => Holds<(string? Source, string? Campaign, string? Term)>(v =>
    {
        var link = new SignedLink("https://a.example/") { Source = v.Source, Campaign = v.Campaign, Term = v.Term };
        var signature = Encoding.ASCII.GetBytes(_signer.Signature(link));
        return _signer.Verifies(link, signature) && !_signer.Verifies(link with { Term = v.Term + "x" }, signature)
            && !_signer.Verifies(link with { Url = "https://b.example/" }, signature)
            && (string.IsNullOrEmpty(v.Source) || !_signer.Verifies(link with { Source = null, Medium = v.Source }, signature));
    });

    [Fact]
    public void A_query_reads_back_what_was_encoded() => Holds<List<(NonNull<string> Name, NonNull<string> Value)>>(pairs =>
    {
        var texts = pairs.Where(p => Encoding.UTF8.GetByteCount(p.Name.Get) > 0).Take(QueryFields.FieldsMax)
            .Select(p => (Name: Whole("n" + p.Name.Get), Value: Whole(p.Value.Get))).ToList();
        var query = new QueryFields();
        query.Parse("?" + string.Join('&', texts.Select(p => Uri.EscapeDataString(p.Name) + "=" + Uri.EscapeDataString(p.Value))));
        return query.Count == texts.Count && texts.Select((p, i) => (p, i)).All(t =>
            Encoding.UTF8.GetString(query.Name(t.i)) == t.p.Name && Encoding.UTF8.GetString(query.Value(t.i)) == t.p.Value);
    });

    [Fact]
    public void Any_bytes_become_text() => Holds<byte[]>(bytes =>
    {
        var query = new QueryFields();
        query.Parse("a="u8.ToArray().Concat(bytes).ToArray());
        return Enumerable.Range(0, query.Count).All(i => System.Text.Unicode.Utf8.IsValid(query.Value(i)) && System.Text.Unicode.Utf8.IsValid(query.Name(i)));
    });

    [Fact]
    public void A_normalised_address_stays_as_it_is() => Holds<NonNull<string>>(v =>
        LeadIdentity.NormaliseEmail(v.Get + "@b.example") is not { } email || LeadIdentity.NormaliseEmail(email) == email);

    [Fact]
    public void A_safe_target_is_one_line_of_ascii_to_the_same_host() => Holds<NonNull<string>>(v =>
        (!SafeTarget.TryAbsolute("https://a.example/" + v.Get, out var location) || location.All(c => c is > ' ' and < '\x7f') && new Uri(location).Host == "a.example")
        && (!SafeTarget.TryPath("/" + v.Get, out var path) || path.All(c => c is > ' ' and < '\x7f') && new Uri(new Uri("https://a.example/"), path).Host == "a.example"));

    /// <summary>Without halves of surrogate pairs, which no query can carry.</summary>
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
