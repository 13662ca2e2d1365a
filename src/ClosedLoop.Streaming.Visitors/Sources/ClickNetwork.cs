using System.Text;

namespace ClosedLoop.Streaming.Visitors.Sources;

/// <summary>What a click id proves. <see cref="None"/>: the address was shared from there, paid or not (fbclid, srsltid).</summary>
public enum ClickProof : byte
{
    None, SearchAd, Ad, Affiliate, Mailing,
}

/// <summary>A network that marks its clicks with an id in the address (FIELD.md §5).</summary>
public sealed class ClickNetwork
{
    private ClickNetwork(string name, string source, string medium, ClickProof proof, params string[] parameters)
    {
        (NameText, Proof) = (name, proof);
        (NameBytes, SourceBytes, MediumBytes) = (Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(source), Encoding.UTF8.GetBytes(medium));
        Parameters = parameters;
    }

    /// <summary>In order of precedence: when an address carries several click ids, the first of this list is kept, so that proof of payment beats a mere mark.</summary>
    public static IReadOnlyList<ClickNetwork> All { get; } =
    [
        new("Google Ads", "google", "cpc", ClickProof.SearchAd, "gclid", "gbraid", "wbraid"),
        new("Google Display", "google", "display", ClickProof.Ad, "dclid"),
        new("Microsoft", "bing", "cpc", ClickProof.SearchAd, "msclkid"),
        new("Yandex", "yandex", "cpc", ClickProof.SearchAd, "yclid"),
        new("TikTok", "tiktok", "cpc", ClickProof.Ad, "ttclid"),
        new("X", "twitter", "cpc", ClickProof.Ad, "twclid"),
        new("LinkedIn", "linkedin", "cpc", ClickProof.Ad, "li_fat_id"),
        new("Reddit", "reddit", "cpc", ClickProof.Ad, "rdt_cid"),
        new("Pinterest", "pinterest", "cpc", ClickProof.Ad, "epik"),
        new("Quora", "quora", "cpc", ClickProof.Ad, "qclid"),
        new("Snap", "snapchat", "cpc", ClickProof.Ad, "sccid"),
        new("Outbrain", "outbrain", "cpc", ClickProof.Ad, "dicbo"),
        new("Taboola", "taboola", "cpc", ClickProof.Ad, "tblci"),
        new("Impact", "impact", "affiliate", ClickProof.Affiliate, "irclid"),
        new("Klaviyo", "klaviyo", "email", ClickProof.Mailing, "_kx"),
        new("Mailchimp", "mailchimp", "email", ClickProof.Mailing, "mc_cid", "mc_eid"),
        new("Marketo", "marketo", "email", ClickProof.Mailing, "mkt_tok"),
        new("Meta", "facebook", "social", ClickProof.None, "fbclid"),
        new("Google free listing", "google", "organic", ClickProof.None, "srsltid"),
    ];

    private static readonly ByteTable<ClickNetwork> ByName = new([.. All.Select(network => new KeyValuePair<string, ClickNetwork>(network.NameText, network))]);

    private string NameText { get; }

    internal byte[] NameBytes { get; }

    internal byte[] SourceBytes { get; }

    internal byte[] MediumBytes { get; }

    /// <summary>UTF-8, as stored in <c>mkt_network</c>: Google Ads.</summary>
    public ReadOnlySpan<byte> Name => NameBytes;

    public ClickProof Proof { get; }

    /// <summary>Query parameters that carry its ids, the most telling first.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>The network of a stored name, or null.</summary>
    public static ClickNetwork? Named(ReadOnlySpan<byte> name) => name.IsEmpty ? null : ByName.Find(name);
}
