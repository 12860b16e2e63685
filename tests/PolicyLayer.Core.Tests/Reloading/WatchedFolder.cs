using System.Threading.Channels;
using PolicyLayer.Grants;
using PolicyLayer.Telemetry;
using PolicyLayer.Tests.Authorization;

namespace PolicyLayer.Tests.Reloading;

/// <summary>
/// A folder of documents, an authorizer of what they say, and a reloader that watches them by a clock of the test's. Each step of the clock
/// ends when the reloader waits for the clock again, so that nothing depends on how fast it is.
/// </summary>
internal sealed class WatchedFolder : IDisposable
{
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan NoHang = TimeSpan.FromMinutes(2);

    private readonly Channel<PolicyReloadAttempt> _heard = Channel.CreateUnbounded<PolicyReloadAttempt>();

    private PolicyReloader? _reloader;

    public WatchedFolder()
    {
        Directory.CreateDirectory(Folder);
        Write("policy.json", Policy(1));
        Options = new PolicyReloaderOptions
        {
            TimeProvider = Clock,
            PollInterval = Poll,
            SettleTime = Settle,
            UseFileSystemEvents = false,
            Listener = Hear,
        };
    }

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public TimerClock Clock { get; } = new();

    public PolicyReloaderOptions Options { get; }

    /// <summary>What the authorizer may be given beside what it needs.</summary>
    public Action<ToolCallAuthorizerOptions>? Configure { get; set; }

    public List<Fault> Faults { get; } = [];

    /// <summary>All that the listener heard.</summary>
    public List<PolicyReloadAttempt> Attempts { get; } = [];

    public GrantDirectory? GrantsInForce { get; private set; }

    public ToolCallAuthorizer Authorizer { get; private set; } = null!;

    public PolicyReloader Reloader { get => _reloader!; private set => _reloader = value; }

    /// <summary>A policy under which the tool <c>v</c> and the number may be called, and no other.</summary>
    public static string Policy(int number) =>
        $$"""{ "version": "1", "name": "p", "default": "deny", "tools": { "v{{number}}": {} } }""";

    public static string Grants(params string[] ids) =>
        $$"""{ "grants": [{{string.Join(',', ids.Select(id => $$"""{ "id": "{{id}}" }"""))}}] }""";

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    /// <summary>Puts another file in a file's place by one rename.</summary>
    public void Replace(string name, string text)
    {
        Write("next", text);
        File.Move(PathOf("next"), PathOf(name), overwrite: true);
    }

    /// <summary>Begins to watch, and with a clock of the test's waits until the first look is over, unless something must settle.</summary>
    public async Task StartAsync(PolicyBundleSource? source = null, bool waits = true)
    {
        source ??= File.Exists(PathOf("grants.json")) ? SourceWithGrants() : new PolicyBundleSource([SourceOf("policy.json")]);
        PolicyBundleResult loaded = source.Load();
        GrantsInForce = loaded.Bundle!.Grants is { } grants ? new GrantDirectory(grants) : null;
        var options = new ToolCallAuthorizerOptions
        {
            DefaultGrantId = GrantsInForce is null ? "g" : null,
            Grants = GrantsInForce,
            FaultListener = new FaultList(Faults),
        };
        Configure?.Invoke(options);
        Authorizer = new ToolCallAuthorizer(loaded.Bundle.Policies, options);
        Reloader = new PolicyReloader(Authorizer, source, loaded, Options);
        if (waits)
        {
            await TimerAsync();
        }
    }

    public PolicySource SourceOf(string name) => new(DocumentSource.FromFile(PathOf(name)));

    public PolicyBundleSource SourceWithGrants() =>
        new([SourceOf("policy.json")], DocumentSource.FromFile(PathOf("grants.json")));

    /// <summary>Until the reloader waits for the clock.</summary>
    public Task TimerAsync() => Clock.TimerAsync().WaitAsync(NoHang);

    /// <summary>Has the reloader look: until it waits for the next look, or for what it saw to settle.</summary>
    public Task PollAsync()
    {
        Clock.Advance(Poll);
        return TimerAsync();
    }

    /// <summary>Lets the time to settle pass.</summary>
    public Task SettleAsync()
    {
        Clock.Advance(Settle);
        return TimerAsync();
    }

    /// <summary>A look at which something is seen, and the one that takes it.</summary>
    public async Task<PolicyReloadAttempt> TakeAsync()
    {
        await PollAsync();
        await SettleAsync();
        return await HeardAsync();
    }

    /// <summary>What the listener hears next.</summary>
    public Task<PolicyReloadAttempt> HeardAsync() => _heard.Reader.ReadAsync().AsTask().WaitAsync(NoHang);

    /// <summary>The number of the policy in force.</summary>
    public async Task<int> InForceAsync()
    {
        var numbers = new List<int>();
        for (int i = 1; i < 10; i++)
        {
            if (await Authorizer.DescribeAsync($"v{i}", "g") == ToolAvailability.Callable)
            {
                numbers.Add(i);
            }
        }

        return Assert.Single(numbers);
    }

    public void Dispose()
    {
        Assert.True(_reloader?.DisposeAsync().AsTask().Wait(NoHang) ?? true);
        Clock.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Hear(PolicyReloadAttempt attempt)
    {
        Attempts.Add(attempt);
        _heard.Writer.TryWrite(attempt);
    }
}
