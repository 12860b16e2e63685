using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>Puts the guard into a server's options, after all that configures them: whichever a server is made with have it.</summary>
internal sealed class ServerSetup : IPostConfigureOptions<McpServerOptions>
{
    private readonly IToolCallAuthorizer _authorizer;
    private readonly PolicyLayerMcpOptions _options;
    private readonly CallerReader _callers;
    private readonly Continuations _continuations;
    private readonly ToolListChanges _changes;
    private readonly ILogger _logger;
    private readonly OutputSchemas _schemas = new();

    public ServerSetup(IServiceProvider services, IOptions<PolicyLayerMcpOptions> options, ToolListChanges changes)
    {
        _options = options.Value;
        _authorizer = FindAuthorizer(services, _options);
        // Asked, not made: a transport may itself want the options that are being configured.
        bool isProcess = services.GetService<IServiceProviderIsService>()?.IsService(typeof(ITransport)) == true;
        _logger = services.GetService<ILoggerFactory>()?.CreateLogger("PolicyLayer") ?? (ILogger)NullLogger.Instance;
        _callers = new CallerReader(_options, isProcess, _logger);
        _continuations = Continuations.Create(
            services.GetService<PolicyLayerKeys>(), _options.InputWithin, services.GetService<TimeProvider>() ?? TimeProvider.System);
        _changes = changes;
        if (_authorizer is ToolCallAuthorizer reloading)
        {
            reloading.Reloaded += (_, _) => changes.Announce();
        }
    }

    /// <summary>The authorizer that the options name.</summary>
    public static IToolCallAuthorizer FindAuthorizer(IServiceProvider services, PolicyLayerMcpOptions options) => options.Name is null
        ? services.GetRequiredService<IToolCallAuthorizer>()
        : services.GetRequiredKeyedService<IToolCallAuthorizer>(options.Name);

    public void PostConfigure(string? name, McpServerOptions options)
    {
        // A server without tools stays one.
        if (options.ToolCollection is not null || options.Handlers.ListToolsHandler is not null)
        {
            _changes.Watch(options.ToolCollection ??= []);
        }

        bool isChecked = !HasAlternateHandler(options);
        var shownTools = new ShownTools(_authorizer, _options);
        var details = new DenialDetails(_schemas, shownTools, options);
        var incoming = new IncomingCalls(_authorizer, _options, _callers, _continuations, details, isChecked, _logger);
        options.Filters.Message.IncomingFilters.Add(incoming.Filter);
        options.Filters.Message.OutgoingFilters.Add(new OutgoingResults(_continuations).Filter);
        options.Filters.Request.ListToolsFilters.Insert(0, new ListedTools(_options, _callers, shownTools, _schemas).Filter);
        if (isChecked)
        {
            options.Filters.Request.CallToolFilters.Add(new RunningCalls(options, details, _logger).Filter);
        }
        else
        {
            McpLog.Unchecked(_logger);
        }
    }

    /// <summary>
    /// Whether a handler replaces all filters of calls: the SDK refuses filters beside it. The member is experimental, so it is read by its
    /// name, and an SDK without it has none.
    /// </summary>
    private static bool HasAlternateHandler(McpServerOptions options) =>
        typeof(McpServerHandlers).GetProperty("CallToolWithAlternateHandler")?.GetValue(options.Handlers) is not null;
}
