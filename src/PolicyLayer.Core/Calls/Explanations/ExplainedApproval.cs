using System.Diagnostics;

namespace PolicyLayer;

/// <summary>What a person's approval of a call would cover. Immutable.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class ExplainedApproval
{
    internal ExplainedApproval()
    {
    }

    /// <summary>The pointers of all that ask for it: it covers them together.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    /// <summary>How many calls it covers, unless whoever approves narrows it.</summary>
    public required int Uses { get; init; }

    /// <summary>For how long, from the answer, unless whoever approves narrows it.</summary>
    public required TimeSpan ValidFor { get; init; }

    /// <summary>The arguments that calls must have in common with this one to be covered too; empty where only this very call is.</summary>
    public required IReadOnlyList<string> Same { get; init; }

    /// <summary>The approval, request or refusal that there is for the call; null for none. An explanation asks nobody.</summary>
    public string? Id { get; init; }

    /// <summary>The rules that ask, and the id of the request, if there is one.</summary>
    public override string ToString() => string.Join(", ", Rules) + (Id is null ? "" : $" ({Id})");
}
