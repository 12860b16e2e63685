using Microsoft.Extensions.AI;

namespace PolicyLayer.Extensions.AI;

/// <summary>The options of guarded functions as they were when they were read. Immutable, and equal where all of them are.</summary>
internal sealed record GuardSettings
{
    private readonly string? _grantId;
    private readonly string? _sessionId;
    private readonly string? _server;
    private readonly ToolArguments _facts;
    private readonly Func<AIFunctionArguments, string?>? _grantIdFrom;
    private readonly Func<AIFunctionArguments, string?>? _sessionIdFrom;
    private readonly Func<AIFunctionArguments, string?>? _serverFrom;
    private readonly Func<AIFunctionArguments, ToolArguments>? _factsFrom;
    private readonly SessionSource _sessionSource;
    private readonly Func<object?, bool>? _isFailure;

    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of range, or two say the same.</exception>
    public GuardSettings(FunctionGuardOptions options)
    {
        _grantId = options.GrantId;
        _grantIdFrom = Only(options.GrantIdFrom, options.GrantId is not null, nameof(options.GrantId));
        _sessionId = options.SessionId;
        _sessionIdFrom = Only(options.SessionIdFrom, options.SessionId is not null, nameof(options.SessionId));
        _server = options.Server;
        _serverFrom = Only(options.ServerFrom, options.Server is not null, nameof(options.Server));
        _facts = options.Facts;
        _factsFrom = Only(options.FactsFrom, !options.Facts.Equals(default(ToolArguments)), nameof(options.Facts));
        _sessionSource = options.SessionSource;
        _isFailure = options.IsFailure;
        ThrowsDenials = options.ThrowsDenials;
        EnforcesSchema = options.EnforceSchema;
        // What every call would throw is told now.
        _ = With(new ToolCall("function") { SessionSource = _sessionSource }, _grantId);
    }

    /// <summary>Whether a denial is thrown, rather than the function's result.</summary>
    public bool ThrowsDenials { get; }

    /// <summary>Whether calls must meet the schema that their function publishes.</summary>
    public bool EnforcesSchema { get; }

    /// <summary>The call that an invocation is.</summary>
    /// <param name="function">The function's name.</param>
    /// <param name="arguments">The arguments, of which nobody else has a copy.</param>
    public ToolCall Describe(string function, AIFunctionArguments arguments)
    {
        AIFunctionArguments caller = CallerOf(arguments.Services, arguments.Context);
        var call = new ToolCall(function, ToolArguments.FromDictionary((IReadOnlyDictionary<string, object?>)arguments))
        {
            SessionId = _sessionIdFrom is null ? _sessionId : _sessionIdFrom(caller),
            SessionSource = _sessionSource,
            Server = _serverFrom is null ? _server : _serverFrom(caller),
            Context = _factsFrom is null ? _facts : _factsFrom(caller),
        };
        return With(call, GrantOf(caller));
    }

    /// <summary>Whose calls they are that come with these services; null for the authorizer's default grant.</summary>
    public string? GrantOf(IServiceProvider? services) => GrantOf(CallerOf(services, context: null));

    /// <summary>Whose chat comes with these services.</summary>
    public ChatCaller ChatOf(IServiceProvider? services)
    {
        AIFunctionArguments caller = CallerOf(services, context: null);
        string? session = _sessionIdFrom is null ? _sessionId : _sessionIdFrom(caller);
        return new ChatCaller(GrantOf(caller), string.IsNullOrEmpty(session) ? null : session);
    }

    /// <summary>What became of a call whose function returned.</summary>
    public ToolCallOutcome OutcomeOf(object? result) =>
        _isFailure is not null && _isFailure(result) ? ToolCallOutcome.Failed : ToolCallOutcome.Succeeded;

    private static ToolCall With(ToolCall call, string? grantId) => grantId is null ? call : call with { GrantId = grantId };

    // INVARIANT: no arguments of the call, as the agent writes them.
    private static AIFunctionArguments CallerOf(IServiceProvider? services, IDictionary<object, object?>? context) =>
        new() { Services = services, Context = context };

    private static T? Only<T>(T? from, bool isSaid, string name)
        where T : class =>
        from is null || !isSaid
            ? from
            : throw new ArgumentException($"`{name}` is set, and `{name}From` too: one of them would be ignored.", name);

    private string? GrantOf(AIFunctionArguments caller) => _grantIdFrom is null ? _grantId : _grantIdFrom(caller);
}
