using PolicyLayer.Calls;
using PolicyLayer.DecisionTree.Reading;
using PolicyLayer.DecisionTree.Rules;
using PolicyLayer.Json.Values;
using PolicyLayer.Tests.Differential;
using PolicyLayer.Tests.Json;

namespace PolicyLayer.Tests.Rules;

/// <summary>What is found by hash is what comparing with each value would find, in three values.</summary>
public sealed class PolicyValueTableTests
{
    /// <summary>Numbers that are equal in another notation, near in one reading, zeros, and beyond a double's range.</summary>
    private static readonly string[] Numbers =
    [
        "0", "-0", "0.0", "1", "1.0", "10e-1", "1.00000000000000000001", "0.1", "0.10000000000000000001", "1e400", "1e401", "-1e400",
        "1e-400", "-1e-400", "9007199254740992", "9007199254740993", "9007199254740994", "12345678901234567890", "12345678901234567891",
        "100000000000000000000", "1e20", "1e999999999999999999999", "10e999999999999999999998", "5e-324", "3e-324", "2", "3", "-1",
    ];

    [Fact]
    public void A_look_finds_what_comparing_with_each_would()
    {
        var seen = new Dictionary<Judgement, int>();
        int count = GeneratedCases.Long ? 1_000_000 : 10_000;
        for (int seed = 0; seed < count / 50; seed++)
        {
            var random = new Random(seed);
            HashedPolicyValue[] values = [.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => Read(Value(random)))];
            var table = new PolicyValueTable(values);
            for (int i = 0; i < 50; i++)
            {
                string text = Value(random);
                Judgement expected = Among(values, text);
                Judgement actual = Judge(text, table.Judge);
                Assert.True(expected == actual, $"seed {seed}: {text} should be {expected}, is {actual}");
                seen[actual] = seen.GetValueOrDefault(actual) + 1;
            }
        }

        Assert.All(Enum.GetValues<Judgement>(), judgement => Assert.True(seen[judgement] > count / 50, judgement.ToString()));
    }

    [Fact]
    public void A_look_costs_the_same_however_many_values_there_are()
    {
        long[] costs =
        [
            .. new[] { 10, 100_000 }.Select(count =>
            {
                var table = new PolicyValueTable([.. Enumerable.Range(10, count).Select(i => Read($"{i}.5"))]);
                return Cost("7", table) + Cost("7.00000000000000000001", table) + Cost("11.5", table);
            }),
        ];
        Assert.Equal(costs[0], costs[1]);
    }

    private static string Value(Random random, int depth = 2) => random.Next(depth == 0 ? 5 : 9) switch
    {
        < 5 => random.One(Numbers),
        5 => random.One(["[]", "{}", "[null]", "[true]", "[\"\\u0061\"]", "[\"a\"]", "{\"\\u0061\":1}"]),
        6 or 7 => $"[{string.Join(',', Enumerable.Range(0, random.Next(3)).Select(_ => Value(random, depth - 1)))}]",
        _ => "{" + string.Join(',', Enumerable.Range(0, random.Next(3)).Select(i => $"\"m{i}\":{Value(random, depth - 1)}")) + "}",
    };

    private static HashedPolicyValue Read(string text) => (HashedPolicyValue)PolicyValue.Of(new ScannedJson(text).Root);

    private static Judgement Among(HashedPolicyValue[] values, string text)
    {
        JsonKind kind = new ScannedJson(text).Root.Kind;
        Judgement[] judged = [.. values.Where(value => value.Kind == kind).Select(value => Judge(text, value.JudgeEqual))];
        return judged.Length == 0 ? Judgement.Unjudgeable : judged.Aggregate(Judgements.Or);
    }

    private static Judgement Judge(string text, Judging judge)
    {
        CallScratch scratch = CallScratch.Rent(WorkBudget.Highest);
        Judgement judgement = judge(new ScannedJson(text).Root, scratch);
        scratch.Return();
        return judgement;
    }

    private static long Cost(string text, PolicyValueTable table)
    {
        CallScratch scratch = CallScratch.Rent(WorkBudget.Highest);
        table.Judge(new ScannedJson(text).Root, scratch);
        scratch.Return();
        return scratch.Work.Spent;
    }

    private delegate Judgement Judging(in JsonValue argument, CallScratch scratch);
}
