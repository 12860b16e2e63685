using System.Runtime.CompilerServices;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.Tests.Authorization;

/// <summary>What a decision tells a host to do: only an allow opens.</summary>
public sealed class OutcomeTests
{
    private static readonly PolicyIdentity Policy = new("p", "r");

    public static TheoryData<DecisionCode> Codes { get; } = new(Enum.GetValues<DecisionCode>());

    [Theory]
    [MemberData(nameof(Codes))]
    public void Whatever_is_no_allow_stays_shut(DecisionCode code)
    {
        var table = new VerdictTable(Policy);
        foreach (ToolRisk risk in Enum.GetValues<ToolRisk>())
        {
            Verdict verdict = table.Get(code, risk);
            Assert.Same(verdict, table.Get(code, risk));
            var decision = new ToolCallDecision(new ToolEntry(verdict), DecisionId.Next(), "t", "g");
            Assert.Equal((code, risk), (decision.Code, decision.Risk));
            Assert.Equal(code == DecisionCode.Allowed, decision.IsAllowed);
            Assert.Equal(code == DecisionCode.Allowed, decision.Outcome == DecisionOutcome.Allow);
            Assert.Equal(code == DecisionCode.ApprovalRequired, decision.Outcome == DecisionOutcome.ApprovalRequired);
            Assert.Equal(code == DecisionCode.Allowed, decision.Message is null);
            Assert.StartsWith("[POLICY DENIED] ", decision.Message ?? "[POLICY DENIED] ", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_denial_outweighs_the_verdict_of_its_entry()
    {
        Verdict denial = Verdict.Deny(DecisionCode.LimitExceeded, Policy, ToolRisk.Write);
        var entry = new ToolEntry(Verdict.Allow(Policy, ToolRisk.Write));
        var decision = new ToolCallDecision(entry, DecisionId.Next(), "t", "g", Settlement.ForDenial(denial, 5));
        Assert.False(decision.IsAllowed);
        Assert.Equal((DecisionCode.LimitExceeded, TimeSpan.FromMilliseconds(5)), (decision.Code, decision.RetryAfter));
        Assert.Null(new ToolCallDecision(entry, DecisionId.Next(), "t", "g", Settlement.Reserved(5, "s")).RetryAfter);
    }

    [Fact]
    public void A_decision_stays_small_as_it_is_copied_often() => Assert.Equal(48, Unsafe.SizeOf<ToolCallDecision>());

    [Fact]
    public void Every_code_has_words_of_its_own()
    {
        string[] messages =
        [
            .. Enum.GetValues<DecisionCode>().Where(code => code != DecisionCode.Allowed)
                .Select(code => Verdict.Deny(code, Policy, ToolRisk.Unspecified).Message!),
        ];
        Assert.Equal(messages.Length, messages.Distinct().Count());
    }

    [Fact]
    public void A_decision_that_nobody_made_denies_and_has_no_nulls()
    {
        ToolCallDecision decision = default;
        Assert.Equal((false, DecisionOutcome.Deny, DecisionCode.InternalError), (decision.IsAllowed, decision.Outcome, decision.Code));
        Assert.Equal(
            ("", "", "", "", ""), (decision.ToolName, decision.GrantId, decision.Rule, decision.PolicyName, decision.PolicyRevision));
        Assert.NotEmpty(decision.DecisionId);
        Assert.StartsWith("[POLICY DENIED] ", decision.Message, StringComparison.Ordinal);
        Assert.Null(decision.RetryAfter);
    }
}
