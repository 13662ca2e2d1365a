using System.Text;
using System.Text.Json;

namespace ClosedLoop.Streaming.Collector;

/// <summary>What the items of an order add up to: their cost, when every one names it, and their categories by value.</summary>
internal sealed class ItemTotals
{
    private readonly Dictionary<string, decimal> _categories = [];
    private decimal _cost;
    private bool _everyCost;
    private int _count;

    public bool Broken { get; private set; }

    /// <summary>Where the first mistake stands, as [2].price; empty without one.</summary>
    public string BrokenAt { get; private set; } = "";

    /// <summary>Null when an item doesn't say what it cost, or there are no items.</summary>
    public decimal? Cost => _count > 0 && _everyCost ? _cost : null;

    public void Clear()
    {
        _categories.Clear();
        (_cost, _everyCost, _count, Broken, BrokenAt) = (0, true, 0, false, "");
    }

    /// <summary>At most 8, most valuable first, joined by U+001F; empty without any.</summary>
    public string Categories() => _categories.Count == 0 ? "" : string.Join('\u001F', _categories
        .OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal).Take(TextLimits.CategoriesMax).Select(c => c.Key));

    /// <summary>The reader stands on the opening bracket before and on the closing one after.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                Item(ref reader);
            }
            else
            {
                Break("");
                reader.Skip();
            }
            if (++_count > TextLimits.ItemsMax) Break("");
        }
    }

    private void Item(ref Utf8JsonReader reader)
    {
        decimal price = 0, quantity = 1;
        decimal? cost = null;
        string? category = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("price"u8)) price = Number(ref reader, ".price") ?? 0;
            else if (reader.ValueTextEquals("quantity"u8)) quantity = Number(ref reader, ".quantity") ?? 1;
            else if (reader.ValueTextEquals("cost"u8)) cost = Number(ref reader, ".cost");
            else if (reader.ValueTextEquals("category"u8)) category = Category(ref reader);
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        if (Broken || !Within(price) || !Within(quantity) || !Within(cost ?? 0) || !Within(price * quantity) || !Within((cost ?? 0) * quantity))
        {
            Break(!Within(quantity) || Within(price) && !Within(price * quantity) ? ".quantity" : !Within(price) ? ".price" : ".cost");
            return;
        }
        if (cost is { } known) _cost += known * quantity;
        else _everyCost = false;
        if (category is not null) _categories[category] = _categories.GetValueOrDefault(category) + price * quantity;
    }

    /// <summary>Also keeps the products of two such numbers inside what a decimal holds.</summary>
    private static bool Within(decimal value) => value is >= 0 and <= Money.Max;

    private void Break(string member)
    {
        if (Broken) return;
        Broken = true;
        BrokenAt = $"[{Math.Min(_count, TextLimits.ItemsMax)}]{member}";
    }

    private decimal? Number(ref Utf8JsonReader reader, string member)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null) return null;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var number)) return number;
        Break(member);
        reader.Skip();
        return null;
    }

    private static string? Category(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return null;
        }
        var text = reader.GetString()!.Replace('\u001F', ' ').Trim();
        var cut = false;
        return text.Length == 0 ? null : TextLimits.Cut(text.AsSpan(), TextLimits.NameMax, ref cut).ToString();
    }
}
