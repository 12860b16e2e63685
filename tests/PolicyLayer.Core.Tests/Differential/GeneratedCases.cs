using FsCheck;
using FsCheck.Fluent;

namespace PolicyLayer.Tests.Differential;

/// <summary>FsCheck chooses the seed and makes a failing case small; the generators draw everything else from the seed.</summary>
internal static class GeneratedCases
{
    public static bool Long => Environment.GetEnvironmentVariable("POLICYLAYER_LONG_TESTS") == "1";

    public static Arbitrary<GeneratedCase> Of(int calls) =>
        Arb.From(Gen.Choose(0, int.MaxValue - 1).Select(seed => FromSeed(seed, calls)), Smaller);

    public static void Hold(Arbitrary<GeneratedCase> cases, int count, Func<GeneratedCase, bool> property) =>
        Prop.ForAll(cases, property).Check(Config.QuickThrowOnFailure.WithMaxTest(Long ? count * 10 : count));

    public static GeneratedCase FromSeed(int seed, int calls)
    {
        var random = new Random(seed);
        var generator = new PolicyGenerator(random);
        Json policy = generator.Next();
        var callGenerator = new CallGenerator(random, generator);
        var made = new List<GeneratedCall>();
        while (made.Count < calls)
        {
            bool isAgain = random.Percent(generator.Same.Count > 0 ? 60 : 35);
            GeneratedCall? before = isAgain ? made.TakeLast(8).Where(call => call.Fault is null).LastOrDefault() : null;
            made.Add(before is null ? callGenerator.Next() : callGenerator.Again(before));
        }

        return new GeneratedCase(policy, made);
    }

    /// <summary>Fewer calls, and policies with one node less that still load.</summary>
    private static IEnumerable<GeneratedCase> Smaller(GeneratedCase generated)
    {
        for (int size = generated.Calls.Count / 2; size > 0; size /= 2)
        {
            for (int start = 0; start < generated.Calls.Count; start += size)
            {
                yield return generated with { Calls = [.. generated.Calls.Take(start), .. generated.Calls.Skip(start + size)] };
            }
        }

        foreach (Json policy in WithoutOne(generated.Policy))
        {
            GeneratedCase smaller = generated with { Policy = policy };
            if (Policy.Load(smaller.Document).IsValid)
            {
                yield return smaller;
            }
        }
    }

    private static IEnumerable<Json> WithoutOne(Json value)
    {
        for (int i = 0; i < value.Items.Count; i++)
        {
            int at = i;
            yield return Json.Array(value.Items.Where((_, index) => index != at));
            foreach (Json smaller in WithoutOne(value.Items[i]))
            {
                yield return Json.Array(value.Items.Select((item, index) => index == at ? smaller : item));
            }
        }

        foreach ((string name, Json member) in value.Members)
        {
            yield return Json.Object(value.Members.Where(m => m.Name != name));
            foreach (Json smaller in WithoutOne(member))
            {
                yield return Json.Object(value.Members.Select(m => m.Name == name ? (name, smaller) : m));
            }
        }
    }
}
