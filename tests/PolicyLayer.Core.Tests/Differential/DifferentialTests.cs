using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Tests.Approvals;
using PolicyLayer.Tests.Authorization;
using PolicyLayer.Tests.Behaviour;

namespace PolicyLayer.Tests.Differential;

/// <summary>The compiled policy and the naive evaluator judge the same generated calls.</summary>
public sealed class DifferentialTests
{
    private const int CallsPerPolicy = 100;

    [Fact]
    public void The_compiled_policy_decides_as_the_naive_evaluator_does()
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        GeneratedCases.Hold(GeneratedCases.Of(CallsPerPolicy), 1_000, generated => Disagreement(generated, seen) is { } disagreement
            ? throw new InvalidOperationException(disagreement)
            : true);

        // Cases that all end the same way would prove nothing.
        string[] codes =
        [
            "allowed", "arguments_malformed", "arguments_too_large", "context_malformed", "hidden", "not_listed", "action_deny",
            "require_failed",
            "deny_if_matched", "limit_exceeded", "increment_invalid", "session_missing", "partition_missing", "order_violated",
            "approval_required",
        ];
        Assert.All(codes, code => Assert.True(seen.GetValueOrDefault(code) > 200, code + " is too rare"));
        Assert.True(seen["allowed"] > 15_000, string.Join(", ", seen));
        Assert.True(seen["approval_denied"] > 5 && seen["covered others"] > 5, string.Join(", ", seen));
    }

    [Fact]
    public void Adding_a_deny_rule_turns_no_denial_into_an_allow() =>
        GeneratedCases.Hold(GeneratedCases.Of(20), 300, generated =>
        {
            GeneratedCase stricter = WithOneMoreDenyRule(generated);
            Policy before = Policy.Parse(generated.Document), after = Policy.Parse(stricter.Document);
            return generated.Calls.All(call => Alone(before, call).IsAllowed || !Alone(after, call).IsAllowed);
        });

    [Fact]
    public void Member_order_spelling_and_white_space_of_a_document_change_no_decision() =>
        GeneratedCases.Hold(GeneratedCases.Of(40), 300, generated =>
        {
            var random = new Random(generated.Document.Length);
            string respelt = Shuffled(generated.Policy, random).Write(_ => random.Percent(20), random.One([" ", "\n", "\r\n\t "]));
            return Run(Policy.Parse(generated.Document), generated.Calls).SequenceEqual(Run(Policy.Parse(respelt), generated.Calls));
        });

    [Fact]
    public void Less_work_than_a_call_takes_denies_it_and_more_changes_nothing() =>
        GeneratedCases.Hold(GeneratedCases.Of(20), 300, generated =>
        {
            Policy policy = Policy.Parse(generated.Document);
            var random = new Random(generated.Document.Length);
            return generated.Calls.All(call =>
            {
                ToolCallDecision decision = Alone(policy, call);
                ToolCallDecision bounded = Alone(policy, call, random.Next(1, 1_000));
                return bounded.Code == DecisionCode.ArgumentsTooLarge
                    ? bounded.Rule.Length == 0
                    : (bounded.Code, bounded.Rule) == (decision.Code, decision.Rule);
            });
        });

    private static string? Disagreement(GeneratedCase generated, Dictionary<string, int> seen)
    {
        PolicyLoadResult loaded = Policy.Load(generated.Document);
        if (!loaded.IsValid)
        {
            return string.Join('\n', loaded.Diagnostics) + "\n" + generated.Policy;
        }

        var naive = new NaiveEvaluator(generated.Policy);
        FakeTimeProvider clock = Clock();
        var open = new OpenReports();
        List<string> answers = [];
        List<string> given = [];
        using IEnumerator<NaiveDecision> compiled = Run(loaded.Policy, generated.Calls, given).GetEnumerator();
        foreach (GeneratedCall call in generated.Calls)
        {
            clock.Advance(TimeSpan.FromMilliseconds(call.AdvanceMilliseconds));
            compiled.MoveNext();
            NaiveDecision expected = naive.Judge(call, clock.GetUtcNow(), decision => decision.Accepts(compiled.Current));
            if (!expected.Accepts(compiled.Current) || !answers.SequenceEqual(given.Take(answers.Count)))
            {
                return $"expected {expected}, got {compiled.Current} for {call}\n{generated.Policy}";
            }

            if (expected.IsAsked && call.Answer is { } answer)
            {
                answers.Add(naive.Answer(call, answer, clock.GetUtcNow()));
            }

            foreach (GeneratedCall reported in open.Due(call, expected.Code == "allowed"))
            {
                naive.Report(reported, reported.Outcome!.Value, clock.GetUtcNow());
            }

            seen[expected.Code] = seen.GetValueOrDefault(expected.Code) + 1;
        }

        seen["covered others"] = seen.GetValueOrDefault("covered others") + naive.CoveredOthers;
        return null;
    }

    [Fact]
    public void An_explanation_says_what_the_decision_does_and_of_each_rule_what_the_naive_evaluator_says() =>
        GeneratedCases.Hold(GeneratedCases.Of(CallsPerPolicy), 1_000, generated =>
        {
            var rules = new NaiveRules(generated.Policy);
            return Run(Policy.Parse(generated.Document), generated.Calls, compare: (call, explanation, decision, now) =>
            {
                if ((Explanations.Difference(explanation, decision) ?? rules.Difference(call, explanation, now)) is { } difference)
                {
                    throw new InvalidOperationException($"{difference} for {call}\n{generated.Policy}");
                }
            }).Count() == generated.Calls.Count;
        });

    private static IEnumerable<NaiveDecision> Run(
        Policy policy,
        IEnumerable<GeneratedCall> calls,
        List<string>? given = null,
        Action<GeneratedCall, ToolCallExplanation, ToolCallDecision, DateTimeOffset>? compare = null)
    {
        FakeTimeProvider clock = Clock();
        var authorizer = new ToolCallAuthorizer(policy, new ToolCallAuthorizerOptions { TimeProvider = clock, MaxOpenCalls = 1_000 });
        var decisions = new Dictionary<GeneratedCall, ToolCallDecision>(ReferenceEqualityComparer.Instance);
        var open = new OpenReports();
        foreach (GeneratedCall call in calls)
        {
            clock.Advance(TimeSpan.FromMilliseconds(call.AdvanceMilliseconds));
            ToolCallExplanation? explanation = compare is null ? null : TestPolicies.Now(authorizer.ExplainAsync(call.ToToolCall()));
            ToolCallDecision decision = TestPolicies.Now(authorizer.AuthorizeAsync(call.ToToolCall()));
            compare?.Invoke(call, explanation!, decision, clock.GetUtcNow());
            decisions[call] = decision;
            if (decision is { Code: DecisionCode.ApprovalRequired, ApprovalId: not null } && call.Answer is { } answer)
            {
                string said = TestPolicies.Now(BehaviourTests.AnswerAsync(authorizer, decision, answer)).ToString();
                given?.Add(said);
            }

            foreach (GeneratedCall reported in open.Due(call, decision.IsAllowed))
            {
                authorizer.CompleteAsync(decisions[reported], reported.Outcome!.Value).AsTask().GetAwaiter().GetResult();
            }

            yield return new NaiveDecision(decision.Code.ToWireString(), decision.Rule, (long?)decision.RetryAfter?.TotalMilliseconds)
            {
                IsAsked = decision.Code == DecisionCode.ApprovalRequired && decision.ApprovalId is not null,
                Asking = decision.Code == DecisionCode.ApprovalRequired ? AskingOf(policy, call, clock.GetUtcNow()) : "",
            };
        }
    }

    private static string AskingOf(Policy policy, GeneratedCall call, DateTimeOffset now) =>
        string.Join('\n', ApprovalNeeds.RulesOf(ApprovalNeeds.Of(policy, call.ToToolCall(), now)!));

    /// <summary>A call judged with fresh counters: a stricter policy spends less, so that later calls may well be allowed.</summary>
    private static ToolCallDecision Alone(Policy policy, GeneratedCall call, long maxWork = 33_554_432) =>
        new ToolCallAuthorizer(policy, new ToolCallAuthorizerOptions { TimeProvider = Clock(), MaxOpenCalls = 1, MaxWork = maxWork })
            .AuthorizeAsync(call.ToToolCall()).AsTask().GetAwaiter().GetResult();

    private static GeneratedCase WithOneMoreDenyRule(GeneratedCase generated)
    {
        var random = new Random(generated.Document.Length);
        Json policy = generated.Policy.Copy();
        Json[] places = [.. policy["tools"]!.Members.Select(m => m.Value).Where(entry => entry["action"] is null)];
        Json place;
        if (places.Length > 0 && random.Percent(50))
        {
            place = random.One(places);
        }
        else
        {
            place = policy["all_tools"] ?? Json.Object();
            policy.Members.RemoveAll(m => m.Name == "all_tools");
            policy.Members.Add(("all_tools", place));
        }

        Json rules = place["deny_if"] ?? Json.Array();
        place.Members.RemoveAll(m => m.Name == "deny_if");
        rules.Items.Insert(random.Next(rules.Items.Count + 1), new PolicyGenerator(random).Rule(require: false));
        place.Members.Add(("deny_if", rules));
        return generated with { Policy = policy };
    }

    private static Json Shuffled(Json value, Random random)
    {
        (string, Json)[] members = [.. value.Members.Select(m => (m.Name, Shuffled(m.Value, random)))];
        random.Shuffle(members);
        return new Json
        {
            Kind = value.Kind,
            Text = value.Text,
            Members = [.. members],
            Items = [.. value.Items.Select(item => Shuffled(item, random))],
        };
    }

    private static FakeTimeProvider Clock() => TestPolicies.ClockAt("2026-01-01T00:00:00Z");

    /// <summary>Which reports are due after a call: its own, and those of calls before it.</summary>
    private sealed class OpenReports
    {
        private readonly List<(GeneratedCall Call, int Due)> _open = [];

        private int _calls;

        public List<GeneratedCall> Due(GeneratedCall call, bool isAllowed)
        {
            if (isAllowed && call.Outcome is not null)
            {
                _open.Add((call, _calls + call.ReportedAfter));
            }

            List<GeneratedCall> due = [.. _open.Where(each => each.Due <= _calls).Select(each => each.Call)];
            _open.RemoveAll(each => each.Due <= _calls);
            _calls++;
            return due;
        }
    }
}
