using System.Globalization;
using System.Text.Json;
using PolicyLayer.Approvals;
using PolicyLayer.Tests.Authorization;

namespace PolicyLayer.Tests.Behaviour;

/// <summary>Runs <c>cases/*.json</c>, whose expectations come from the policy document's description alone.</summary>
public sealed class BehaviourTests
{
    private static readonly Approver Person = new("ann");

    private const string Start = "2026-01-01T00:00:00Z";

    public static TheoryData<string> Names => [.. BehaviourCase.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Case(string name)
    {
        BehaviourCase behaviour = BehaviourCase.All[name];
        PolicyLoadResult loaded = Policy.Load(behaviour.Policy);
        if (behaviour.Findings is { } findings)
        {
            Assert.Equal(
                findings, loaded.Diagnostics.Select(d => (d.Severity == DiagnosticSeverity.Error ? "error " : "warning ") + d.Pointer));
            Assert.Equal(!findings.Any(f => f.StartsWith("error", StringComparison.Ordinal)), loaded.IsValid);
        }

        if (behaviour.Calls.Any())
        {
            Assert.True(loaded.IsValid, string.Join('\n', loaded.Diagnostics));
            foreach (string form in ArgumentForms.All)
            {
                await Judge(loaded.Policy, behaviour, form);
            }
        }
    }

    [Fact]
    public void Every_file_holds_cases() =>
        Assert.Equal(BehaviourCase.Files.Order(), BehaviourCase.All.Values.Select(behaviour => behaviour.File).Distinct().Order());

    private static async Task Judge(Policy policy, BehaviourCase behaviour, string form)
    {
        var clock = new SettableClock { Now = DateTimeOffset.Parse(Start, CultureInfo.InvariantCulture) };
        var authorizer = new ToolCallAuthorizer(policy, new ToolCallAuthorizerOptions { TimeProvider = clock });
        var decisions = new Dictionary<string, ToolCallDecision>(StringComparer.Ordinal);
        int number = 0;
        foreach (BehaviourCall call in behaviour.Calls)
        {
            Assert.Empty(call.UnknownMembers);
            clock.Now = call.At ?? clock.Now;
            if (call.Answer is { } answer)
            {
                Assert.Equal(answer.Expected, (await AnswerAsync(authorizer, decisions[answer.Asked], answer)).ToString());
                number++;
                continue;
            }

            if (call.Report is { } name)
            {
                await authorizer.CompleteAsync(decisions[name], call.Reported);
                number++;
                continue;
            }

            for (int i = 0; i < call.Repeat; i++)
            {
                var made = new ToolCall(call.Tool, ArgumentForms.Wrap(call.Arguments, form))
                {
                    GrantId = call.Grant,
                    GrantAttributes = call.GrantAttributes,
                    SessionId = call.Session,
                    Server = call.Server,
                    Context = call.Context,
                };
                ToolCallExplanation explanation = await authorizer.ExplainAsync(made);
                ToolCallDecision decision = await authorizer.AuthorizeAsync(made);
                Assert.Null(Explanations.Difference(explanation, decision));
                string where = string.Create(CultureInfo.InvariantCulture, $"call {number} ({call.Tool}), arguments as {form}");
                Compare(call.Expect, decision, where);
                if (call.As is { } known)
                {
                    decisions.Add(known, decision);
                }

                if (call.Complete is { } outcome)
                {
                    await authorizer.CompleteAsync(decision, outcome);
                }
            }

            number++;
        }
    }

    internal static async ValueTask<ApprovalResolution> AnswerAsync(
        ToolCallAuthorizer authorizer, ToolCallDecision asked, PersonAnswer answer) => answer.IsApproved
            ? await authorizer.Approvals.ApproveAsync(
                asked.ApprovalId!, Person, uses: answer.Uses, validFor: answer.ValidFor, isExact: answer.IsExact)
            : await authorizer.Approvals.RefuseAsync(asked.ApprovalId!, Person);

    private static void Compare(JsonElement expect, in ToolCallDecision decision, string where)
    {
        Assert.StartsWith(decision.IsAllowed ? "" : "[POLICY DENIED] ", decision.Message ?? "", StringComparison.Ordinal);
        foreach (JsonProperty member in expect.EnumerateObject())
        {
            string? actual = member.Name switch
            {
                "outcome" => decision.Outcome.ToWireString(),
                "code" => decision.Code.ToWireString(),
                "rule" => decision.Rule,
                "message" => decision.Message,
                "risk" => decision.Risk.ToString(),
                "retry_after_ms" => decision.RetryAfter?.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
                _ => throw new InvalidOperationException("Unknown expectation " + member.Name),
            };
            string? expected = member.Value.ValueKind == JsonValueKind.Null ? null : member.Value.ToString();
            Assert.True(
                member.Value.ValueKind == JsonValueKind.Array ? IsBetween(member.Value, actual) : expected == actual,
                $"{where}: {member.Name} should be {expected ?? "none"}, is {actual ?? "none"} "
                    + $"({decision.Code.ToWireString()} {decision.Rule})");
        }

        Assert.True(expect.TryGetProperty("code", out _), where + " expects no code");
    }

    /// <summary>A list of the least and the most, both allowed, where the policy's description leaves the rest to the store.</summary>
    private static bool IsBetween(JsonElement bounds, string? actual) =>
        double.TryParse(actual, CultureInfo.InvariantCulture, out double number)
        && number >= bounds[0].GetDouble() && number <= bounds[1].GetDouble();
}
