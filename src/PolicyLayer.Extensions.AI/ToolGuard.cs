using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace PolicyLayer.Extensions.AI;

/// <summary>Guards functions, one by one or in lists. Safe for any number of threads.</summary>
internal sealed class ToolGuard
{
    // A chat client meets the same functions at each request, and some have a schema to compile.
    private readonly ConditionalWeakTable<AIFunction, AIFunction> _guarded = [];
    private readonly ConditionalWeakTable<AITool, object> _told = [];
    private readonly bool _refusesUnguarded;

    /// <param name="authorizer">Who is asked.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ToolGuard(IToolCallAuthorizer authorizer, FunctionGuardOptions? options)
    {
        options ??= new FunctionGuardOptions();
        Authorizer = authorizer;
        Settings = new GuardSettings(options);
        Logger = (ILogger?)options.LoggerFactory?.CreateLogger("PolicyLayer") ?? NullLogger.Instance;
        _refusesUnguarded = options.RefusesUnguardedTools;
    }

    public IToolCallAuthorizer Authorizer { get; }

    public GuardSettings Settings { get; }

    public ILogger Logger { get; }

    /// <summary>The function, guarded; itself where it asks the same authorizer already.</summary>
    /// <exception cref="ArgumentException">Its schema is to be enforced, and can't be.</exception>
    public AIFunction Guard(AIFunction function) => _guarded.GetValue(
        function,
        inner => GuardedFunction.Asks(inner, Authorizer) ? inner : new GuardedFunction(inner, Authorizer, Settings));

    /// <summary>The tool, guarded where it runs here.</summary>
    /// <exception cref="ArgumentException">It runs elsewhere and such tools are refused; or its schema can't be enforced.</exception>
    public AITool Guard(AITool tool)
    {
        switch (tool)
        {
            case AIFunction function:
                return Guard(function);
            case AIFunctionDeclaration:
                // Nobody runs it here: the call goes back to the caller, who has to ask.
                return tool;
            case null:
                throw new ArgumentException("A tool is null.", nameof(tool));
            default:
                TellUnguarded(tool);
                return tool;
        }
    }

    private void TellUnguarded(AITool tool)
    {
        if (_refusesUnguarded)
        {
            throw new ArgumentException(
                $"The tool `{tool.Name}` of type {tool.GetType().Name} runs elsewhere, so that nobody can ask before it does. Help: leave "
                    + $"it out, or `{nameof(FunctionGuardOptions.RefusesUnguardedTools)}` off.",
                nameof(tool));
        }

        if (_told.TryAdd(tool, tool))
        {
            ToolLog.Unguarded(Logger, tool.Name, tool.GetType().Name);
        }
    }
}
