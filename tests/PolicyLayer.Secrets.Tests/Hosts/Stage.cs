using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Grants;
using PolicyLayer.Telemetry;
using PolicyLayer.Tests.Secrets.Positions;
using PolicyLayer.Tests.Secrets.Searching;
using PolicyLayer.Tests.Secrets.Witnesses;

namespace PolicyLayer.Tests.Secrets.Hosts;

/// <summary>
/// A host with all that the library can write to, everything of it seen: logs, faults, events, activities, metrics, records in memory,
/// audit logs plain, keyed and of best effort, decisions, explanations and exceptions.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("policylayer-secrets-");
    private readonly ActivityWitness _activities;
    private readonly MetricWitness _metrics;
    private readonly EventWitness _events;
    private readonly InMemoryAuditSink _records = new();
    private readonly ServiceProvider _provider;
    private bool _isDisposed;

    /// <summary>Builds the host.</summary>
    /// <param name="policy">Its policy.</param>
    /// <param name="plant">Where the grant's secrets come from.</param>
    /// <param name="configure">What is otherwise than in memory and with keys.</param>
    public Stage(string policy, Plant plant, Action<PolicyLayerBuilder>? configure = null)
    {
        _activities = new ActivityWitness(Witness);
        _metrics = new MetricWitness(Witness);
        _events = new EventWitness(Witness);
        Token = plant.Text("token of a grant");
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new LogWitness(Witness)));
        services.AddSingleton<TimeProvider>(Clock).AddSingleton(Keys).AddSingleton(new StageFolder(Folder));
        services.AddSingleton<IGrantResolver>(new GrantDirectory(
        [
            new Grant("g")
            {
                Label = "label",
                TokenSha256 = GrantToken.Hash(Token),
                Attributes = new Dictionary<string, string>
                {
                    ["team"] = plant.Text("attribute"),
                    [plant.Text("name of an attribute")] = plant.Text("unread attribute"),
                },
            },
        ]));
        services.AddSingleton<ICounterStore>(_ => new InMemoryCounterStore());
        PolicyLayerBuilder builder = services.AddPolicyLayer(options =>
        {
            options.UsePolicyJson(policy);
            options.MaxArgumentsBytes = RefusedPositions.MaxBytes;
        });
        builder.AddAuditLogger().AddAuditSink(_records);
        builder.AddAuditLog(FileOf("keyed.jsonl"), options => options.DiskSync = AuditDiskSync.Never);
        builder.AddAuditLog(FileOf("plain.jsonl"), options => (options.DiskSync, options.Keys) = (AuditDiskSync.Never, null));
        builder.AddBestEffortAuditSink(
            _ => new JsonLinesAuditSink(new JsonLinesAuditSinkOptions { Path = FileOf("late.jsonl"), DiskSync = AuditDiskSync.Never }),
            null);
        configure?.Invoke(builder);
        WitnessFaults(services);
        _provider = services.BuildServiceProvider();
        Faults = (FaultWitness)_provider.GetRequiredService<IFaultListener>();
        Authorizer = _provider.GetRequiredService<ToolCallAuthorizer>();
    }

    public static PolicyLayerKeys Keys { get; } =
        new("k", new Dictionary<string, byte[]> { ["k"] = [.. Enumerable.Repeat((byte)7, PolicyLayerKeys.KeyLength)] });

    public Witness Witness { get; } = new();

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 30, TimeSpan.Zero));

    public FaultWitness Faults { get; }

    public ToolCallAuthorizer Authorizer { get; }

    public string Token { get; }

    public string Folder => _folder.FullName;

    public string FileOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Explains a call, decides it and reports what became of it.</summary>
    public async Task<ToolCallDecision> CallAsync(
        ToolCall call, ToolCallOutcome outcome = ToolCallOutcome.Succeeded, CancellationToken cancellationToken = default)
    {
        ToolCallDecision decision = default;
        await WatchAsync(async () => Witness.SeeObject("explanations", await Authorizer.ExplainAsync(call, cancellationToken)));
        await WatchAsync(async () =>
        {
            decision = await Authorizer.AuthorizeAsync(call, cancellationToken);
            Witness.SeeObject("decisions", decision);
            await Authorizer.CompleteAsync(decision, outcome, CancellationToken.None);
        });

        // A fault of each kind is logged once a second.
        Clock.Advance(TimeSpan.FromSeconds(2));
        return decision;
    }

    /// <summary>Does something within an activity of the host's; what it throws is seen.</summary>
    public Task WatchAsync(Func<Task> run) => _activities.WithinAsync(async () =>
    {
        try
        {
            await run();
        }
        catch (Exception e)
        {
            Witness.SeeException("exceptions", e);
        }
    });

    /// <summary>Ends the host, and looks at all that is left of it.</summary>
    public async ValueTask EndAsync()
    {
        if (_provider.GetService<ICounterStore>() is ICounterInventory inventory)
        {
            await foreach (CounterStatus status in inventory.ListAsync())
            {
                Witness.SeeObject("counters", status);
            }
        }

        _metrics.Observe();
        Witness.SeeFiles("open databases", Folder, "*.db*");
        await _provider.DisposeAsync();
        _isDisposed = true;
        Witness.SeeObject("records", _records.Records);
        Witness.SeeFiles("files", Folder);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            await _provider.DisposeAsync();
        }

        _activities.Dispose();
        _metrics.Dispose();
        _events.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>The listener that the library registers stays, behind one that sees what it is told.</summary>
    private void WitnessFaults(ServiceCollection services)
    {
        ServiceDescriptor own = services.Single(descriptor => descriptor.ServiceType == typeof(IFaultListener));
        services.Remove(own);
        services.AddSingleton<IFaultListener>(
            provider => new FaultWitness(Witness, (IFaultListener)own.ImplementationFactory!(provider)));
    }
}
