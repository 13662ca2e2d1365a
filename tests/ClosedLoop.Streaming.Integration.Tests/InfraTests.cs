using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using ClosedLoop.Streaming.Collector;
using ClosedLoop.Streaming.Host.Settings;
using ClosedLoop.Streaming.Integration.Tests.Running;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ClosedLoop.Streaming.Integration.Tests;

/// <summary>infra/ against the program: settings are taken, doors are doors, nginx reads its files.</summary>
public sealed class InfraTests
{
    private static readonly string Root = Upwards();

    public static string Folder => Path.Combine(Root, "infra");

    public static TheoryData<string> OwnServices => [.. Services().Where(s => s.Value.ContainsKey("build")).Select(s => s.Key)];

    [Theory]
    [MemberData(nameof(OwnServices))]
    public void The_program_takes_the_settings_of_every_service_of_compose(string service)
    {
        var given = Services()[service];
        var environment = ((Dictionary<object, object>)given["environment"]).ToDictionary(e => (string)e.Key, e => (string?)Filled((string)e.Value));
        var settings = HostSettings.Read([(string)((List<object>)given["command"])[2]], environment.ToDictionary(e => e.Key.Replace("__", ":", StringComparison.Ordinal), e => e.Value));
        Assert.Empty(settings.Mistakes);
        Assert.True(settings is { UsesKafka: true, UsesRedis: true, EmbedsWarehouse: false, IsSplit: true, Port: 8080 });
        Assert.Equal((16, 1), (settings.Kafka.Partitions, settings.Kafka.Replication));
    }

    [Fact]
    public void The_variables_of_image_and_unit_are_settings()
    {
        var named = new[] { "infra/Dockerfile", "infra/systemd/closedloop.service", "infra/nginx/same-origin.conf", "infra/caddy/Caddyfile", "infra/make-env.sh", "infra/README.md" }
            .SelectMany(file => Regex.Matches(File.ReadAllText(Path.Combine(Root, file)), "CLOSEDLOOP_[A-Z_]+").Select(m => m.Value)).Distinct().ToList();
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, HostSettings.Known));
    }

    [Theory]
    [InlineData("infra/nginx/compose.conf", "collectors")]
    [InlineData("infra/nginx/same-origin.conf", "closedloop")]
    public void What_a_proxy_sends_to_the_doors_is_a_door(string file, string upstream)
    {
        var text = File.ReadAllText(Path.Combine(Root, file));
        var paths = Regex.Matches(text, @"location (= )?(\S+) \{[^}]*proxy_pass http://" + upstream + ";").Select(m => m.Groups[2].Value).ToList();
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.NotEqual(Door.None, CollectorPipeline.Match(path.Length > 2 && path.EndsWith('/') ? path + "demo" : path)));
    }

    [Theory]
    [InlineData("infra/nginx/compose.conf")]
    [InlineData("infra/nginx/same-origin.conf")]
    public async Task Nginx_reads_its_own_file(string file)
    {
        var nginx = Environment.GetEnvironmentVariable("CLOSEDLOOP_NGINX") is { Length: > 0 } named ? named : new[] { "/usr/sbin/nginx", "/usr/local/sbin/nginx" }.FirstOrDefault(File.Exists);
        Assert.SkipWhen(nginx is null, "nginx is not on this machine");
        var folder = Directory.CreateTempSubdirectory("closedloop-nginx-").FullName;
        // Other machines' names and certificates are this one's for the look.
        var text = Regex.Replace(File.ReadAllText(Path.Combine(Root, file)), @"\b(collector-\d|dashboard):8080", "127.0.0.1:8080").Replace("listen 443", $"listen 127.0.0.1:{Ports.Free()}", StringComparison.Ordinal)
            .Replace("listen 8080", $"listen 127.0.0.1:{Ports.Free()}", StringComparison.Ordinal);
        text = Regex.Replace(text, @"/etc/letsencrypt/live/www\.example\.com/(\w+\.pem)", $"{folder}/$1");
        MakeCertificate(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "site.conf"), text);
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), $"pid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\nhttp {{ access_log off; include site.conf; }}\n");
        using var process = Process.Start(new ProcessStartInfo(nginx!, ["-t", "-p", folder, "-c", Path.Combine(folder, "nginx.conf")]) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, said);
        Directory.Delete(folder, recursive: true);
    }

    private static void MakeCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=www.example.com", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(90));
        File.WriteAllText(Path.Combine(folder, "fullchain.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "privkey.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private static Dictionary<string, Dictionary<object, object>> Services()
    {
        using var text = new StringReader(File.ReadAllText(Path.Combine(Root, "infra/compose.yaml")));
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(text)));
        return ((Dictionary<object, object>)file["services"]).ToDictionary(s => (string)s.Key, s => (Dictionary<object, object>)s.Value);
    }

    // ${NAME:?why} and ${NAME:-otherwise}: a secret as make-env.sh draws it, or what stands for it.
    private static string Filled(string value) => Regex.Replace(value, @"\$\{[A-Z_]+(:[?-]([^}]*))?\}",
        m => m.Value.Contains(":-", StringComparison.Ordinal) ? m.Groups[2].Value : new string('a', 64));

    private static string Upwards()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "infra", "compose.yaml"))) return folder.FullName;
        throw new InvalidOperationException("infra/ is not above the tests");
    }
}
