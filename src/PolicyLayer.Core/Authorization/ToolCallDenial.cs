using System.Text.Json;
using PolicyLayer.Calls;

namespace PolicyLayer;

/// <summary>
/// A decision that isn't an allow, in the one form in which protocols carry it: what an agent's program may read beside the words of
/// <see cref="Message"/>. It holds no argument values. Immutable.
/// </summary>
public sealed class ToolCallDenial
{
    /// <summary>The text of <see cref="Unlock"/> for a call that waits for a person who has been asked.</summary>
    public const string UnlockedByApproval = "approval";

    /// <summary>The text of <see cref="Unlock"/> for a call that may come again after <see cref="RetryAfter"/>.</summary>
    public const string UnlockedByTime = "wait";

    private ToolCallDenial(in ToolCallDecision decision)
    {
        Message = decision.Message!;
        Code = decision.Code.ToWireString();
        Rule = decision.Rule;
        RetryAfter = decision.RetryAfter;
        ApprovalId = decision.ApprovalId;
        Unlock = decision.ApprovalWouldHelp ? UnlockedByApproval : null;
        Unlock ??= RetryAfter is null ? null : UnlockedByTime;
    }

    /// <summary>What to tell the agent, as in <see cref="ToolCallDecision.Message"/>.</summary>
    public string Message { get; }

    /// <summary>Why, as <see cref="WireNames"/> says it, such as <c>limit_exceeded</c>.</summary>
    public string Code { get; }

    /// <summary>The JSON Pointer, inside the policy, of what decided; empty when no part of the policy did.</summary>
    public string Rule { get; }

    /// <summary>When the same call may fit again, or may be asked about again; null when waiting doesn't help.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The approval that the call waits for, or was refused; null for none.</summary>
    public string? ApprovalId { get; }

    /// <summary>
    /// What would let the very same call through: <see cref="UnlockedByApproval"/>, <see cref="UnlockedByTime"/>, or null for nothing that
    /// is known.
    /// </summary>
    public string? Unlock { get; }

    /// <summary>The form of a decision; null for an allow.</summary>
    /// <param name="decision">The decision.</param>
    public static ToolCallDenial? Of(in ToolCallDecision decision) => decision.IsAllowed ? null : new ToolCallDenial(decision);

    /// <summary>
    /// Writes the details as one JSON object: <c>{"code","rule","retryAfterMs","approvalId","unlock"}</c>. What there isn't is left out,
    /// and so is the message, which protocols carry as text.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
    public void WriteTo(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartObject();
        writer.WriteString("code"u8, Code);
        WriteIfAny(writer, "rule", Rule.Length == 0 ? null : Rule);
        if (RetryAfter is { } wait)
        {
            writer.WriteNumber("retryAfterMs"u8, (long)wait.TotalMilliseconds);
        }

        WriteIfAny(writer, "approvalId", ApprovalId);
        WriteIfAny(writer, "unlock", Unlock);
        writer.WriteEndObject();
    }

    /// <summary>The code and the rule.</summary>
    public override string ToString() => Rule.Length == 0 ? Code : $"{Code} ({Rule})";

    private static void WriteIfAny(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
