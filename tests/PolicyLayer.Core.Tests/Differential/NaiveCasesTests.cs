using System.Globalization;
using System.Text;
using System.Text.Json;
using PolicyLayer.Tests.Behaviour;

namespace PolicyLayer.Tests.Differential;

/// <summary>
/// The naive evaluator decides the cases of limits, orders and approvals as they say: neither of the two may be wrong alone.
/// </summary>
public sealed class NaiveCasesTests
{
    private static readonly string[] Files =
        ["amounts", "approvals", "approvals-cover", "calendar", "limits", "orders", "per", "rate-limits"];

    public static TheoryData<string> Names =>
    [
        .. BehaviourCase.All.Values
            .Where(each => Files.Contains(each.File) && each.Calls.Any() && !IsBeyondIt(each))
            .Select(each => each.Name),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Case(string name)
    {
        BehaviourCase behaviour = BehaviourCase.All[name];
        var naive = new NaiveEvaluator(Json.Parse(behaviour.Policy));
        var known = new Dictionary<string, GeneratedCall>(StringComparer.Ordinal);
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (BehaviourCall made in behaviour.Calls)
        {
            now = made.At ?? now;
            if (made.Answer is { } answer)
            {
                Assert.Equal(answer.Expected, naive.Answer(known[answer.Asked], answer, now));
                continue;
            }

            if (made.Report is { } reported)
            {
                naive.Report(known[reported], made.Reported, now);
                continue;
            }

            for (int i = 0; i < made.Repeat; i++)
            {
                GeneratedCall call = CallOf(made);
                NaiveDecision decision = naive.Judge(call, now, _ => false);
                Compare(made.Expect, decision);
                if (decision.Code == "allowed" && made.Complete is { } outcome)
                {
                    naive.Report(call, outcome, now);
                }

                known[made.As ?? ""] = call;
            }
        }
    }

    /// <summary>It knows no sliding windows, no schemas, no clock that steps back, no end of time and no malformed text.</summary>
    private static bool IsBeyondIt(BehaviourCase each)
    {
        string policy = Encoding.UTF8.GetString(each.Policy);
        DateTimeOffset[] times = [.. each.Calls.Select(call => call.At).OfType<DateTimeOffset>()];
        return policy.Contains("\"sliding\"", StringComparison.Ordinal)
            || policy.Contains("\"arguments\"", StringComparison.Ordinal)
            || times.Any(time => time.Year == 9999)
            || each.Calls.Any(IsMalformed)
            || !times.SequenceEqual(times.Order());
    }

    private static bool IsMalformed(BehaviourCall call) =>
        call.Report is null
        && call.Answer is null
        && call.Expect.GetProperty("code").GetString()!.EndsWith("_malformed", StringComparison.Ordinal);

    private static void Compare(JsonElement expect, NaiveDecision decision)
    {
        var expected = new NaiveDecision(
            expect.GetProperty("code").GetString()!,
            expect.TryGetProperty("rule", out JsonElement rule) ? rule.GetString()! : decision.Rule,
            decision.RetryAfterMilliseconds)
        {
            Asking = decision.Asking,
            IsAsked = decision.IsAsked,
        };
        if (expect.TryGetProperty("retry_after_ms", out JsonElement wait))
        {
            expected = wait.ValueKind switch
            {
                JsonValueKind.Null => expected with { RetryAfterMilliseconds = null },
                JsonValueKind.Array => expected with
                {
                    RetryAfterMilliseconds = wait[0].GetInt64(),
                    Slack = wait[1].GetInt64() - wait[0].GetInt64(),
                },
                _ => expected with { RetryAfterMilliseconds = wait.GetInt64() },
            };
        }

        Assert.True(expected.Accepts(decision), $"expected {expected}, got {decision}");
    }

    private static GeneratedCall CallOf(BehaviourCall made)
    {
        byte[] arguments = made.Arguments ?? "{}"u8.ToArray();
        return new GeneratedCall
        {
            Tool = made.Tool,
            ArgumentsText = Encoding.UTF8.GetString(arguments),
            Arguments = Json.Parse(arguments),
            Context = made.ContextText is { } context ? Json.Parse(context) : null,
            Grant = made.Grant,
            Session = made.Session,
            Server = made.Server,
            Attributes = made.GrantAttributes?.ToDictionary(each => each.Key, each => each.Value, StringComparer.Ordinal),
        };
    }
}
