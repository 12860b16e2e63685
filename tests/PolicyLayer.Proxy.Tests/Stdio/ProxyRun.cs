using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging;
using PolicyLayer.Proxy;
using PolicyLayer.Proxy.Stdio;

namespace PolicyLayer.Tests.Proxy.Stdio;

/// <summary>A proxy between a client, which is the test, and a server, which is a process.</summary>
internal sealed class ProxyRun : IAsyncDisposable
{
    private const string Document = """
        {
          "version": "1", "name": "p", "default": "deny", "hide": ["secret"],
          "tools": {
            "echo": {}, "slow": {}, "crash": {}, "garbage": {}, "batch": {}, "big": {}, "asks": {}, "ask": {}, "environment": {},
            "thrice": { "limits": [{ "counter": "c", "max": 3, "window": "hour" }] }
          }
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer-proxy-").FullName;
    private readonly Pipe _input = new();
    private readonly Pipe _output = new(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19));
    private readonly CancellationTokenSource _stop = new();
    private readonly StreamReader _answers;
    private readonly List<string> _log = [];
    private readonly StdioProxy _proxy;

    public ProxyRun(string? mode = null, Action<McpProxyOptions>? configure = null, UpstreamCommand? upstream = null)
    {
        var options = new McpProxyOptions { LoggerFactory = LoggerFactory.Create(builder => builder.AddProvider(new ListProvider(_log))) };
        configure?.Invoke(options);
        Authorizer = new ToolCallAuthorizer(Policy.Parse(Document), new ToolCallAuthorizerOptions { DefaultGrantId = "g" });
        _answers = new StreamReader(_output.Reader.AsStream(), new UTF8Encoding(false));
        _proxy = new StdioProxy(Authorizer, upstream ?? Server(mode), options);
        Result = _proxy.RunAsync(_input.Reader.AsStream(), _output.Writer.AsStream(), _stop.Token);
    }

    public ToolCallAuthorizer Authorizer { get; }

    public Task<bool> Result { get; }

    /// <summary>The lines that the server was handed.</summary>
    public string[] Recorded => ReadLines("record");

    /// <summary>The processes that were started.</summary>
    public int[] Started => [.. ReadLines("starts").Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

    public string Log
    {
        get
        {
            lock (_log)
            {
                return string.Join('\n', _log);
            }
        }
    }

    public static string Call(string id, string tool, string arguments = "{}") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""";

    public static string Initialize(string id) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{} } }""";

    public async Task SendAsync(string line) => await SendRawAsync(Encoding.UTF8.GetBytes(line + "\n"));

    public async Task SendRawAsync(byte[] bytes) => await _input.Writer.WriteAsync(bytes);

    public async Task<string> ReadAsync() =>
        await _answers.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("The proxy ended.");

    public async Task<string> AskAsync(string line)
    {
        await SendAsync(line);
        return await ReadAsync();
    }

    /// <summary>Opens a session of 2025-11-25.</summary>
    public async Task InitializeAsync()
    {
        await AskAsync(Initialize("0"));
        await SendAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
    }

    public Task<bool> CloseAsync()
    {
        _input.Writer.Complete();
        return Result.WaitAsync(Patience);
    }

    public Task<bool> StopAsync()
    {
        _stop.Cancel();
        return Result.WaitAsync(Patience);
    }

    public void Kill() => _proxy.Kill();

    /// <summary>The client doesn't read any more.</summary>
    public void CloseOutput() => _output.Reader.Complete(new IOException("Broken pipe."));

    /// <summary>Waits until something is so: what is done by others, in no time that is known.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        long start = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Patience, "It didn't come to pass.");
            await Task.Delay(10);
        }
    }

    public static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return ProcessTree.IsAlive(found);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        catch (UpstreamException)
        {
            // The test knows.
        }

        foreach (int process in Started)
        {
            Assert.False(IsRunning(process), "A process is left.");
        }

        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private UpstreamCommand Server(string? mode)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "PolicyLayer.Proxy.Upstream.dll");
        string[] settings = [$"RECORD={Path.Combine(_folder, "record")}", $"STARTS={Path.Combine(_folder, "starts")}", $"MODE={mode}"];
        return new UpstreamCommand("dotnet", [program, .. settings]);
    }

    private string[] ReadLines(string name)
    {
        string file = Path.Combine(_folder, name);
        if (!File.Exists(file))
        {
            return [];
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private sealed class ListProvider(List<string> log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (log)
            {
                log.Add($"{eventId.Name}: {formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
