using System.Collections.Frozen;
using System.Text;
using ClosedLoop.Streaming.Settings;

namespace ClosedLoop.Streaming.Collector;

/// <summary>What a hit says about who the person is, normalised so that one person has one spelling. Null: not said.</summary>
public readonly record struct LeadIdentity(string? Email, string? Phone, string? ExternalId)
{
    public const int EmailMax = 254;

    public bool IsKnown => Email is not null || Phone is not null || ExternalId is not null;

    /// <summary>Trimmed and lower case; null when it can't be an address: no @, blanks or control characters inside, longer than 254.</summary>
    public static string? NormaliseEmail(string text)
    {
        var email = text.Trim().ToLowerInvariant();
        if (email.Length is < 3 or > EmailMax) return null;
        foreach (var c in email)
            if (char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or ',' or ';' or '"' || char.IsSurrogate(c)) return null;
        var at = email.LastIndexOf('@');
        return at > 0 && at < email.Length - 1 && email.IndexOf('@') == at ? email : null;
    }

    /// <summary>Digits, with a leading + when the country is given; null when there are fewer than 5 or more than 15 digits, or anything that isn't dialled.</summary>
    public static string? NormalisePhone(string text)
    {
        var digits = new StringBuilder(16);
        foreach (var c in text.Trim())
        {
            if (char.IsAsciiDigit(c)) digits.Append(c);
            else if (c == '+' && digits.Length == 0) digits.Append(c);
            else if (c is not (' ' or '-' or '.' or '(' or ')' or '/' or '\u00A0')) return null;
            if (digits.Length > 18) return null;
        }
        if (digits.Length > 2 && digits[0] == '0' && digits[1] == '0') digits.Remove(0, 2).Insert(0, '+');
        var count = digits.Length > 0 && digits[0] == '+' ? digits.Length - 1 : digits.Length;
        return count is >= 5 and <= 15 ? digits.ToString() : null;
    }

    /// <summary>The caller's own id of the person: at most 128 bytes, no control characters.</summary>
    public static string? NormaliseExternalId(string text)
    {
        var id = text.Trim();
        if (id.Length == 0 || Encoding.UTF8.GetByteCount(id) > TextLimits.ExternalIdBytesMax) return null;
        foreach (var c in id)
            if (char.IsControl(c)) return null;
        return id;
    }

    // What trackers send where nobody is signed in; as an id it would make everybody one person.
    private static readonly FrozenSet<string> Nobody = new[]
    {
        "0", "-1", "null", "nil", "none", "nan", "undefined", "unknown", "anonymous", "anon", "guest", "false", "(not set)", "not set", "n/a", "-",
        "[object object]", "00000000-0000-0000-0000-000000000000",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The id under which a tracker knows the person (<c>uid</c>, <c>user_id</c>): the site's own id of it, or its e-mail where that is used as one.</summary>
    public LeadIdentity WithUserId(string text)
    {
        var id = NormaliseExternalId(text);
        if (id is null || Nobody.Contains(id)) return this;
        return id.Contains('@', StringComparison.Ordinal) && NormaliseEmail(id) is { } email
            ? this with { Email = Email ?? email }
            : this with { ExternalId = ExternalId ?? id };
    }

    /// <summary>The identifiers as the log may hold them: keyed HMACs, and the plain value sealed.</summary>
    internal Identifiers Protect(Keyring keyring, string site)
    {
        var email = Email is null ? null : keyring.Identify(site, 'e', Email);
        var phone = Phone is null ? null : keyring.Identify(site, 'p', Phone);
        return new Identifiers(email, Email is null ? null : keyring.Seal(Encoding.UTF8.GetBytes(Email)),
            phone, Phone is null ? null : keyring.Seal(Encoding.UTF8.GetBytes(Phone)), ExternalId);
    }
}

/// <summary>Identifiers that are safe to store.</summary>
internal readonly record struct Identifiers(string? Email, string? EmailSealed, string? Phone, string? PhoneSealed, string? ExternalId)
{
    /// <summary>The one that names the actor when no visitor does: e-mail before phone before external id.</summary>
    public string? First => Email is not null ? "e:" + Email : Phone is not null ? "p:" + Phone : ExternalId is not null ? "x:" + ExternalId : null;

    public void Write(RecordWriter record) =>
        record.Add(Field.Email, Email).Add(Field.EmailSealed, EmailSealed).Add(Field.Phone, Phone).Add(Field.PhoneSealed, PhoneSealed)
            .Add(Field.ExternalId, ExternalId).Add(Field.Identifier, First);
}
