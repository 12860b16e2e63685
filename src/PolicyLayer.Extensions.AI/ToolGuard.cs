using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace PolicyLayer.Extensions.AI;

/// <summary>Guards functions, one by one or in lists. Safe for any number of threads.</summary>
internal sealed class ToolGuard
{
    /// <summary>The number of the step in which people are asked, as explanations give it.</summary>
    private const int ApprovalStep = 10;

    // A chat client meets the same functions at each request, and some have a schema to compile.
    private readonly ConditionalWeakTable<AIFunction, AIFunction> _guarded = [];
    private readonly ConditionalWeakTable<AITool, object> _told = [];
    private readonly ConditionalWeakTable<AIFunction, ApprovalRequiredAIFunction> _asking = [];
    private readonly ConditionalWeakTable<ApprovalRequiredAIFunction, AIFunction> _made = [];
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
        Approvals = options.Approvals;
        _refusesUnguarded = options.RefusesUnguardedTools;
    }

    public IToolCallAuthorizer Authorizer { get; }

    public GuardSettings Settings { get; }

    public ILogger Logger { get; }

    /// <summary>Who approves where they chat; null for nobody.</summary>
    public ChatApprovals? Approvals { get; }

    /// <summary>The function, guarded; itself where it asks the same authorizer already, in the same way.</summary>
    /// <exception cref="ArgumentException">It asks in another way; or its schema is to be enforced, and can't be.</exception>
    public AIFunction Guard(AIFunction function) => _guarded.GetValue(function, GuardNew);

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

    /// <summary>A guarded function that the framework asks about before it invokes it.</summary>
    public AIFunction Asking(AIFunction guarded) => guarded.GetService<ApprovalRequiredAIFunction>() is null
        ? _asking.GetValue(guarded, Ask)
        : guarded;

    /// <summary>Whether the host wants calls of a function confirmed, whatever the policy says.</summary>
    public bool IsConfirmed(AIFunction function) =>
        function.GetService<ApprovalRequiredAIFunction>() is not null
        && !(function is ApprovalRequiredAIFunction asking && _made.TryGetValue(asking, out _));

    /// <summary>Whether the policy may want a person asked about calls of a function.</summary>
    public async ValueTask<bool> MayAskAsync(string function, string? grantId, CancellationToken cancellationToken)
    {
        // An explanation has all that may ask, whatever the arguments are.
        var call = new ToolCall(function);
        call = grantId is null ? call : call with { GrantId = grantId };
        ToolCallExplanation said = await Authorizer.ExplainAsync(call, cancellationToken).ConfigureAwait(false);
        return said.IsCut || said.Steps.Any(step => step.Step == ApprovalStep);
    }

    private AIFunction GuardNew(AIFunction function)
    {
        if (GuardedFunction.SettingsFor(function, Authorizer) is not { } settings)
        {
            return new GuardedFunction(function, Authorizer, Settings);
        }

        return settings == Settings
            ? function
            : throw new ArgumentException(
                $"The function `{function.Name}` is guarded already, for the same authorizer but with other options: one of both would be "
                    + "ignored. Help: guard it once, or with the same options (the same functions among them) each time.",
                nameof(function));
    }

    private ApprovalRequiredAIFunction Ask(AIFunction guarded)
    {
        var asking = new ApprovalRequiredAIFunction(guarded);
        _made.Add(asking, guarded);
        return asking;
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
