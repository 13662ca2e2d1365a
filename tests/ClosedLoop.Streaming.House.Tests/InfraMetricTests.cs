using System.Text.Json;

namespace ClosedLoop.Streaming.House.Tests;

/// <summary>Alerts and dashboards ask for metrics that the program has, of processes that run.</summary>
public class InfraMetricTests
{
    private static readonly string[] _dashboards = [.. Repo.Files("infra/grafana/dashboards", ".json")];

    [Fact]
    public void Every_metric_of_an_alert_exists() => Rule.NoneOf(
        from rule in Rules()
        from name in Infra.Asked(rule.GetProperty("expr").GetString()!)
        where !Infra.Metrics().Contains(name)
        select $"{rule.GetProperty("alert")}: {name}",
        "No room makes this metric:");

    [Fact]
    public void Every_metric_of_a_dashboard_exists_and_every_panel_asks_for_one()
    {
        var metrics = Infra.Metrics();
        Assert.True(_dashboards.Length >= 2 && metrics.Count > 20);
        var panels = _dashboards.SelectMany(path => Infra.Json(path).GetProperty("panels").EnumerateArray().Select(panel => (path, panel))).ToList();
        Rule.NoneOf(
            from p in panels
            from target in p.panel.GetProperty("targets").EnumerateArray()
            from name in Infra.Asked(target.GetProperty("expr").GetString()!).DefaultIfEmpty("(nothing)")
            where !metrics.Contains(name)
            select $"{p.path}, {p.panel.GetProperty("title")}: {name}",
            "No room makes this metric:");
    }

    [Fact]
    public void Panels_have_ids_of_their_own_and_the_source_that_is_provisioned()
    {
        var sources = Infra.Yaml("infra/grafana/provisioning/datasources/closedloop.yaml").GetProperty("datasources").EnumerateArray().Select(d => d.GetProperty("uid").GetString()).ToList();
        foreach (var dashboard in _dashboards.Select(Infra.Json))
        {
            var panels = dashboard.GetProperty("panels").EnumerateArray().ToList();
            Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
            Assert.All(panels, p => Assert.Contains(p.GetProperty("datasource").GetProperty("uid").GetString(), sources));
        }
        Assert.Equal(_dashboards.Length, _dashboards.Select(d => Infra.Json(d).GetProperty("uid").GetString()).Distinct().Count());
    }

    [Fact]
    public void Folders_that_grafana_reads_are_those_that_are_mounted()
    {
        var mounts = Infra.Services().GetProperty("grafana").GetProperty("volumes").EnumerateArray().Select(v => v.GetString()!.Split(':')[1]).ToList();
        var folder = Infra.Yaml("infra/grafana/provisioning/dashboards/closedloop.yaml").GetProperty("providers")[0].GetProperty("options").GetProperty("path").GetString();
        Assert.Contains(folder, mounts);
        var url = Infra.Yaml("infra/grafana/provisioning/datasources/closedloop.yaml").GetProperty("datasources")[0].GetProperty("url").GetString();
        Assert.Equal("http://prometheus:9090", url);
    }

    [Fact]
    public void Alerts_have_names_of_their_own_a_severity_and_a_sentence()
    {
        var rules = Rules().ToList();
        Assert.True(rules.Count >= 10);
        Assert.Equal(rules.Count, rules.Select(r => r.GetProperty("alert").GetString()).Distinct().Count());
        Assert.All(rules, r => Assert.Contains(r.GetProperty("labels").GetProperty("severity").GetString(), new[] { "page", "ticket" }));
        Assert.All(rules, r => Assert.NotEmpty(r.GetProperty("annotations").GetProperty("summary").GetString()!));
    }

    [Fact]
    public void Prometheus_asks_every_process_at_its_port_and_reads_the_alerts_that_are_mounted()
    {
        var prometheus = Infra.Yaml("infra/prometheus/prometheus.yaml");
        var groups = prometheus.GetProperty("scrape_configs")[0].GetProperty("static_configs").EnumerateArray().ToList();
        var targets = groups.SelectMany(g => g.GetProperty("targets").EnumerateArray().Select(t => t.GetString()!)).Order(StringComparer.Ordinal);
        Assert.Equal(Infra.OwnServices().Select(s => s.Name + ":8080").Order(StringComparer.Ordinal), targets);
        var mounts = Infra.Services().GetProperty("prometheus").GetProperty("volumes").EnumerateArray().Select(v => v.GetString()!).ToList();
        Assert.All(prometheus.GetProperty("rule_files").EnumerateArray(), file => Assert.Contains($"./prometheus/{file}:/etc/prometheus/{file}:ro", mounts));
    }

    private static IEnumerable<JsonElement> Rules() =>
        Infra.Yaml("infra/prometheus/alerts.yaml").GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("rules").EnumerateArray());
}
