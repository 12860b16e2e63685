using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using PolicyLayer.Calls;
using PolicyLayer.Text;

namespace PolicyLayer;

/// <summary>One tool call that an agent asks for. An immutable value.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct ToolCall
{
    private readonly string? _grantId;

    // A call is copied on every decision: what few hosts say isn't copied with it.
    private readonly ToolCallDetails? _details;

    /// <summary>Describes a call without arguments, which are <c>{}</c>.</summary>
    /// <param name="toolName">The tool's name, compared ordinally and with case.</param>
    /// <exception cref="ArgumentNullException"><paramref name="toolName"/> is null.</exception>
    public ToolCall(string toolName)
        : this()
    {
        // Cleared in one piece, by `this()`: a copy of the whole waits for what was written in several.
        ArgumentNullException.ThrowIfNull(toolName);
        ToolName = toolName;
    }

    /// <summary>Describes a call.</summary>
    /// <param name="toolName">The tool's name, compared ordinally and with case.</param>
    /// <param name="arguments">The arguments, exactly as the host will hand them to the tool.</param>
    /// <exception cref="ArgumentNullException"><paramref name="toolName"/> is null.</exception>
    public ToolCall(string toolName, ToolArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(toolName);
        ToolName = toolName;
        Arguments = arguments;
    }

    /// <summary>The tool's name.</summary>
    public string ToolName { get; }

    /// <summary>The tool's arguments.</summary>
    public ToolArguments Arguments { get; }

    /// <summary>
    /// Whose quota the call uses: the agent's grant, as the host knows it and never from the agent's arguments. Null where the host doesn't
    /// say: where grants are resolved such a call has none and is denied, else it belongs to
    /// <see cref="ToolCallAuthorizerOptions.DefaultGrantId"/>, and without that it is the caller's bug.
    /// </summary>
    /// <exception cref="ArgumentException">It is set to null (<see cref="ArgumentNullException"/>) or to an empty text.</exception>
    [DisallowNull]
    public string? GrantId
    {
        get => _grantId;
        init
        {
            RequireGrant(value, nameof(GrantId));
            _grantId = value;
        }
    }

    /// <summary>
    /// The agent's session, from the host or its transport and never from the agent's arguments; null for none. An empty one is none:
    /// callers that can't be told apart share no counter.
    /// </summary>
    public string? SessionId
    {
        get;
        init => field = string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>Where <see cref="SessionId"/> comes from, if there is one: <see cref="SessionSource.Host"/> by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to a value that isn't a source of this library.</exception>
    public SessionSource SessionSource
    {
        get => _details?.SessionSource ?? SessionSource.Host;
        init
        {
            if (value is < SessionSource.Host or > SessionSource.Process)
            {
                throw new ArgumentOutOfRangeException(nameof(SessionSource), value, "This is no source of sessions.");
            }

            _details = Details with { SessionSource = value };
        }
    }

    /// <summary>
    /// The server that has the tool, by the name that the host gives it and never by what the server says of itself; null, the default, for
    /// a host of one server. It changes no decision.
    /// </summary>
    public string? Server
    {
        get => _details?.Server;
        init => _details = Details with { Server = value };
    }

    /// <summary>
    /// The <see cref="ToolCallDecision.DecisionId"/> of the allowed, still open call that this one goes on with, where a tool asked for
    /// input and the client sends the same call again; null, the default, for a call of its own. The host knows it, or reads it from what
    /// it has sealed (<see cref="ContinuationSealer"/>); never from what an agent may write.
    /// </summary>
    /// <remarks>
    /// Rules and orders are judged anew, by the policy of now; limits and marks aren't charged again, and an approval that was spent still
    /// covers it where it is bound to the same. A report on any of the calls settles them all, once; one on a call that was continued gives
    /// nothing back, as the tool may be running. It is a call of its own, charged as such, where the named one doesn't have the same tool,
    /// server, grant, session and arguments, didn't say <see cref="MayContinue"/>, was reported, continued or forgotten before, was made in
    /// another process, or too long ago, or is the last of too many (<see cref="ToolCallAuthorizerOptions.ContinuableFor"/>,
    /// <see cref="ToolCallAuthorizerOptions.MaxContinuations"/>).
    /// </remarks>
    public string? Continues
    {
        get => _details?.Continues;
        init => _details = Details with { Continues = value };
    }

    /// <summary>
    /// Whether a later call may go on with this one by <see cref="Continues"/>; false by default. Then it counts as open until its outcome
    /// is reported, whether or not it was counted, and a digest of its arguments is kept for so long.
    /// </summary>
    public bool MayContinue
    {
        get => _details is { MayContinue: true };
        init => _details = Details with { MayContinue = value };
    }

    /// <summary>
    /// What a person or a client answered to a tool that asked for input in the middle, as the host will hand it to the tool with the call
    /// that goes on; <see cref="ToolArguments.None"/>, the default, for nothing. One JSON object. No rule reads it, and nothing is counted
    /// or approved by it: a record has its digest (<see cref="Auditing.AuditRecord.InputsDigest"/>) and nothing else of it.
    /// </summary>
    /// <remarks>
    /// It is held to the bounds of arguments, each of the two by itself, and to one budget with them
    /// (<see cref="ToolCallAuthorizerOptions.MaxWork"/>). What can't be read denies as arguments do that can't, with
    /// <see cref="DecisionCode.ArgumentsTooLarge"/> or <see cref="DecisionCode.ArgumentsMalformed"/>, whether or not anybody records and
    /// whether or not the call goes on with another one. A host leaves it out where the tool gets none of it.
    /// </remarks>
    public ToolArguments Inputs
    {
        get => _details?.Inputs is { } inputs ? inputs.Value : default;
        init => _details = Details with { Inputs = value.Form == ToolArgumentsForm.None ? null : new StrongBox<ToolArguments>(value) };
    }

    /// <summary>
    /// Facts of the host's own, which the policy's rules read as <c>context</c>: never anything that the agent sends. One JSON object;
    /// absent facts are <c>{}</c>.
    /// </summary>
    public ToolArguments Context
    {
        get => _details is null ? default : _details.Context;
        init => _details = Details with { Context = value };
    }

    /// <summary>
    /// The attributes of the grant, which the policy's rules read as <c>grant</c>; null for none. Only for a host without
    /// <see cref="ToolCallAuthorizerOptions.Grants"/>: a grant that is resolved has its own.
    /// </summary>
    public IReadOnlyDictionary<string, string>? GrantAttributes
    {
        get => _details?.GrantAttributes;
        init => _details = Details with { GrantAttributes = value };
    }

    /// <summary>
    /// The caller's place in a trace, a W3C <c>traceparent</c> such as the <c>_meta</c> of an MCP request has; null, the default, for none.
    /// The decision's span, and the trace id of its record, then belong to that trace. Where the host asks in an activity of the same
    /// trace, that one is nearer and stays the parent; an activity of another trace is linked. One that isn't well formed is passed over.
    /// It changes no decision.
    /// </summary>
    public string? TraceParent
    {
        get => _details?.TraceParent;
        init => _details = Details with { TraceParent = value };
    }

    /// <summary>
    /// The W3C <c>tracestate</c> beside <see cref="TraceParent"/>, which goes on with the decision's span; null, the default, for none. One
    /// of more than 512 characters, or with others than printable ASCII, is passed over.
    /// </summary>
    public string? TraceState
    {
        get => _details?.TraceState;
        init => _details = Details with { TraceState = value };
    }

    /// <summary>Whether it names tool and grant and says nothing that depends on the host's options: the usual call.</summary>
    internal bool IsComplete => ToolName is not null && _grantId is not null && _details is not { IsUsual: false };

    /// <summary>Whether others may go on with it, or it goes on with another one.</summary>
    internal bool IsLinked => _details is { MayContinue: true } or { Continues: not null };

    /// <summary>Whose the call is, which may be nobody's: an empty text.</summary>
    internal string Owner
    {
        init => _grantId = value;
    }

    /// <summary>Whether there is nothing to read: neither arguments, nor inputs, nor context.</summary>
    // Asks only fields, and the details by themselves: a method of the call that isn't in line would take a reference to it.
    internal bool SaysNothing => Arguments.IsNone && _details is not { SaysAnything: true };

    /// <summary>Whether anything was answered.</summary>
    internal bool HasInputs => _details is { Inputs: not null };

    /// <summary>Whether the host says anything as context.</summary>
    internal bool HasContext => _details is { HasContext: true };

    private ToolCallDetails Details => _details ?? ToolCallDetails.None;

    /// <summary>The tool and the grant, shortened; nothing of the arguments or the context.</summary>
    public override string ToString() => Quoted.Of(ToolName ?? "") + (_grantId is null ? "" : $" ({Quoted.Of(_grantId)})");

    private static void RequireGrant([NotNull] string? grantId, string name)
    {
        if (grantId is null)
        {
            throw new ArgumentNullException(
                name,
                "It can't be set to null. Help: a call of no grant leaves it out, as in "
                + "`id is null ? call : call with { GrantId = id }`.");
        }

        if (grantId.Length == 0)
        {
            throw new ArgumentException("It can't be empty. Help: a call of no grant leaves it out.", name);
        }
    }
}
