using System.Text;
using System.Text.Json;
using PolicyLayer.Calls;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Approvals;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.Keys;

namespace PolicyLayer.Tests.Approvals;

/// <summary>What calls need of a person, straight from the tree.</summary>
internal static class ApprovalNeeds
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static Evaluation Judge(
        Policy policy, in ToolCall call, DateTimeOffset? now = null, PolicyLayerKeys? keys = null, long maxWork = WorkBudget.Default)
    {
        UnreadableMember? unreadable = null;
        return policy.Tree.Evaluate(
            call,
            grant: null,
            new ReadingOptions(1_048_576, 64, maxWork, new ValueDigest(keys), new BindingDigest(keys)),
            policy.Tree.Find(call.ToolName),
            (now ?? Noon).ToUnixTimeMilliseconds(),
            report: null,
            ref unreadable);
    }

    public static ApprovalNeed? Of(Policy policy, in ToolCall call, DateTimeOffset? now = null, PolicyLayerKeys? keys = null) =>
        Judge(policy, call, now, keys).Approval;

    /// <summary>The pointers of all that ask.</summary>
    public static string[] RulesOf(ApprovalNeed need) =>
        [.. Content(need).GetProperty("rules").EnumerateArray().Select(rule => rule.GetString()!)];

    public static JsonElement Content(ApprovalNeed need) => JsonElement.Parse(need.Content);

    public static string Text(ApprovalNeed need) => Encoding.UTF8.GetString(need.Content);
}
