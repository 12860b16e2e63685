using System.Text;
using PolicyLayer.Regexes;

namespace PolicyLayer.Tests.Regexes;

public class RegexAgreementTests
{
    private const int TextsPerPattern = 20;

    [Fact]
    public void Engine_agrees_with_a_naive_matcher_and_with_the_framework()
    {
        var pairs = RegexPairs.Count(10_000, 1_000_000);
        var judgedByFramework = 0;
        for (var seed = 0; seed < pairs / TextsPerPattern; seed++)
        {
            var generator = new RandomRegex(new Random(seed));
            var (pattern, meaning) = generator.Next();
            var compiled = RegexDialect.Compile(pattern);
            var framework = new FrameworkRegex(meaning);
            Assert.True(compiled.IsValid, $"/{pattern}/ is refused: {compiled.Error?.Message}");
            for (var i = 0; i < TextsPerPattern; i++)
            {
                var input = generator.Input(longest: i < 15 ? 7 : 30);
                var expected = meaning.IsFound(input);
                Assert.True(expected == compiled.Regex.IsMatch(TextOf(input)), Describe(seed, pattern, input, expected));
                var framed = framework.IsFound(input);
                Assert.True(framed is null || framed == expected, "The framework differs: " + Describe(seed, pattern, input, expected));
                judgedByFramework += framed is null ? 0 : 1;
            }
        }

        Assert.InRange(judgedByFramework, pairs / 2, pairs);
    }

    /// <summary>Texts that are long enough for vectors, in which a match may stand anywhere or nowhere.</summary>
    [Fact]
    public void Engine_agrees_with_the_framework_on_longer_texts()
    {
        var judged = 0;
        for (var seed = 0; seed < RegexPairs.Count(20_000, 1_000_000) / TextsPerPattern; seed++)
        {
            var random = new Random(seed);
            var generator = new RandomRegex(random);
            var (pattern, meaning) = generator.Next();
            var compiled = RegexDialect.Compile(pattern).Regex!;
            var framework = new FrameworkRegex(meaning);
            for (var i = 0; i < TextsPerPattern; i++)
            {
                var filler = RandomRegex.Alphabet[random.Next(RandomRegex.Alphabet.Length)];
                int[] input = [.. Fill(filler), .. generator.Input(longest: 20), .. Fill(filler), .. generator.Input(longest: 12)];
                if (framework.IsFound(input) is { } expected)
                {
                    Assert.True(expected == compiled.IsMatch(TextOf(input)), Describe(seed, pattern, input, expected));
                    judged++;
                }
            }

            IEnumerable<int> Fill(int filler) => Enumerable.Repeat(filler, random.Next(70));
        }

        Assert.True(judged > 5_000, $"{judged} texts");
    }

    [Fact]
    public async Task Threads_that_share_a_small_cache_agree_with_the_simulation_of_states()
    {
        const string pattern = @"\w(?:[a-c]{0,12}x){0,9}\by|(?i)k.{7}\b";
        var texts = Enumerable.Range(0, 400).Select(RandomText).ToArray();
        var plain = Compile(new RegexMemory(0, 0));
        var expected = texts.Select(text => Judge(plain, text)).ToArray();
        var memory = new RegexMemory(4_000, 6_000);
        LinearRegex[] shared = [Compile(memory), Compile(memory)];

        var threads = Enumerable.Range(0, 4).Select(thread => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(thread);
                for (var i = 0; i < RegexPairs.Count(4_000, 400_000); i++)
                {
                    var at = random.Next(texts.Length);
                    Assert.Equal(expected[at], Judge(shared[random.Next(shared.Length)], texts[at]));
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));

        await Task.WhenAll(threads);
        Assert.InRange(memory.Used, 1, 6_000);

        static LinearRegex Compile(RegexMemory memory) => RegexDialect.Compile(pattern, RegexDialect.DefaultMaxStates, memory).Regex!;

        static byte[] RandomText(int seed)
        {
            var random = new Random(seed);
            var letters = Enumerable.Range(0, random.Next(300)).Select(_ => "aabcxxyk_ é"[random.Next(11)]);
            return Encoding.UTF8.GetBytes(string.Concat(letters));
        }
    }

    private static (bool, long) Judge(LinearRegex regex, byte[] text)
    {
        var work = long.MaxValue;
        return (regex.IsMatch(text, ref work), work);
    }

    private static string TextOf(int[] input) => string.Concat(input.Select(char.ConvertFromUtf32));

    private static string Describe(int seed, string pattern, int[] input, bool expected) =>
        $"seed {seed}: /{pattern}/ on \"{TextOf(input)}\" ({string.Join(' ', input.Select(c => $"{c:X}"))}) should be {expected}";
}
