using System.Globalization;
using System.Text;
using QRCoder;

namespace ClosedLoop.Streaming.Dashboard;

/// <summary>A QR code as SVG: one path of black squares on white, which stays sharp at any size in print.</summary>
internal static class QrSvg
{
    public static string Of(string text)
    {
        using var generator = new QRCodeGenerator();
        // M restores 15 % of a scratched code; the quiet zone of four modules is in the matrix.
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = data.ModuleMatrix;
        var size = rows.Count;
        var svg = new StringBuilder(16 * 1024)
            .Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" width=\"{size * 8}\" height=\"{size * 8}\" shape-rendering=\"crispEdges\">")
            .Append(CultureInfo.InvariantCulture, $"<rect width=\"{size}\" height=\"{size}\" fill=\"#fff\"/><path fill=\"#000\" d=\"");
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
            {
                if (!rows[y][x]) continue;
                var length = 1;
                while (x + length < size && rows[y][x + length]) length++;
                svg.Append(CultureInfo.InvariantCulture, $"M{x} {y}h{length}v1h-{length}z");
                x += length - 1;
            }
        return svg.Append("\"/></svg>").ToString();
    }
}
