using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Grants;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Extensions.DependencyInjection;

/// <summary>The authorizer of one name, and what watches its files. Made when it is first asked for, disposed with the container.</summary>
internal sealed class RunningAuthorizer : IAsyncDisposable, IDisposable
{
    public RunningAuthorizer(IServiceProvider provider, string name)
    {
        PolicyLayerOptions options = provider.GetRequiredService<IOptionsMonitor<PolicyLayerOptions>>().Get(name);
        LoadedPolicies loaded = PolicyLoader.Of(provider, name);
        ToolCallAuthorizerOptions authorizerOptions = OptionsOf(provider, name, options, loaded);
        Authorizer = new ToolCallAuthorizer(loaded.Bundle.Policies, authorizerOptions);
        if (options.Reload && IsAnyFile(loaded.Source))
        {
            var log = new ReloadLog(provider.GetService<ILoggerFactory>());
            Reloader = new PolicyReloader(Authorizer, loaded.Source, loaded.Result, new PolicyReloaderOptions
            {
                PollInterval = options.PollInterval,
                Listener = log.Write,
                TimeProvider = authorizerOptions.TimeProvider,
            });
        }
    }

    public ToolCallAuthorizer Authorizer { get; }

    /// <summary>What watches the files; null where there are none, or nobody is to watch them.</summary>
    public PolicyReloader? Reloader { get; }

    public ValueTask DisposeAsync() => Reloader?.DisposeAsync() ?? ValueTask.CompletedTask;

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private static bool IsAnyFile(PolicyBundleSource source) =>
        source.Policies.Any(policy => policy.Document.Path is not null) || source.Grants?.Path is not null;

    private static ToolCallAuthorizerOptions OptionsOf(
        IServiceProvider provider, string name, PolicyLayerOptions policyLayer, LoadedPolicies loaded)
    {
        ToolCallAuthorizerOptions options = policyLayer.ToAuthorizerOptions();
        PolicyLayerRegistrations registrations = provider.GetOfName<PolicyLayerRegistrations>(name)!;
        options.Counters = registrations.Find<ICounterStore>(provider) ?? provider.GetRequiredService<DefaultCounters>().Store;
        options.Grants = loaded.Grants ?? registrations.FindGrants(provider);
        options.Approvals = registrations.Find<IApprovalStore>(provider);
        options.ApprovalNotifier = registrations.Find<IApprovalNotifier>(provider);
        options.FaultListener = provider.FindOfName<IFaultListener>(name);
        options.Keys = provider.FindOfName<PolicyLayerKeys>(name);
        options.TimeProvider = provider.FindOfName<TimeProvider>(name) ?? TimeProvider.System;
        foreach (IAuditSink sink in provider.FindAllOfName<IAuditSink>(name))
        {
            options.AuditSinks.Add(sink);
        }

        return options;
    }
}
