using System.Text;
using ClosedLoop.Streaming.Visitors.Sources;

namespace ClosedLoop.Streaming.Visitors.Tests.Sources;

public class CampaignFieldsTests
{
    [Theory]
    [InlineData("utm_source=a&utm_medium=b&utm_campaign=c&utm_term=d&utm_content=e&utm_id=f", "a|b|c|d|e|f||")]
    [InlineData("UTM_SOURCE=A+b%20c", "A b c|||||||")]
    [InlineData("utm%5Fsource=a", "a|||||||")]
    [InlineData("amp;utm_source=a&amp;utm_medium=b", "a|b||||||")]
    [InlineData("utm_source=&utm_source=b&utm_source=c", "b|||||||")]
    [InlineData("mtm_campaign=c&mtm_kwd=k&mtm_cid=7", "||c|k||7||")]
    [InlineData("pk_campaign=c&pk_kwd=k", "||c|k||||")]
    [InlineData("pk_campaign=p&mtm_campaign=m&utm_campaign=u", "||u|||||")]
    [InlineData("gclid=Abc_1-2", "||||||Abc_1-2|Google Ads")]
    [InlineData("fbclid=f&gclid=g", "||||||g|Google Ads")]
    [InlineData("gbraid=1", "||||||1|Google Ads")]
    [InlineData("wbraid=1", "||||||1|Google Ads")]
    [InlineData("dclid=1", "||||||1|Google Display")]
    [InlineData("srsltid=1", "||||||1|Google free listing")]
    [InlineData("fbclid=1", "||||||1|Meta")]
    [InlineData("msclkid=1", "||||||1|Microsoft")]
    [InlineData("ttclid=1", "||||||1|TikTok")]
    [InlineData("twclid=1", "||||||1|X")]
    [InlineData("li_fat_id=1", "||||||1|LinkedIn")]
    [InlineData("rdt_cid=1", "||||||1|Reddit")]
    [InlineData("epik=1", "||||||1|Pinterest")]
    [InlineData("qclid=1", "||||||1|Quora")]
    [InlineData("sccid=1", "||||||1|Snap")]
    [InlineData("yclid=1", "||||||1|Yandex")]
    [InlineData("irclid=1", "||||||1|Impact")]
    [InlineData("_kx=1", "||||||1|Klaviyo")]
    [InlineData("mc_eid=e&mc_cid=c", "||||||c|Mailchimp")]
    [InlineData("dicbo=1", "||||||1|Outbrain")]
    [InlineData("tblci=1", "||||||1|Taboola")]
    [InlineData("mkt_tok=1", "||||||1|Marketo")]
    [InlineData("x=1#/route?utm_source=hash", "hash|||||||")]
    [InlineData("x=1#utm_source=hash", "hash|||||||")]
    [InlineData("utm_source=query#utm_source=hash", "query|||||||")]
    [InlineData("utm_source=%D0%BB%D0%B8%D1%81%D1%82", "лист|||||||")]
    [InlineData("utm_source=a%00%0Ab", "a  b|||||||")]
    [InlineData("utm_source=%zz%4", "%zz%4|||||||")]
    [InlineData("utm_sourcex=1&xutm_source=2", "|||||||")]
    [InlineData("", "|||||||")]
    public void The_campaign_of_an_address(string query, string expected)
    {
        var fields = new CampaignFields();
        var any = fields.Read(Encoding.UTF8.GetBytes("https://shop.example/?" + query));
        Assert.Equal(expected, string.Join('|', Text(fields.Source), Text(fields.Medium), Text(fields.Campaign), Text(fields.Term), Text(fields.Content),
            Text(fields.CampaignId), Text(fields.ClickId), Text(fields.Network)));
        Assert.Equal(expected.Length > 7, any);
        Assert.False(fields.WasCut);
    }

    [Fact]
    public void What_was_read_before_is_forgotten()
    {
        var fields = new CampaignFields();
        Assert.True(fields.Read("https://shop.example/?utm_source=a&gclid=1"u8));
        Assert.False(fields.Read("https://shop.example/"u8));
        Assert.True(fields.Source.IsEmpty && fields.ClickId.IsEmpty && fields.Network.IsEmpty);
        Assert.False(fields.Read("no address"u8));
    }

    [Fact]
    public void A_long_value_is_cut_and_marked()
    {
        var fields = new CampaignFields();
        fields.Read(Encoding.UTF8.GetBytes("https://shop.example/?utm_source=" + new string('x', 2000)));
        Assert.Equal(CampaignFields.ValueBytesMax, fields.Source.Length);
        Assert.True(fields.WasCut);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
