using System.Text;
using System.Text.Encodings.Web;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>
/// HTML that is safe to send. It is made from an interpolated string whose text is ours and whose values are encoded, whatever they hold;
/// only what is markup already goes through as it is.
/// </summary>
internal readonly record struct Markup
{
    private Markup(string text) => Text = text;

    public string Text { get; }

    public static Markup Of(FormattableString html) => new(html.ToString(Encoding.Instance));

    public static Markup Join<T>(IEnumerable<T> items, Func<T, Markup> of) =>
        new(items.Aggregate(new StringBuilder(), (text, item) => text.Append(of(item).Text)).ToString());

    public override string ToString() => Text;

    private sealed class Encoding : IFormatProvider, ICustomFormatter
    {
        public static readonly Encoding Instance = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg is Markup markup ? markup.Text
            : HtmlEncoder.Default.Encode(arg is IFormattable value ? value.ToString(format, System.Globalization.CultureInfo.InvariantCulture) : arg?.ToString() ?? "");
    }
}
