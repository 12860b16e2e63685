using System.Runtime.CompilerServices;
using PolicyLayer.Calls;

namespace PolicyLayer;

/// <summary>What few hosts say of a call. Immutable.</summary>
internal sealed record ToolCallDetails
{
    public static ToolCallDetails None { get; } = new();

    public ToolArguments Context { get; init; }

    /// <summary>What was answered; null for nothing. In a box, as few calls have it and each `with` copies the rest.</summary>
    public StrongBox<ToolArguments>? Inputs { get; init; }

    public IReadOnlyDictionary<string, string>? GrantAttributes { get; init; }

    public string? Server { get; init; }

    public SessionSource SessionSource { get; init; }

    public string? Continues { get; init; }

    public bool MayContinue { get; init; }

    public string? TraceParent { get; init; }

    public string? TraceState { get; init; }

    /// <summary>Whether nothing is said that not every host may say.</summary>
    public bool IsUsual => Continues is null && !MayContinue && GrantAttributes is null;

    /// <summary>Whether the host says anything as context.</summary>
    public bool HasContext => Context.Form != ToolArgumentsForm.None;

    /// <summary>Whether there is anything to read: inputs or context.</summary>
    public bool SaysAnything => Inputs is not null || HasContext;
}
