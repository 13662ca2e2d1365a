using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClosedLoop.Streaming.House.Tests;

/// <summary>compose.yaml, the Dockerfile and the systemd unit: what they name is there, and nothing floats.</summary>
public partial class InfraComposeTests
{
    [Fact]
    public void Every_image_has_an_exact_version() =>
        Rule.NoneOf(
            from image in Infra.Services().EnumerateObject().Where(s => !s.Value.TryGetProperty("build", out _)).Select(s => s.Value.GetProperty("image").GetString()!)
                .Concat(Images())
            where !Pinned().IsMatch(image)
            select image,
            "An image is pinned to a version of at least two numbers:");

    [Fact]
    public void All_roles_run_and_those_that_scale_run_twice()
    {
        var roles = Infra.OwnServices().Select(s => s.Value.GetProperty("command").EnumerateArray().Select(c => c.GetString()!).ToArray()).ToList();
        Assert.All(roles, command => Assert.Equal(["run", "--role"], command[..2]));
        var counts = roles.GroupBy(command => command[2]!).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(new Dictionary<string, int> { ["collector"] = 2, ["processor"] = 2, ["webhooks"] = 1, ["warehouse"] = 1, ["dashboard"] = 1 }, counts);
    }

    [Fact]
    public void What_is_mounted_waited_for_and_networked_is_there()
    {
        var compose = Infra.Yaml("infra/compose.yaml");
        var volumes = compose.GetProperty("volumes").EnumerateObject().Select(v => v.Name).ToHashSet();
        var names = Infra.Services().EnumerateObject().Select(s => s.Name).ToHashSet();
        var wrong = new List<string>();
        foreach (var (service, mount) in Infra.Services().EnumerateObject().SelectMany(s => Strings(s.Value, "volumes").Select(v => (s.Name, v))))
        {
            var source = mount.Split(':')[0];
            if (source.StartsWith("./", StringComparison.Ordinal) ? !Path.Exists(Path.Combine(Repo.Root, "infra", source)) : !volumes.Contains(source)) wrong.Add($"{service} mounts {source}");
        }
        foreach (var service in Infra.Services().EnumerateObject())
        {
            if (!service.Value.TryGetProperty("depends_on", out var needs)) continue;
            foreach (var needed in needs.EnumerateObject())
                if (!names.Contains(needed.Name)) wrong.Add($"{service.Name} waits for {needed.Name}");
                else if (needed.Value.GetProperty("condition").GetString() == "service_healthy" && !Infra.Services().GetProperty(needed.Name).TryGetProperty("healthcheck", out _))
                    wrong.Add($"{service.Name} waits for the health of {needed.Name}, which has no check");
        }
        Rule.NoneOf(wrong, "compose.yaml names what is not there:");
        Assert.All(Infra.Services().EnumerateObject(), s => Assert.Equal(["inner"], Strings(s.Value, "networks")));
    }

    [Fact]
    public void Every_secret_is_demanded_from_the_environment_and_made_by_the_script()
    {
        var text = Repo.Read("infra/compose.yaml");
        var made = Repo.Read("infra/make-env.sh");
        var asked = Variable().Matches(text).Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(asked);
        Assert.All(asked, name => Assert.Contains($"\n{name}=", made, StringComparison.Ordinal));
        Rule.NoneOf(
            Variable().Matches(text).Where(m => Regex.IsMatch(m.Groups[1].Value, "KEY|PASSWORD") && !m.Value.Contains(":?", StringComparison.Ordinal)).Select(m => m.Value),
            "A secret without which the start is refused is written ${NAME:?…}:");
        Assert.Contains("/infra/.env", Repo.Read(".gitignore"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_image_runs_as_nobody_special_and_knows_its_health()
    {
        var lines = Repo.Read("infra/Dockerfile").Split('\n');
        Assert.Contains(lines, l => Regex.IsMatch(l, @"^USER [1-9]\d{4}:[1-9]\d{4}$"));
        var verb = Regex.Match(string.Join('\n', lines), """HEALTHCHECK .* CMD \["/app/closedloop", "([a-z-]+)"\]""").Groups[1].Value;
        Assert.Contains($"new Command(\"{verb}\"", string.Concat(Repo.Sources("src/ClosedLoop.Streaming.Host").Select(Repo.Read)), StringComparison.Ordinal);
        Assert.Matches(@"^FROM closedloop$", lines.Last(l => l.StartsWith("FROM ", StringComparison.Ordinal)));
        foreach (var copied in lines.Where(l => l.StartsWith("COPY ", StringComparison.Ordinal) && !l.Contains("--from", StringComparison.Ordinal)).SelectMany(l => l.Split(' ')[1..^1]))
            Assert.True(Path.Exists(Path.Combine(Repo.Root, copied)), $"the Dockerfile copies {copied}");
    }

    [Fact]
    public void The_unit_has_known_lines_and_verbs_that_exist()
    {
        var known = new Dictionary<string, string[]>
        {
            ["Unit"] = ["Description", "Documentation", "After", "Wants"],
            ["Service"] =
            [
                "Type", "User", "Group", "ExecStartPre", "ExecStart", "WorkingDirectory", "StateDirectory", "StateDirectoryMode", "Environment", "EnvironmentFile", "KillSignal",
                "TimeoutStopSec", "Restart", "RestartSec", "RestartPreventExitStatus", "LimitNOFILE", "NoNewPrivileges", "ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices",
                "ProtectKernelTunables", "ProtectKernelModules", "ProtectControlGroups", "RestrictSUIDSGID", "RestrictAddressFamilies", "CapabilityBoundingSet",
            ],
            ["Install"] = ["WantedBy"],
        };
        var host = string.Concat(Repo.Sources("src/ClosedLoop.Streaming.Host").Select(Repo.Read));
        var section = "";
        foreach (var line in Repo.Read("infra/systemd/closedloop.service").Split('\n').Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line[0] == '[') section = line.Trim('[', ']');
            else Assert.Contains(line.Split('=')[0], known[section]);
            if (line.StartsWith("Exec", StringComparison.Ordinal)) Assert.Contains($"new Command(\"{line.Split(' ')[^1]}\"", host, StringComparison.Ordinal);
        }
        // The code that check-config ends with: settings that are wrong stay wrong.
        Assert.Contains("RestartPreventExitStatus=78", Repo.Read("infra/systemd/closedloop.service"), StringComparison.Ordinal);
        Assert.Contains("MistakeExitCode = 78", host, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Images() => Repo.Read("infra/Dockerfile").Split('\n').Where(l => l.StartsWith("FROM ", StringComparison.Ordinal))
        .Select(l => l.Split(' ')[1]).Where(image => image != "closedloop");

    private static IEnumerable<string> Strings(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(e => e.GetString()!) : [];

    [GeneratedRegex(@"^[a-z0-9./-]+:v?\d+\.\d+[0-9A-Za-z.-]*$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"(?<!\$)\$\{([A-Z_]+)(:[?-][^}]*)?\}")]
    private static partial Regex Variable();
}
