using PolicyLayer.Tests.Behaviour;

namespace PolicyLayer.Tests.Differential;

/// <summary>Makes calls that meet a policy's conditions, or all but meet them.</summary>
internal sealed class CallGenerator(Random random, PolicyGenerator policy)
{
    private static readonly string[] Amounts = ["1", "2", "0", "0.5", "2.5000000", "0.0000001", "-1", "1e-7", "11", "-0", "9007199254"];

    /// <summary>Values of counters and marks, some of them one but for case.</summary>
    private static readonly string[] Keys = ["x", "X", "x", "k\u00e9", "\u212a\u00c9", "k\u00e9", "1", ""];

    private static readonly ToolCallOutcome?[] Outcomes =
    [
        null, null, ToolCallOutcome.Succeeded, ToolCallOutcome.Succeeded, ToolCallOutcome.Succeeded, ToolCallOutcome.Failed,
        ToolCallOutcome.NotExecuted,
    ];

    private static readonly Json[] OddKeys =
    [
        Json.Number("1"), Json.Number("1.0"), Json.Number("10e-1"), Json.Number("-0"), Json.Number("0"), Json.Number("9007199254740993"),
        Json.Number("0.30000000000000004"), Json.Boolean(true), Json.Null, Json.Array(Json.String("x")), Json.Object(("x", Json.Null)),
    ];

    private readonly GrammarGenerator _grammars = new(random);

    public GeneratedCall Next()
    {
        Json arguments = Vocabulary.Object(random, 2);
        Json context = Json.Object();
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);

        void Put(GeneratedPath path, Func<Json> value)
        {
            switch (path.Root)
            {
                case "args" when path.Steps[0] is string:
                    arguments = path.Place(arguments, random, value);
                    break;
                case "context" when path.Steps[0] is string:
                    context = path.Place(context, random, value);
                    break;
                case "grant" when path.Steps[0] is string name && value() is { Kind: "string" } text:
                    attributes[name] = text.Text;
                    break;
            }
        }

        var aimed = policy.Conditions.Where(c => random.Percent(c.Require ? 95 : 60));
        foreach ((GeneratedPath path, string op, Json value, bool require) in aimed)
        {
            Json Aimed() =>
                random.Percent(require ? 85 : 15) ? Meeting(op, value) : random.Percent(70) ? Missing(op, value) : Tricked(value);
            Put(path, Aimed);
        }

        foreach ((GeneratedPath path, Json value) in policy.Operands.Where(_ => random.Percent(85)))
        {
            Put(path, () => random.Percent(85) ? Respelt(value) : random.Percent(50) ? Tricked(value) : Json.Array());
        }

        foreach (GeneratedPath path in policy.Limits.Amounts.Where(_ => random.Percent(80)))
        {
            Put(path, () => Json.Number(random.One(Amounts)));
        }

        foreach (GeneratedPath path in policy.Limits.Counts.Where(_ => random.Percent(80)))
        {
            Put(path, () => Vocabulary.Scalar(random));
        }

        foreach (GeneratedPath path in policy.Limits.Values.Where(_ => random.Percent(95)))
        {
            Put(path, () => random.Percent(95) ? Json.String(random.One(Keys)) : random.One(OddKeys));
        }

        foreach (GeneratedPath path in policy.Same.Where(_ => random.Percent(60)))
        {
            Put(path, () => random.Percent(95) ? Json.String(random.One(Keys)) : random.One(OddKeys));
        }

        return Damaged(Call(arguments, context, attributes));
    }

    /// <summary>Nearly the same call once more: as it was, in other words, or with another argument.</summary>
    public GeneratedCall Again(GeneratedCall before)
    {
        Json arguments = before.Arguments.Copy();
        if (random.Percent(50))
        {
            // Mostly not one that approvals go by, so that some cover a call which isn't the one that was asked for.
            string[] all = [.. arguments.Members.Select(m => m.Name)];
            string[] others = random.Percent(70)
                ? [.. all.Where(n => !policy.Same.Exists(path => path.Steps[0] is string s && s == n))]
                : all;
            string name = random.One(others.Length > 0 ? others : Vocabulary.Names);
            arguments.Members.RemoveAll(member => member.Name == name);
            if (random.Percent(80))
            {
                string written = random.Percent(15) ? Vocabulary.Recased(name, random) : name;
                arguments.Members.RemoveAll(member => member.Name == written);
                arguments.Members.Add((written, Vocabulary.Value(random, 1)));
            }
        }

        return Call(arguments, before.Context ?? Json.Object(), before.Attributes ?? []) with
        {
            Tool = before.Tool,
            Grant = random.Percent(95) ? before.Grant : "other",
            Session = random.Percent(95) ? before.Session : "y",
            Server = random.Percent(95) ? before.Server : "m",
        };
    }

    /// <summary>What a person says of it, should it wait.</summary>
    private PersonAnswer? Answer() => random.Percent(60)
        ? new PersonAnswer(
            "",
            IsApproved: random.Percent(80),
            random.Percent(20) ? random.Next(1, 4) : null,
            random.Percent(20) ? TimeSpan.FromSeconds(random.One([1, 60, 600, 3600])) : null,
            IsExact: random.Percent(25))
        : null;

    private GeneratedCall Call(Json arguments, Json context, Dictionary<string, string> attributes) => new()
    {
        Tool = Vocabulary.Tool(random),
        Arguments = arguments,
        ArgumentsText = arguments.Write(_ => random.Percent(10), random.One(["", "", " ", "\n\t"])),
        Form = random.One(ArgumentForms.All),
        Context = context.Members.Count == 0 && random.Percent(50) ? null : context,
        Attributes = attributes.Count == 0 && random.Percent(50) ? null : attributes,
        Grant = random.One(["default", "ci"]),
        Session = random.One([null, "s", "s", "z"]),
        Answer = Answer(),
        AdvanceMilliseconds = random.Percent(5)
            ? random.One([19_800_000, 86_400_000, 1_000_000_000, 2_000_000_000])
            : random.One([0, 0, 0, 1, 250, 999, 1000, 6999, 60_000]),
        Outcome = random.One(Outcomes),
        ReportedAfter = random.One([0, 0, 0, 1, 3]),
    };

    /// <summary>A value that meets the condition, mostly.</summary>
    private Json Meeting(string op, Json value) => op switch
    {
        _ when NaiveGrammars.Operators.Contains(op) => Text(op, value),
        "eq" => Respelt(value),
        "in" => Respelt(random.One(value.Items)),
        "lt" => Json.Number("-1e9"),
        "gt" => Json.Number(random.One(["1e9", "1e500"])),
        "lte" or "gte" => Respelt(value),
        "regex" => Json.String(random.One(["ab", "x", "abc", "é5", "aB"])),
        "contains" when value.Kind == "string" && random.Percent(50) => Json.String("a" + value.Text + "b"),
        "contains" => Json.Array(random.Several(1, () => Vocabulary.Scalar(random)).Append(Respelt(value))),
        _ => Missing(op, value),
    };

    /// <summary>A value of a right kind, most often another one.</summary>
    private Json Missing(string op, Json value) => NaiveGrammars.Operators.Contains(op) ? Text(op, value) : Other(op, value);

    /// <summary>What an operator of meaning reads: a text, or the words of a command.</summary>
    private Json Text(string op, Json patterns)
    {
        if (op == "argv_in")
        {
            return Json.Array(_grammars.Words().Select(Json.String).ToList());
        }

        return Json.String(_grammars.Text(op, NaiveGrammars.PatternsOf(patterns)));
    }

    private Json Other(string op, Json value) => (op is "in" or "not_in" ? value.Items[0].Kind : value.Kind) switch
    {
        "number" => Json.Number(random.One(Vocabulary.Numbers)),
        "string" => Json.String(random.One(Vocabulary.Strings)),
        "boolean" when op != "exists" => Json.Boolean(random.Percent(50)),
        "array" => Json.Array(random.Several(2, () => Vocabulary.Scalar(random))),
        "object" => Vocabulary.Object(random, 1),
        _ => Vocabulary.Value(random),
    };

    /// <summary>The value in the wrong kind, as an agent might send it to slip past a rule.</summary>
    private Json Tricked(Json value) => random.Next(5) switch
    {
        0 => Json.String(value.Text),
        1 => Json.Array(Respelt(value)),
        2 => Json.Null,
        3 => Json.Object((random.One(Vocabulary.Names), Respelt(value))),
        _ when decimal.TryParse(value.Text, System.Globalization.CultureInfo.InvariantCulture, out decimal number)
            && value.Kind == "string" =>
            Json.Number(number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        _ => Vocabulary.Value(random),
    };

    /// <summary>The same value, its numbers in another notation.</summary>
    private Json Respelt(Json value)
    {
        if (value.Kind == "number" && random.Percent(30))
        {
            return Json.Number(value.Text + (value.Text.Contains('e', StringComparison.Ordinal) ? "" : random.One(["e0", "E+0", "e-0"])));
        }

        return value.Copy();
    }

    private GeneratedCall Damaged(GeneratedCall call) => random.Next(100) switch
    {
        0 => Malformed(
            call,
            call.ArgumentsText[..^1] + random.One([",\"d\":1,\"\\u0064\":2}", ",\"d\":{\"e\":1,\"e\":1}}", ",\"s\":\"\\ud800\"}"])),
        1 => Malformed(
            call,
            random.One(["nul", "[]", "", "{}{}", "{", "5", "{'a':1}", call.ArgumentsText + ",", "[" + call.ArgumentsText + "]"])),
        2 => call with { Fault = "arguments_too_large", ArgumentsText = "{\"deep\":" + new string('[', 64) + new string(']', 64) + "}" },
        3 => call with
        {
            Fault = "context_malformed",
            Context = random.One([Json.String("null"), Json.Array(), Json.Object(("a", Json.Null), ("a", Json.Null))]),
        },
        _ => call,
    };

    /// <summary>An empty object takes no comma, so the cut member leaves <c>{,</c>: malformed all the same.</summary>
    private static GeneratedCall Malformed(GeneratedCall call, string text) =>
        call with { Fault = "arguments_malformed", ArgumentsText = text };
}
