using System.Text;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Visitors.Tests.Sources;

/// <summary>A verdict as text, so that tests read as rows.</summary>
internal sealed record SourceRow(string Channel, string Source, string Medium, string RefrMedium, string RefrSource, string RefrTerm, bool IsInternal, bool IsPayment, bool HasCampaign, bool IsDirect, ulong Hash)
{
    public static readonly SiteRules Rules = new() { Hosts = new HostSet(["shop.example"]) };

    public static SourceRow Of(string referrer, string page = "https://shop.example/", SiteRules? rules = null, string? linkChannel = null)
    {
        var fields = new CampaignFields();
        fields.Read(Encoding.UTF8.GetBytes(page));
        var input = new SourceInput
        {
            Source = fields.Source, Medium = fields.Medium, Campaign = fields.Campaign, CampaignId = fields.CampaignId, Term = fields.Term, Content = fields.Content,
            ClickId = fields.ClickId, Network = fields.Network, LinkChannel = Encoding.UTF8.GetBytes(linkChannel ?? ""),
            Referrer = Encoding.UTF8.GetBytes(referrer), Page = Encoding.UTF8.GetBytes(page),
        };
        return From(SourceRules.Resolve(input, rules ?? Rules));
    }

    public static SourceRow From(SourceVerdict verdict) => new(Text(verdict.Channel), Text(verdict.Source), Text(verdict.Medium), Text(verdict.RefrMedium),
        Text(verdict.RefrSource), Text(verdict.RefrTerm), verdict.IsInternal, verdict.IsPayment, verdict.HasCampaign, verdict.IsDirect, verdict.CampaignHash);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
