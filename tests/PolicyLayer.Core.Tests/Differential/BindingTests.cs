using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PolicyLayer.Tests.Approvals;

namespace PolicyLayer.Tests.Differential;

/// <summary>
/// Two calls have one binding exactly when server, grant, session, tool, arguments, facts that were read, revision and the rules that ask
/// are the same: however they are written, and by the naive evaluator's reading of both.
/// </summary>
public sealed class BindingTests
{
    private static readonly string[] Policies =
    [
        Document("""
            "*":{"approve_if":[{"conditions":[]},{"conditions":[{"path":"context.a[*]","op":"exists","value":false}]},
            {"conditions":[{"path":"args.n","op":"eq","value":1}]}],
            "limits":[{"counter":"c","window":"hour","max":9,"per":"context.b.x"}]}
            """),
        Document("""
            "*":{"action":"require_approval","approve_if":[{"conditions":[{"path":"args.n","op":"gt","value_from":"context.k"}]}],
            "after":[{"tool":"z","within":"hour","scope":"grant","same":"context[\"x y\"][1]"}]}
            """),
        Document("\"*\":{\"action\":\"require_approval\"}"),
        Document("\"*\":{\"action\":\"require_approval\", \"description\":\"the same in other words\"}"),
    ];

    /// <summary>The facts that each of the policies reads.</summary>
    private static readonly string[][] Facts = [["context.a", "context.b.x"], ["context.k", "context[\"x y\"][1]"], [], []];

    private static readonly string?[] Names = [null, "s", "S", "s\u0000", "é", "e\u0301", "\",\"", "null"];

    /// <summary>Arguments as they may be written, and whether they are the same.</summary>
    public static TheoryData<string, string, bool> Arguments => new()
    {
        { """{"a":1,"b":[true,null]}""", """ { "b" : [ true , null ] , "a" : 1 } """, true },
        { """{"a":1}""", """{"\u0061":1}""", true },
        { """{"a":"é/"}""", """{"a":"\u00e9\/"}""", true },
        { """{"a":"😀"}""", """{"a":"\ud83d\ude00"}""", true },
        { """{"a":{"x":1,"y":2}}""", """{"a":{"y":2,"x":1}}""", true },
        { """{"a":1}""", """{"a":1.0}""", true },
        { """{"a":100}""", """{"a":1e2}""", true },
        { """{"a":0}""", """{"a":-0}""", true },
        { """{"a":0}""", """{"a":0e9}""", true },
        { """{"a":9007199254740993}""", """{"a":9007199254740993.0}""", true },
        { """{"a":1e400}""", """{"a":10e399}""", true },
        { "{}", "", true },
        { "{}", "null", true },
        { """{"a":9007199254740993}""", """{"a":9007199254740992}""", false },
        { """{"a":9007199254740993}""", """{"a":9007199254740994}""", false },
        { """{"a":0.1}""", """{"a":0.1000000000000000055511151231257827}""", false },
        { """{"a":1e400}""", """{"a":1e401}""", false },
        { """{"a":1e-400}""", """{"a":0}""", false },
        { """{"a":1e-400}""", """{"a":-1e-400}""", false },
        { """{"a":1}""", """{"A":1}""", false },
        { """{"a":"x"}""", """{"a":"X"}""", false },
        { """{"a":1}""", """{"a":"1"}""", false },
        { """{"a":true}""", """{"a":"true"}""", false },
        { """{"a":null}""", "{}", false },
        { """{"a":null}""", """{"a":"null"}""", false },
        { """{"a":[]}""", """{"a":{}}""", false },
        { """{"a":[1,2]}""", """{"a":[2,1]}""", false },
        { """{"a":[1,[2]]}""", """{"a":[[1],2]}""", false },
        { """{"a":"é"}""", """{"a":"e\u0301"}""", false },
        { """{"a":""}""", """{"a":" "}""", false },
        { """{"a":{"b":1}}""", """{"a":{},"b":1}""", false },
        { """{"a":"\u0000"}""", """{"a":"\\u0000"}""", false },
        { """{"K":1}""", """{"\u212a":1}""", false },
    };

    [Theory]
    [MemberData(nameof(Arguments))]
    public void Arguments_are_bound_by_what_they_are_not_how_they_are_written(string one, string other, bool areSame)
    {
        Policy policy = Policy.Parse(Policies[2]);
        string Binding(string arguments) =>
            ApprovalNeeds.Of(policy, new ToolCall("t", ToolArguments.FromJson(arguments)) { GrantId = "g" })!.Binding;
        Assert.Equal(areSame, Binding(one.Length == 0 ? "{}" : one) == Binding(other.Length == 0 ? "{}" : other));
    }

    [Fact]
    public void Bindings_are_equal_exactly_when_all_that_is_bound_is()
    {

        int same = 0;
        int different = 0;
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            Bound one = Bound.Next(random);
            Bound other = one;
            for (int i = random.Next(3); i > 0; i--)
            {
                other = other.Changed(random);
            }

            bool areSame = one.Key() == other.Key();
            if (one.Binding(random) is not { } binding)
            {
                return !areSame || other.Binding(random) is null;
            }

            _ = areSame ? same++ : different++;
            return areSame == (binding == other.Binding(random))
                ? true
                : throw new InvalidOperationException($"same: {areSame}\n{one}\n{other}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedCases.Long ? 100_000 : 1_000));
        Assert.True(same > 100 && different > 100, $"{same} {different}");
    }

    private static string Document(string tools) => $$"""{"version":"1","default":"deny","tools":{ {{tools}} } }""";

    /// <summary>One call, and what judges it.</summary>
    private sealed record Bound(int Policy, string Tool, string Grant, string? Server, string? Session, Json Arguments, Json Context)
    {
        private static readonly Policy[] Compiled = [.. Policies.Select(PolicyLayer.Policy.Parse)];

        public static Bound Next(Random random) => new(
            random.Next(Policies.Length), "t", "g", random.One(Names), random.One(Names), Object(random), Object(random));

        /// <summary>The same, but for one of its parts, which may happen to be as it was.</summary>
        public Bound Changed(Random random) => random.Next(9) switch
        {
            0 => this with { Policy = random.Next(Policies.Length) },
            1 => this with { Tool = random.One(["t", "T", "t\",\"g", "tt"]) },
            2 => this with { Grant = random.One(["g", "G", "g\",null"]) },
            3 => this with { Server = random.One(Names) },
            4 => this with { Session = random.One([.. Names, ""]) },
            5 or 6 => this with { Arguments = Edited(Arguments, random) },
            _ => this with { Context = Edited(Context, random) },
        };

        /// <summary>The binding of the call as it is written this time; null where an order denies it before.</summary>
        public string? Binding(Random random) => ApprovalNeeds.Of(Compiled[Policy], new ToolCall(Tool, Written(Arguments, random))
        {
            GrantId = Grant,
            Server = Server,
            SessionId = Session,
            Context = Written(Context, random),
        })?.Binding;

        /// <summary>The same for two calls of which all that is bound is the same.</summary>
        public string Key()
        {
            Json Root(string name) => name == "context" ? Context : Arguments;
            string[] facts =
            [
                .. Facts[Policy].Select(path => NaiveCondition.Resolve(path, Root).Single() switch
                {
                    { IsUnjudgeable: true } => "all of " + NaiveExact.Of(Context),
                    { Value: { } value } => "value " + NaiveExact.Of(value),
                    _ => "missing",
                }),
            ];
            Json entry = Json.Parse(Encoding.UTF8.GetBytes(Policies[Policy]))["tools"]!["*"]!;
            string?[] parts =
            [
                Policies[Policy], Tool, Grant, Server, Session is "" ? null : Session, NaiveExact.Of(Arguments), .. facts,
                NaiveEvaluator.Asking(entry, "", Root),
            ];
            return string.Concat(parts.Select(part => part is null ? "-" : $"{part.Length} {part}"));
        }

        private static Json Object(Random random) => Json.Object(Vocabulary.Object(random, 2).Members
            .Concat(random.Percent(60) ? [(random.One(["n", "k", "a", "b", "N"]), Vocabulary.Value(random, 2))] : [])
            .DistinctBy(member => member.Item1));

        private static ToolArguments Written(Json value, Random random)
        {
            (string, Json)[] members = [.. value.Members];
            random.Shuffle(members);
            Json respelt = Respelt(Json.Object(members), random);
            return ToolArguments.FromJson(respelt.Write(_ => random.Percent(20), random.One(["", " ", "\n\t"])));
        }

        private static Json Respelt(Json value, Random random) => value.Kind switch
        {
            "number" when !value.Text.Contains('e', StringComparison.Ordinal) => Json.Number(value.Text + random.One(["", "e0", "E+0"])),
            "array" => Json.Array(value.Items.Select(item => Respelt(item, random)).ToList()),
            "object" => Json.Object(value.Members.Select(member => (member.Name, Respelt(member.Value, random))).ToList()),
            _ => value,
        };

        private static Json Edited(Json value, Random random)
        {
            if (value.Members.Count == 0 || random.Percent(30))
            {
                return Object(random);
            }

            int at = random.Next(value.Members.Count);
            (string name, Json member) = value.Members[at];
            IEnumerable<(string, Json)> others = value.Members.Where((_, index) => index != at);
            return random.Next(4) switch
            {
                0 => Json.Object(others.ToList()),
                1 => Json.Object(others.Append((Vocabulary.Recased(name, random), member)).DistinctBy(each => each.Item1).ToList()),
                2 => Json.Object(others.Append((name, Json.String(member.Text))).ToList()),
                _ => Json.Object(others.Append((name, Vocabulary.Value(random, 2))).ToList()),
            };
        }
    }
}
