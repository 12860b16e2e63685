using System.Globalization;

namespace PolicyLayer.Tests.Differential;

/// <summary>Makes policies that load, and remembers their conditions for the calls.</summary>
internal sealed class PolicyGenerator(Random random)
{
    public static readonly string[] Operators = ["eq", "neq", "in", "not_in", "lt", "lte", "gt", "gte", "regex", "contains", "exists"];

    private readonly List<GeneratedPath> _paths = [.. Enumerable.Range(0, 5).Select(_ => GeneratedPath.Next(random))];

    /// <summary>Every condition: where it looks, how, for what, and whether it is one of <c>require</c>.</summary>
    public List<(GeneratedPath Path, string Operator, Json Value, bool Require)> Conditions { get; } = [];

    /// <summary>Where amounts come from.</summary>
    public List<GeneratedPath> Amounts { get; } = [];

    public Json Next()
    {
        List<(string, Json)> members = [("version", Json.String("1")), ("default", Json.String(random.Percent(60) ? "deny" : "allow"))];
        if (random.Percent(30))
        {
            IEnumerable<string> hidden = random.Several(3, () => random.One(Vocabulary.HiddenPatterns)).Distinct();
            members.Add(("hide", Json.Array(hidden.Select(Json.String))));
        }

        if (random.Percent(50))
        {
            members.Add(("all_tools", Json.Object(RulesAndLimits(mostRules: 1))));
        }

        IEnumerable<string> keys = Enumerable.Range(0, 1 + random.Next(4)).Select(_ => random.One(Vocabulary.ToolPatterns)).Distinct();
        members.Add(("tools", Json.Object([.. keys.Select(key => (key, Entry(key)))])));
        return Json.Object(members);
    }

    public Json Rule(bool require)
    {
        int conditions = random.Percent(2) ? 0 : random.Percent(65) ? 1 : 2;
        return Json.Object(("conditions", Json.Array(Enumerable.Range(0, conditions).Select(_ => Condition(require)).ToList())));
    }

    private Json Entry(string key)
    {
        if (random.Percent(7))
        {
            return Json.Object(("action", Json.String("deny")));
        }

        List<(string, Json)> members = RulesAndLimits(mostRules: 2);
        bool taken = members.Any(m => m.Item1 == "limits" && m.Item2.Items.Any(l => l["counter"]!.Text == key + "_rate"));
        if (random.Percent(20) && !taken)
        {
            members.Add(("rate_limit", random.Percent(50)
                ? Json.String(random.One(["2/second", "3/minute"]))
                : Json.Object(("max", Json.Number(random.One(["1", "2"]))), ("window", Json.Number("7")))));
        }

        return Json.Object(members);
    }

    private List<(string, Json)> RulesAndLimits(int mostRules)
    {
        List<(string, Json)> members = [];
        if (random.Percent(45))
        {
            members.Add(("require", Json.Array(random.Several(mostRules, () => Rule(require: true)))));
        }

        if (random.Percent(60))
        {
            members.Add(("deny_if", Json.Array(random.Several(mostRules, () => Rule(require: false)))));
        }

        if (random.Percent(35))
        {
            members.Add(("limits", Json.Array(random.Several(2, Limit).DistinctBy(Identity))));
        }

        return members;
    }

    private Json Condition(bool require)
    {
        GeneratedPath path = random.One(_paths);
        string op = random.One(Operators);
        Json value = op switch
        {
            "in" or "not_in" => Json.Array(Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Vocabulary.Value(random, 1)).ToList()),
            "lt" or "lte" or "gt" or "gte" => Json.Number(random.One(Vocabulary.Numbers)),
            "regex" => Json.String(random.One(Vocabulary.Patterns)),
            "exists" => Json.Boolean(random.Percent(60)),
            _ => Vocabulary.Value(random),
        };
        Conditions.Add((path, op, value, require));
        return Json.Object(("path", Json.String(path.ToString())), ("op", Json.String(op)), ("value", value));
    }

    private Json Limit()
    {
        string scope = random.One(["grant", "grant", "policy", "session"]);
        List<(string, Json)> members =
        [
            ("counter", Json.String(random.One(["c", "d", "t_rate"]))),
            ("window", random.One([Json.String("second"), Json.String("minute"), Json.Number("60"), Json.Number("7")])),
            ("max", Json.Number(random.One(["0", "0.5", "1", "2", "2.5", "3", "10", "3e0", "100.000001"]))),
        ];
        if (scope != "grant" || random.Percent(50))
        {
            members.Add(("scope", Json.String(scope)));
        }

        if (scope != "session" && random.Percent(30) && _paths.Find(p => p.Root == "args" && !p.FansOut) is { } path)
        {
            Amounts.Add(path);
            members.Add(("increment_from", Json.String(path.ToString())));
        }

        return Json.Object(members);
    }

    private static string Identity(Json limit)
    {
        string window = limit["window"]!.Text.Replace("minute", "60", StringComparison.Ordinal);
        return $"{limit["counter"]!.Text} {limit["scope"]?.Text ?? "grant"} {window}";
    }
}
