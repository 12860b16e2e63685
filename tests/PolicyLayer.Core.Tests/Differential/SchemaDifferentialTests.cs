using FsCheck;
using FsCheck.Fluent;
using PolicyLayer.Tests.Schemas;

namespace PolicyLayer.Tests.Differential;

/// <summary>Compiled schemas on objects whose names differ by case.</summary>
public sealed class SchemaDifferentialTests
{
    private const int ValuesPerSchema = 20;

    [Fact]
    public void Compiled_schemas_accept_what_the_naive_evaluator_finds_true()
    {
        var seen = new Dictionary<Truth, int>();
        Hold(20_000, random =>
        {
            var generator = new SchemaGenerator(random);
            Json schema = generator.Schema(3);
            CompiledSchema compiled = CompiledSchema.Of(schema.ToString());
            for (int i = 0; i < ValuesPerSchema; i++)
            {
                Json value = generator.Value(3);
                Truth expected = NaiveSchema.Judge(schema, value);
                seen[expected] = seen.GetValueOrDefault(expected) + 1;
                bool accepted = compiled.Accepts(value.Write(_ => random.Percent(10), ""));
                if (accepted != (expected == Truth.True) || accepted != compiled.Failure is null)
                {
                    throw new InvalidOperationException($"{expected} {value} {schema} {compiled.Failure}");
                }
            }
        });
        Assert.All(Enum.GetValues<Truth>(), truth => Assert.True(seen[truth] > 1_000, truth + " is too rare"));
    }

    /// <summary>No naive evaluator here: the value that a server would bind is judged by the same schema, without any doubt.</summary>
    [Fact]
    public void What_is_accepted_is_accepted_however_a_server_that_sets_case_aside_reads_it()
    {
        int varied = 0;
        Hold(20_000, random =>
        {
            var generator = new SchemaGenerator(random, withNames: false);
            Json schema = generator.Schema(3);
            if (random.Percent(30) && schema["unevaluatedProperties"] is null)
            {
                schema.Members.Add(("unevaluatedProperties", Json.Boolean(false)));
                schema = random.Percent(50) ? Json.Object(("not", schema)) : schema;
            }

            CompiledSchema compiled = CompiledSchema.Of(schema.ToString());
            for (int i = 0; i < ValuesPerSchema; i++)
            {
                Json value = generator.Value(3);
                Json last = Bound(value, lastWins: true), first = Bound(value, lastWins: false);
                if (compiled.Accepts(value.ToString()) && last.ToString() != value.ToString())
                {
                    varied++;
                    if (!compiled.Accepts(last.ToString()) || !compiled.Accepts(first.ToString()))
                    {
                        throw new InvalidOperationException($"{value} {schema}");
                    }
                }
            }
        });
        Assert.True(varied > 1_000, "too few values have names in another case");
    }

    private static void Hold(int count, Action<Random> check) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => check(new Random(seed)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(GeneratedCases.Long ? count * 10 : count / 10));

    /// <summary>Each name in the one case that schemas declare here; where it stands there several times, one of the values.</summary>
    private static Json Bound(Json value, bool lastWins) => new()
    {
        Kind = value.Kind,
        Text = value.Text,
        Items = [.. value.Items.Select(item => Bound(item, lastWins))],
        Members =
        [
            .. value.Members.Select(m => (Name: m.Name.ToLowerInvariant().Replace('\u212a', 'k'), Value: Bound(m.Value, lastWins)))
                .GroupBy(m => m.Name).Select(group => lastWins ? group.Last() : group.First()),
        ],
    };
}
