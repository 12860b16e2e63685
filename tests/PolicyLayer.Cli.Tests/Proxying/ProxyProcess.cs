using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using PolicyLayer.Tests.Cli.Audit;

namespace PolicyLayer.Tests.Cli.Proxying;

/// <summary>A proxy in a process of its own, before a server that does what tests ask of it; both are gone when it is disposed.</summary>
internal sealed class ProxyProcess : IDisposable
{
    /// <summary>What a test waits for takes milliseconds; a machine may be slow.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Channel<string> _errors = Channel.CreateUnbounded<string>();
    private readonly Task _readingErrors;

    private ProxyProcess(Process process)
    {
        _process = process;
        _readingErrors = ReadErrorsAsync();
    }

    /// <summary>The server's program and its own name.</summary>
    public static string[] Server { get; } = [Host, Path.Combine(AppContext.BaseDirectory, "PolicyLayer.Proxy.Upstream.dll")];

    private static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Starts <c>policylayer proxy</c> with further arguments, <c>--</c> and the server's among them.</summary>
    public static ProxyProcess Start(params string[] args) => Start(new Dictionary<string, string>(), args);

    public static ProxyProcess Start(IReadOnlyDictionary<string, string> variables, params string[] args)
    {
        var start = new ProcessStartInfo(Host, [Path.Combine(AppContext.BaseDirectory, "policylayer.dll"), "proxy", .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return new ProxyProcess(Process.Start(start)!);
    }

    public static string Policy(LogFolder folder, string tools) => Write(folder, "policy.json", Document(tools));

    public static string Document(string tools) => $$"""{"version":"1","name":"p","default":"deny","hide":["secret"],"tools":{{tools}}}""";

    public static string Write(LogFolder folder, string name, string text)
    {
        // As editors do, so that no reader sees a half.
        File.WriteAllText(folder.In(name + ".new"), text);
        File.Move(folder.In(name + ".new"), folder.In(name), overwrite: true);
        return folder.In(name);
    }

    public static string Call(int id, string tool, string arguments = "{}") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""";

    public async Task<JsonElement> AskAsync(string line)
    {
        await SendAsync(line);
        return await AnswerAsync();
    }

    public async Task SendAsync(string line)
    {
        await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    public async Task<JsonElement> AnswerAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        string? line = await _process.StandardOutput.ReadLineAsync(deadline.Token);
        return JsonDocument.Parse(line ?? throw new EndOfStreamException(await AllErrorsAsync())).RootElement;
    }

    /// <summary>The next line of standard error that has a text; those before it are passed over.</summary>
    public async Task<string> ErrorAsync(string text)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            string line = await _errors.Reader.ReadAsync(deadline.Token);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    /// <summary>Sends SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        using Process sent = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await sent.WaitForExitAsync();
    }

    /// <summary>Closes the client's side and waits for the end.</summary>
    /// <returns>The exit code, and what stands in the two streams behind what was read.</returns>
    public async Task<(int ExitCode, string Output, string Error)> CloseAsync()
    {
        _process.StandardInput.Close();
        return await EndAsync();
    }

    /// <summary>Waits for the end.</summary>
    public async Task<(int ExitCode, string Output, string Error)> EndAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        string output = await _process.StandardOutput.ReadToEndAsync(deadline.Token);
        await _process.WaitForExitAsync(deadline.Token);
        return (_process.ExitCode, output, await AllErrorsAsync());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task<string> AllErrorsAsync()
    {
        await _readingErrors.WaitAsync(Patience);
        var lines = new List<string>();
        while (_errors.Reader.TryRead(out string? line))
        {
            lines.Add(line);
        }

        return string.Join('\n', lines);
    }

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            await _errors.Writer.WriteAsync(line);
        }

        _errors.Writer.Complete();
    }
}
