using System.ComponentModel;
using ClosedLoop.Streaming.Collector;
using ClosedLoop.Streaming.Events;
using ClosedLoop.Streaming.Processor;
using ClosedLoop.Streaming.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary><c>/v1/visitors</c> and <c>/v1/leads</c>: the live state, with the admin key or the write key of the site.</summary>
internal sealed class PeopleApi(ISettings settings, PersonReader reader, Keyring keyring, LiveStates live)
{
    private const string SiteText = "Site by id or alias; when absent, the only one, or all are looked through.";

    public void Map(RouteGroupBuilder routes)
    {
        routes.WithTags("People");
        routes.MapGet("/visitors/{visitor_id}", Visitor).Says<PersonView>("getVisitor", "The live state of a visitor").Produces<ErrorView>(404, "application/json");
        routes.MapGet("/leads/{lead_id}", Lead).Says<PersonView>("getLead", "The live state of a lead").Produces<ErrorView>(404, "application/json");
        routes.MapGet("/leads", Find).Says<PersonView>("findLead", "The live state of the lead with this e-mail, external id or phone").Produces<ErrorView>(404, "application/json");
    }

    private IResult Visitor(HttpContext http, [Microsoft.AspNetCore.Mvc.FromRoute(Name = "visitor_id")] string visitorId, [Description(SiteText)] string? site)
    {
        live.MustBeReady();
        var sites = Sites(http, site);
        // The doors take 64 characters; nothing longer can be known.
        var found = visitorId.Length > 64 ? null : sites.Select(s => reader.Visitor(s, visitorId)).FirstOrDefault(v => v is not null);
        return ApiJson.Answer(found ?? throw new ApiException(ApiRefusal.UnknownVisitor, "Nothing is known of this visitor."));
    }

    private IResult Lead(HttpContext http, [Microsoft.AspNetCore.Mvc.FromRoute(Name = "lead_id")] string leadId, [Description(SiteText)] string? site)
    {
        live.MustBeReady();
        var sites = Sites(http, site);
        var found = Id.TryParse(leadId, out var id) ? sites.Select(s => reader.Lead(s, id)).FirstOrDefault(v => v is not null) : null;
        return ApiJson.Answer(found ?? throw new ApiException(ApiRefusal.UnknownLead, "There is no such lead."));
    }

    private IResult Find(HttpContext http, string? email, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "external_id")] string? externalId, string? phone, [Description(SiteText)] string? site)
    {
        live.MustBeReady();
        if (new[] { email, externalId, phone }.Count(v => !string.IsNullOrWhiteSpace(v)) != 1)
            throw new ApiException(ApiRefusal.BadField, "Ask by exactly one of email, external_id, phone.");
        foreach (var of in Sites(http, site))
        {
            if (reader.Lead(of, LivePeople.HomeOf(of, Identifier(of, email, externalId, phone))) is { } found) return ApiJson.Answer(found);
        }
        throw new ApiException(ApiRefusal.UnknownLead, "There is no lead with this identifier.");
    }

    /// <summary>
    /// The identifier as the doors write it: normalised by the same functions, keyed by the same key. A plus that nobody escaped came as a blank,
    /// and neither stands where a plus can.
    /// </summary>
    private string Identifier(string site, string? email, string? externalId, string? phone)
    {
        if (!string.IsNullOrWhiteSpace(email))
            return "e:" + keyring.Identify(site, 'e', LeadIdentity.NormaliseEmail(email.Trim().Replace(' ', '+')) ?? throw ApiException.Field("email", "is no e-mail address."));
        if (!string.IsNullOrWhiteSpace(phone))
            return "p:" + keyring.Identify(site, 'p', LeadIdentity.NormalisePhone(phone[0] == ' ' ? "+" + phone[1..] : phone) ?? throw ApiException.Field("phone", "is no phone number of 5 to 15 digits."));
        return "x:" + (LeadIdentity.NormaliseExternalId(externalId!) ?? throw ApiException.Field("external_id", "is no id of at most 128 bytes."));
    }

    /// <summary>The sites to look through: the named one, or all that the key opens.</summary>
    private List<string> Sites(HttpContext http, string? name)
    {
        var grant = http.Grant();
        if (string.IsNullOrEmpty(name)) return grant.Site is { } only ? [only] : [.. settings.Current.Sites.Keys.Order(StringComparer.Ordinal)];
        var site = Checks.Site(settings.Current, name).Id;
        grant.MustOpen(site);
        return [site];
    }
}
