using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PolicyLayer.Regexes;

namespace PolicyLayer.Tests.Regexes;

/// <summary>
/// The dialect means what ECMAScript means by the same pattern under <c>u</c>, as far as that can say it (see <see cref="RandomRegex"/>).
/// Pairs come from a seed; what Node's RegExp answered is committed as the SHA-256 of the answers, one <c>0</c> or <c>1</c> a pair.
/// </summary>
public class EcmaScriptTests
{
    private const int Seed = 20_100;
    private const int TextsPerPattern = 10;

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [Fact]
    public void Answers_are_those_that_Node_gave()
    {
        var answers = Answers(Pairs());

        Assert.True(Committed(answers.Length) == Hash(answers), $"{answers.Length} answers have the hash {Hash(answers)}.");
    }

    [NodeFact]
    public async Task Node_still_gives_those_answers()
    {
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Regexes", "ecmascript.js")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var output = node.StandardOutput.ReadToEndAsync();
        var pairs = Pairs();
        foreach (var pair in pairs)
        {
            await node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { pair.Script, pair.Flags, pair.Texts }, Web));
        }

        node.StandardInput.Close();
        await node.WaitForExitAsync();

        Assert.Equal(0, node.ExitCode);
        var nodes = await output;
        var ours = Answers(pairs);
        var differing = Enumerable.Range(0, ours.Length).Where(i => ours[i] != nodes[i]);
        Assert.Empty(differing.Select(i => $"Node says {nodes[i]}: {Describe(pairs, i)}"));
        Assert.Equal(Committed(nodes.Length), Hash(nodes));
    }

    private static string Answers(List<Pair> pairs)
    {
        var answers = new StringBuilder();
        foreach (var pair in pairs)
        {
            var regex = RegexDialect.Compile(pair.Pattern).Regex!;
            foreach (var text in pair.Texts)
            {
                answers.Append(regex.IsMatch(text) ? '1' : '0');
            }
        }

        return answers.ToString();
    }

    private static string Describe(List<Pair> pairs, int answer)
    {
        var pair = pairs[answer / TextsPerPattern];
        return $"/{pair.Pattern}/, there /{pair.Script}/{pair.Flags}, on {JsonSerializer.Serialize(pair.Texts[answer % TextsPerPattern])}";
    }

    private static List<Pair> Pairs()
    {
        var random = new Random(Seed);
        var generator = new RandomRegex(random, isForEcmaScript: true);
        var pairs = new List<Pair>();
        for (var i = 0; i < RegexPairs.Count(1_000, 100_000) / TextsPerPattern; i++)
        {
            var pattern = generator.Next().Pattern;
            var texts = Enumerable.Range(0, TextsPerPattern).Select(_ => string.Concat(generator.Input(10).Select(char.ConvertFromUtf32)));
            pairs.Add(new Pair(pattern, generator.Script, generator.ScriptFlags, [.. texts]));
        }

        return pairs;
    }

    private static string Committed(int pairs)
    {
        var file = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Regexes", "ecmascript.json"));
        var all = JsonSerializer.Deserialize<CommittedAnswers[]>(file, Web)!;
        return all.Single(answers => answers.Seed == Seed && answers.Pairs == pairs).Sha256;
    }

    private static string Hash(string answers) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(answers)));

    private sealed record Pair(string Pattern, string Script, string Flags, string[] Texts);

    private sealed record CommittedAnswers(int Seed, int Pairs, string Sha256);
}
