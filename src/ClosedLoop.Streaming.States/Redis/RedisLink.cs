using System.Net;
using ClosedLoop.Streaming.Log;
using StackExchange.Redis;

namespace ClosedLoop.Streaming.States;

/// <summary>
/// The one connection of this process to Redis. Commands go out raw (<c>EVAL</c>, <c>HSCAN</c>, …), so that both versions of the client that the
/// package profiles bring do the same; every answer has a time limit.
/// </summary>
public sealed class RedisLink : IDisposable
{
    private readonly ConnectionMultiplexer _connection;
    private readonly IDatabase _database;
    private readonly TimeSpan _timeout;

    private RedisLink(ConnectionMultiplexer connection, RedisStatesOptions options)
    {
        (_connection, Options, _timeout) = (connection, options, options.CommandTimeout);
        _database = connection.GetDatabase();
    }

    public RedisStatesOptions Options { get; }

    public bool IsConnected => _connection.IsConnected;

    /// <exception cref="InvalidOperationException">All that is wrong; the message says what to do.</exception>
    public static async Task<RedisLink> OpenAsync(RedisStatesOptions options)
    {
        if (options.Mistakes() is { Count: > 0 } wrong) throw new InvalidOperationException(string.Join(Environment.NewLine, wrong));
        RedisLink link;
        try
        {
            link = new RedisLink(await ConnectionMultiplexer.ConnectAsync(Configuration(options)).WaitAsync(options.ConnectTimeout * 2).ConfigureAwait(false), options);
        }
        catch (Exception e) when (e is RedisConnectionException or TimeoutException or RedisServerException)
        {
            throw new InvalidOperationException(
                $"Redis at CLOSEDLOOP_REDIS={options.Servers} could not be reached within {options.ConnectTimeout.TotalSeconds:0} s: {Short(e)}. Check the address, Redis:Password, Redis:Tls and that it runs.", e);
        }
        try
        {
            if (await RedisCheck.MistakesAsync(link).ConfigureAwait(false) is { Count: > 0 } mistakes) throw new InvalidOperationException(string.Join(Environment.NewLine, mistakes));
            return link;
        }
        catch (LogUnavailableException e)
        {
            link.Dispose();
            throw new InvalidOperationException($"Redis at CLOSEDLOOP_REDIS={options.Servers} answers, but not to questions: {e.Message}", e);
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <summary>A raw command; keys are given as <see cref="RedisKey"/>, so that a cluster finds their server.</summary>
    /// <exception cref="LogUnavailableException">No answer in time, or none that helps.</exception>
    public async Task<RedisResult> AskAsync(string command, params object[] arguments)
    {
        try
        {
            return await _database.ExecuteAsync(command, arguments).WaitAsync(_timeout).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("OOM", StringComparison.Ordinal))
        {
            throw RedisRefusals.Full(e);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            throw RedisRefusals.Away(e);
        }
    }

    /// <summary>INFO of every server.</summary>
    public async Task<IReadOnlyList<(EndPoint Server, string Info)>> InfoAsync()
    {
        var answers = new List<(EndPoint, string)>();
        try
        {
            foreach (var at in _connection.GetEndPoints())
            {
                var server = _connection.GetServer(at);
                if (server.IsConnected) answers.Add((at, await server.InfoRawAsync().WaitAsync(_timeout).ConfigureAwait(false) ?? ""));
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw RedisRefusals.Away(e);
        }
        return answers;
    }

    public void Dispose()
    {
        // Without a last word: the older client waits its whole timeout for the answer to it.
        _connection.Close(allowCommandsToComplete: false);
        _connection.Dispose();
    }

    private static ConfigurationOptions Configuration(RedisStatesOptions options)
    {
        var configuration = new ConfigurationOptions
        {
            // INFO counts as administration with the older client.
            AllowAdmin = true, AbortOnConnectFail = true, ConnectTimeout = (int)options.ConnectTimeout.TotalMilliseconds, SyncTimeout = (int)options.CommandTimeout.TotalMilliseconds,
            Password = string.IsNullOrEmpty(options.Password) ? null : options.Password, Ssl = options.Tls, ClientName = options.Prefix, ConnectRetry = 1, KeepAlive = 10,
            TieBreaker = "", ConfigurationChannel = "",
        };
        if (!string.IsNullOrEmpty(options.TlsHost)) configuration.SslHost = options.TlsHost;
        foreach (var server in options.Servers.Split(',')) configuration.EndPoints.Add(server.Trim());
        return configuration;
    }

    // The client's own messages go on for lines, with hints for programmers.
    private static string Short(Exception e)
    {
        var message = (e.InnerException ?? e).Message;
        var cut = message.IndexOfAny([';', '\n']);
        return (cut > 0 ? message[..cut] : message).TrimEnd('.', ' ');
    }
}
