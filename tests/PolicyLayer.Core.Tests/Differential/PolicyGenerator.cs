using System.Globalization;

namespace PolicyLayer.Tests.Differential;

/// <summary>Makes policies that load, and remembers their conditions for the calls.</summary>
internal sealed class PolicyGenerator(Random random)
{
    public static readonly string[] Operators =
        ["eq", "neq", "in", "not_in", "lt", "lte", "gt", "gte", "regex", "contains", "exists", .. NaiveGrammars.Operators];

    private readonly GrammarGenerator _grammars = new(random);

    private LimitGenerator? _limits;

    private readonly List<GeneratedPath> _paths = [.. Enumerable.Range(0, 5).Select(_ => GeneratedPath.Next(random))];

    /// <summary>Every condition: where it looks, how, for what, and whether it is one of <c>require</c>.</summary>
    public List<(GeneratedPath Path, string Operator, Json Value, bool Require)> Conditions { get; } = [];

    /// <summary>Where operands come from, and what might well stand there.</summary>
    public List<(GeneratedPath Path, Json Value)> Operands { get; } = [];

    /// <summary>What approvals go by in place of all arguments.</summary>
    public List<GeneratedPath> Same { get; } = [];

    /// <summary>Makes limits and orders, and knows what they look at.</summary>
    public LimitGenerator Limits => _limits ??= new LimitGenerator(random, _paths);

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

        if (random.Percent(50))
        {
            members.Add(("time_zone", Json.String(random.One(Vocabulary.Zones))));
        }

        IEnumerable<string> keys = Enumerable.Range(0, 1 + random.Next(4)).Select(_ => random.One(Vocabulary.ToolPatterns)).Distinct();
        members.Add(("tools", Json.Object([.. keys.Select(key => (key, Entry(key)))])));
        return Json.Object(members);
    }

    public Json Rule(bool require)
    {
        int conditions = random.Percent(2) ? 0 : random.Percent(65) ? 1 : 2;
        List<(string, Json)> members = [];
        if (random.Percent(20))
        {
            IEnumerable<Json> lists = Enumerable.Range(0, 1 + random.Next(3)).Select(_ => ConditionsOf(1 + random.Next(2), require));
            members.Add(("any", Json.Array(lists.ToList())));
        }

        if (members.Count == 0 || random.Percent(60))
        {
            members.Add(("conditions", ConditionsOf(conditions, require)));
        }

        return Json.Object(members);
    }

    private Json ConditionsOf(int count, bool require) => Json.Array(Enumerable.Range(0, count).Select(_ => Condition(require)).ToList());

    private Json Entry(string key)
    {
        if (random.Percent(7))
        {
            return Json.Object(("action", Json.String("deny")));
        }

        List<(string, Json)> members = RulesAndLimits(mostRules: 2);
        Json? limits = members.Find(m => m.Item1 == "limits").Item2;
        if (random.Percent(20) && !(limits is not null && LimitGenerator.IsTaken(limits, key + "_rate")))
        {
            members.Add(("rate_limit", Limits.Rate()));
        }

        if (random.Percent(4))
        {
            members.Add(("action", Json.String("require_approval")));
        }

        if (random.Percent(20))
        {
            members.Add(("approve_if", Json.Array(random.Several(2, () => Rule(require: false)))));
        }

        if (members.Exists(member => member.Item1 is "action" or "approve_if") && random.Percent(60))
        {
            members.Add(("approval", Cover()));
        }

        members.AddRange(Limits.Orders());
        if (random.Percent(10))
        {
            members.Add(("risk", Json.String(random.One(["read", "write", "execute", "destructive", "financial", "other"]))));
        }

        return Json.Object(members);
    }

    /// <summary>What one approval covers.</summary>
    private Json Cover()
    {
        List<(string, Json)> members = [];
        if (random.Percent(70))
        {
            // Mostly arguments that rules read, as these are often there.
            GeneratedPath[] read = [.. Conditions.Select(condition => condition.Path).Where(path => path.Root == "args" && !path.FansOut)];
            GeneratedPath[] same = [.. Enumerable.Range(0, random.Next(1, 3))
                .Select(_ => random.Percent(50) && read.Length > 0
                    ? random.One(read)
                    : new GeneratedPath("args", [random.One(Vocabulary.Names)]))
                .DistinctBy(path => path.ToString())];
            Same.AddRange(same);
            members.Add(("same", Json.Array(same.Select(path => Json.String(path.ToString())).ToList())));
        }

        if (random.Percent(60))
        {
            members.Add(("uses", Json.Number(random.One(["1", "2", "2e0", "3", "1000"]))));
        }

        if (random.Percent(50))
        {
            members.Add(("for", random.One([Json.String("second"), Json.String("minute"), Json.String("day"), Json.Number("7")])));
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
            members.Add(("limits", Limits.Limits()));
        }

        return members;
    }

    private Json Condition(bool require) => random.Percent(8) ? MomentCondition() : PathCondition(require);

    /// <summary>A condition on the call's tool or time, which calls aren't aimed at.</summary>
    private Json MomentCondition()
    {
        GeneratedPath path = MomentPath();
        bool isTime = path.Root == "time";
        string op = isTime
            ? random.One(["eq", "neq", "lt", "lte", "gt", "gte", "in", "exists"])
            : random.One(["eq", "neq", "in", "not_in", "contains"]);
        Json One() => isTime ? Json.Number(random.One(Vocabulary.Times)) : Json.String(random.One(Vocabulary.Tools));
        Json value = op is "in" or "not_in" ? Json.Array([One(), One()]) : op == "exists" ? Json.Boolean(random.Percent(70)) : One();
        return Json.Object(("path", Json.String(path.ToString())), ("op", Json.String(op)), ("value", value));
    }

    private GeneratedPath MomentPath() => random.Percent(30)
        ? new GeneratedPath("call", ["tool"])
        : new GeneratedPath("time", [random.One(["hour", "minute_of_day", "weekday", "day", "month", "year"])]);

    private Json PathCondition(bool require)
    {
        GeneratedPath path = random.One(_paths);
        string op = random.One(Operators);
        bool optional = op != "exists" && random.Percent(20);
        GeneratedPath? from = op is not ("exists" or "regex") && random.Percent(20) ? OperandPath() : null;
        Json value = Value(op, optional);
        Conditions.Add((path, op, value, require));
        if (from is not null)
        {
            Operands.Add((from, Operand(op, value)));
        }

        List<(string, Json)> members =
        [
            ("path", Json.String(path.ToString())),
            ("op", Json.String(op)),
            from is null ? ("value", value) : ("value_from", Json.String(from.ToString())),
        ];
        if (optional || random.Percent(3))
        {
            members.Add(("optional", Json.Boolean(optional)));
        }

        return Json.Object(members);
    }

    private Json Value(string op, bool optional)
    {
        Json value = op switch
        {
            "in" or "not_in" => Json.Array(Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Vocabulary.Value(random, 1)).ToList()),
            "lt" or "lte" or "gt" or "gte" => Json.Number(random.One(Vocabulary.Numbers)),
            "regex" => Json.String(random.One(Vocabulary.Patterns)),
            "exists" => Json.Boolean(random.Percent(60)),
            _ when NaiveGrammars.Operators.Contains(op) => Patterns(_grammars.Patterns(op)),
            _ => Vocabulary.Value(random),
        };
        bool asksForNull = value.Kind == "null" || (op is "in" or "not_in" && value.Items.Any(item => item.Kind == "null"));
        return optional && asksForNull ? Value(op, optional) : value;
    }

    private Json Patterns(string[] patterns) =>
        patterns.Length == 1 && random.Percent(50) ? Json.String(patterns[0]) : Json.Array(patterns.Select(Json.String).ToList());

    /// <summary>What a call might give in place of the value: a part of a list, or patterns that may have a problem.</summary>
    private Json Operand(string op, Json value) => op switch
    {
        "in" or "not_in" => Json.Array(value.Items.Where(_ => !random.Percent(20)).ToList()),
        _ when NaiveGrammars.Operators.Contains(op) && random.Percent(20) => Patterns([_grammars.Pattern(op), _grammars.Pattern(op)]),
        _ => value,
    };

    /// <summary>A path to one value, often one that conditions look at: then a call may well compare a value with itself.</summary>
    private GeneratedPath OperandPath()
    {
        if (random.Percent(8))
        {
            return MomentPath();
        }

        GeneratedPath path = random.Percent(50) ? random.One(_paths) : GeneratedPath.Next(random);
        return path.FansOut ? path with { Steps = [random.One(Vocabulary.Names)] } : path;
    }
}
