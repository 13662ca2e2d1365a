using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace ClosedLoop.Streaming.Host.Metrics;

/// <summary>
/// The metrics of all rooms in Prometheus' text format 0.0.4. The OpenTelemetry SDK adds up; this only writes, because its own
/// Prometheus exporter is not on every feed.
/// </summary>
internal sealed class PrometheusText : IHostedService, IDisposable
{
    // Names a room may use; one more would be a defect in its labels.
    private const int SeriesMax = 10_000;
    private static readonly double[] Seconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];
    private readonly Lock _collecting = new();
    private readonly Exporter _exporter = new();
    private readonly MeterProvider _provider;

    public PrometheusText() => _provider = Sdk.CreateMeterProviderBuilder()
        .AddMeter("ClosedLoop.Streaming.*").SetMaxMetricStreams(500)
        .AddView(instrument => instrument.Name.EndsWith("_seconds", StringComparison.Ordinal) ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds } : null).AddReader(new BaseExportingMetricReader(_exporter)).Build();

    public string Collect()
    {
        lock (_collecting)
        {
            _provider.ForceFlush(5000);
            return _exporter.Text;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _provider.Dispose();

    private sealed class Exporter : BaseExporter<Metric>
    {
        public string Text { get; private set; } = "";

        public override ExportResult Export(in Batch<Metric> batch)
        {
            var text = new StringBuilder();
            var series = 0;
            foreach (var metric in batch)
                if (series < SeriesMax) Write(text, metric, ref series);
            Text = text.ToString();
            return ExportResult.Success;
        }
    }

    private static void Write(StringBuilder text, Metric metric, ref int series)
    {
        var name = PrometheusName(metric);
        if (!string.IsNullOrEmpty(metric.Description)) text.Append("# HELP ").Append(name).Append(' ').Append(metric.Description.ReplaceLineEndings(" ")).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(KindOf(metric.MetricType)).Append('\n');
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            series++;
            if (metric.MetricType == MetricType.Histogram) WriteHistogram(text, name, point);
            else Line(text, name, point.Tags, null, metric.MetricType switch
            {
                MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
                MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
                MetricType.LongGauge => point.GetGaugeLastValueLong(),
                _ => point.GetGaugeLastValueDouble(),
            });
        }
    }

    private static void WriteHistogram(StringBuilder text, string name, in MetricPoint point)
    {
        var total = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            total += bucket.BucketCount;
            Line(text, name + "_bucket", point.Tags, double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : bucket.ExplicitBound.ToString("R", CultureInfo.InvariantCulture), total);
        }
        Line(text, name + "_sum", point.Tags, null, point.GetHistogramSum());
        Line(text, name + "_count", point.Tags, null, point.GetHistogramCount());
    }

    private static void Line(StringBuilder text, string name, ReadOnlyTagCollection tags, string? bound, double value)
    {
        text.Append(name);
        var opened = false;
        foreach (var (key, tag) in tags) Label(text, key, Convert.ToString(tag, CultureInfo.InvariantCulture) ?? "", ref opened);
        if (bound is not null) Label(text, "le", bound, ref opened);
        if (opened) text.Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static void Label(StringBuilder text, string key, string value, ref bool opened)
    {
        text.Append(opened ? ',' : '{').Append(key).Append("=\"")
            .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        opened = true;
    }

    private static string PrometheusName(Metric metric) => metric.Name.Replace('.', '_').Replace('-', '_');

    private static string KindOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.Histogram => "histogram",
        _ => "gauge",
    };
}

internal static class MetricsRoute
{
    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", (PrometheusText metrics) => Results.Text(metrics.Collect(), "text/plain; version=0.0.4; charset=utf-8"));
}
