using System.Diagnostics;
using ClosedLoop.Streaming.Bench.Machine;

namespace ClosedLoop.Streaming.Bench.Servers;

/// <summary>The opponent at the door: an empty GIF, a visitor's cookie, and one line per hit written at once.</summary>
internal sealed class NginxServer : Server
{
    private readonly string _log;

    private NginxServer(Process process, int port, string log) : base(process, port) => _log = log;

    public static async Task<NginxServer> StartAsync(string folder)
    {
        var program = Environment.GetEnvironmentVariable("CLOSEDLOOP_NGINX");
        if (string.IsNullOrEmpty(program)) program = new[] { "/usr/sbin/nginx", "/usr/bin/nginx" }.FirstOrDefault(File.Exists);
        if (program is null) throw new BenchSkippedException("nginx is missing; ./dev bench installs nginx-light, or set CLOSEDLOOP_NGINX.");
        var port = FreePort();
        foreach (var name in new[] { "body", "proxy", "fastcgi", "uwsgi", "scgi" }) Directory.CreateDirectory(Path.Combine(folder, name));
        var config = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(config, Config(folder, port));
        var start = Cores.On(Cores.Server, program, ["-p", folder, "-c", config, "-e", Path.Combine(folder, "error.log")]);
        var server = new NginxServer(Process.Start(start)!, port, Path.Combine(folder, "access.log"));
        await Waiting.ForPortAsync(port, () => server.HasExited, TimeSpan.FromSeconds(10));
        return server;
    }

    /// <summary>Empties the log between rounds; nginx appends to what is left.</summary>
    public void EmptyLog()
    {
        using var log = new FileStream(_log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        log.SetLength(0);
    }

    private static string Config(string folder, int port) => $$"""
        daemon off;
        worker_processes 1;
        {{(Environment.UserName == "root" ? "user root;" : "")}}
        pid {{folder}}/nginx.pid;
        error_log {{folder}}/error.log;
        events { worker_connections 4096; }
        http {
          client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy; fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi; scgi_temp_path {{folder}}/scgi;
          log_format hit '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
                         '"$http_referer" "$http_user_agent" "$http_accept_language" $uid_got$uid_set';
          access_log {{folder}}/access.log hit;
          keepalive_requests 1000000000; keepalive_timeout 75; tcp_nodelay on;
          userid on; userid_name uid; userid_expires 390d; userid_path /;
          server {
            listen 127.0.0.1:{{port}} backlog=1024;
            location = /i { empty_gif; }
            location = /204 { userid off; access_log off; return 204; }
          }
        }
        """;
}
