using System.Text;
using PolicyLayer.Regexes;

namespace PolicyLayer.Tests.Regexes;

/// <summary>What matching costs, in counted work and in bytes kept. The same text costs the same, whatever was read before.</summary>
public class RegexWorkTests
{
    private const int BytesPerRegex = RegexDialect.DefaultCacheBytes;

    private const long Budget = 4_194_304;

    /// <summary>Patterns and texts that took the framework's engine seconds and gigabytes.</summary>
    public static TheoryData<string, string> Hostile() => new()
    {
        { "(?:[a-z]{0,30}x){0,33}y", RandomText("abx", 300) },
        { "(?:[a-z]{0,30}x){0,33}y", RandomText("abx", 10_000) },
        { @"^(?:/[^ ]{0,60}){1,15}\.sh$", RandomText("ab/", 200) + ".sh" },
        { @"^(?:/[^ ]{0,60}){1,15}\.sh$", "/" + RandomText("ab/", 196) + ".sh" },
        { @"^(?:/[^ ]{0,60}){1,15}\.sh", RandomText("/a", 200_000) },
        { "^(?:.{1,50},){1,20}end$", new string(',', 400) },
        { "^(?:.{1,50},){1,20}end$", new string(',', 400) + "end" },
        { @"^(?:[\w.-]{1,63}\.){1,15}[a-z]{2,10}$", Repeat("a.", 200) },
        { @"^(?:[\w.-]{1,63}\.){1,15}[a-z]{2,10}$", Repeat("a.", 200) + "com" },
        { "a.{999}b", Repeat("ac", 100_000) },
        { "(a+)+$", new string('a', 200_000) + "!" },
        { "(x+x+)+y", new string('x', 200_000) },
        { "(?:a?){1000}a{0}b", new string('a', 100_000) },
        { "(.*)(.*)(.*)(.*)x", RandomText("ab\n", 200_000) },
        { @"(?:\p{L}{0,100}\P{L}){0,9}z", RandomText("é漢 1", 100_000) },
        { "(?m)^(?:[a-z]{0,30}x){0,33}y", RandomText("abx\n", 100_000) },
        { "(?m)^(?:[ab]{0,9}x){2,9}z", RandomText("abc\n", 2_000) + "\nabxaxz" },
        { @"\b(?:\b(?:a|b)\b|\B){0,300}z", RandomText("ab ", 100_000) },
        { "(?:[a-f]{0,9}[b-g]{0,9}[c-h]{0,9}){0,60}z", RandomText("abcdefgh", 10_000) },
        { "(?:(?:a|b|c|d|e){0,3}(?:f|g|a|b){0,3}){0,50}z", RandomText("abcdefg", 10_000) },
        { "^.{0,900}.{0,900}$", new string('x', 2_900) },
        { "[a-z](?:[a-z]{0,30}x){0,33}[yw]", RandomText("abx", 300) },
        { "[a-z](?:[a-z]{0,30}x){0,33}[yw]", RandomText("abx", 10_000) },
        { "a.{999}[bd]", Repeat("ac", 100_000) },
        { "[ab](a+)+$", new string('a', 200_000) + "!" },
        { "[wx](x+x+)+[yz]", new string('x', 200_000) },
        { "[ab](?:a?){1000}a{0}[bc]", new string('a', 100_000) },
        { "[ab](.*)(.*)(.*)(.*)[xy]", RandomText("ab\n", 200_000) },
        { @"\P{L}(?:\p{L}{0,100}\P{L}){0,9}[yz]", RandomText("é漢 1", 100_000) },
        { "(?m)^(?:[a-z]{0,28}x){0,33}[yw]", RandomText("abx\n", 100_000) },
        { @"\b(?:\b(?:a|b)\b|\B){0,300}[yz]", RandomText("ab ", 100_000) },
        { "[a-h](?:[a-f]{0,9}[b-g]{0,9}[c-h]{0,9}){0,60}[yz]", RandomText("abcdefgh", 10_000) },
        { "[a-h](?:(?:a|b|c|d|e){0,3}(?:f|g|a|b){0,3}){0,50}[yz]", RandomText("abcdefg", 10_000) },
        { "a.{600}.{500}b", new string('a', 600) + new string('c', 1_300) + new string('a', 1_200) },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void No_text_costs_more_than_its_budget_or_keeps_more_than_its_bound(string pattern, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var memory = new RegexMemory(BytesPerRegex, BytesPerRegex);
        var regex = RegexDialect.Compile(pattern, RegexDialect.DefaultMaxStates, memory).Regex!;

        for (var i = 0; i < 2; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var work = Budget;
            regex.IsMatch(utf8, ref work);

            Assert.InRange(memory.Used, 0, BytesPerRegex);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * BytesPerRegex);
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_text_costs_the_same_with_no_memory_as_with_plenty(string pattern, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text.Length > 3_000 ? text[..3_000] : text);

        var expected = Judge(pattern, utf8, 0, 1);

        Assert.All(
            [1, 1_000, 2_000, 4_000, 16_000, BytesPerRegex, 16 * 1024 * 1024],
            bytes => Assert.Equal(expected, Judge(pattern, utf8, bytes, 3)));
    }

    [Fact]
    public void Random_texts_cost_the_same_with_no_memory_as_with_plenty()
    {
        for (var seed = 0; seed < RegexPairs.Count(10_000, 200_000) / 40; seed++)
        {
            var generator = new RandomRegex(new Random(seed));
            var (pattern, meaning) = generator.Next();
            var none = Compile(pattern, 0);
            var little = Compile(pattern, 1_500);
            var plenty = Compile(pattern, BytesPerRegex);
            for (var i = 0; i < 40; i++)
            {
                var input = generator.Input(40);
                var utf8 = Encoding.UTF8.GetBytes(string.Concat(input.Select(char.ConvertFromUtf32)));
                var expected = (meaning.IsFound(input), Cost(none, utf8));
                Assert.True(expected == (plenty.IsMatch(utf8), Cost(plenty, utf8)), $"seed {seed}, /{pattern}/, text {i}, with plenty");
                Assert.True(expected == (little.IsMatch(utf8), Cost(little, utf8)), $"seed {seed}, /{pattern}/, text {i}, with little");
            }
        }
    }

    /// <summary>
    /// At each size of the memory it ends elsewhere, at the start of a text and behind a newline too, where a search may begin.
    /// </summary>
    [Theory]
    [InlineData(@"(?m)b+(?:[^a]\w*^)*a?b{2,4}|a{2,3}\w?\b|(?:b*b[aa]+\Bb{2,4}){1,3}a{2,3}b$", "a\na")]
    [InlineData(@"(?m)^zq|qz\b", "x\nzx\nqx\nzz")]
    [InlineData(@"a\w{0,2}[^f]{1,3}^f{0,2}|g?d+f(?:[hc]\w{0,3}|[hf]?)*\b|[gh]{1,4}\we{0,3}$", "dhcgfgebgabecchfhcceebbcfbgfaacgbce")]
    public void A_text_costs_the_same_wherever_the_memory_ends(string pattern, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var expected = Judge(pattern, utf8, 0, 1);
        Assert.All(Enumerable.Range(0, 400), i => Assert.Equal(expected, Judge(pattern, utf8, 20 * i, 2)));
    }

    /// <summary>Runs are skipped by a search for what ends them, which knows more each time.</summary>
    [Fact]
    public void Long_runs_cost_the_same_with_no_memory_as_with_plenty()
    {
        for (var seed = 0; seed < RegexPairs.Count(2_000, 20_000) / 10; seed++)
        {
            var random = new Random(seed);
            var generator = new RandomRegex(random);
            var (pattern, _) = generator.Next();
            var none = Compile(pattern, 0);
            var plenty = Compile(pattern, BytesPerRegex);
            for (var i = 0; i < 10; i++)
            {
                var runs = generator.Input(8).Select(char.ConvertFromUtf32).Select(character => Repeat(character, random.Next(1, 80)));
                var utf8 = Encoding.UTF8.GetBytes(string.Concat(runs) + string.Concat(generator.Input(4).Select(char.ConvertFromUtf32)));
                var expected = (none.IsMatch(utf8), Cost(none, utf8));
                Assert.True(expected == (plenty.IsMatch(utf8), Cost(plenty, utf8)), $"seed {seed}, /{pattern}/, text {i}");
            }
        }
    }

    [Theory]
    [InlineData("a.{12}[bd]", "acacacaccccc", 16 + 1 + 2 + 2 + 3 + 3 + 4 + 4 + (5 * 5) + 5)]
    [InlineData("a.{3}b", "acacacac", 1 + 8)]
    [InlineData("a.{3}[bd]", "acacacac", 16 + 8 + 1)]
    [InlineData("a.{3}[bd]", "acccacbc", 16 + 8 + 1)]
    [InlineData("a.{3}[bd]", "xacacbac", 16 + 1 + 1 + 2 + 2 + 3 + 3)]
    [InlineData("^abc", "abcdef", 1)]
    [InlineData("abc", "xxabc", 1 + 5)]
    [InlineData("a[0-9]", "xxxxxa1", 16 + 5 + 1 + 2)]
    [InlineData("[éй][ar][ar]", "èèè", (3 * 16) + 6 + 1)]
    [InlineData(".sh$", "a.txt", 1)]
    [InlineData("[0-9]*#", "123", 1 + 3)]
    [InlineData("[ab]*select", "abababsel", 1 + 9)]
    [InlineData("^[0-9]*#", "a#", 2)]
    [InlineData("(?:a|b)*", "abab", 1)]
    [InlineData("", "abab", 1)]
    [InlineData("[q-s](?:[ab]{0,9}[bc]{0,9}){0,30}[yz]", "q", 1 + 62 + (4 * 58))]
    [InlineData("[q-s](?:[ab]{0,9}[bc]{0,9}){0,30}[yz]", "qx", 1 + 62 + (4 * 58) + 1)]
    [InlineData("(?:[ab]{0,9}[bc]{0,9}){0,30}z", "qq", 1 + 2)]
    [InlineData(".*(?:foo|b*a+)bar[^x]*", "some foobar", 16 + 5 + 2 + (3 * 4) + 4)]
    [InlineData("(?:[a-z]+-)+x{2,}", "aa-a-x", 16 + 1 + 6)]
    public void The_work_is_the_active_states_at_each_byte(string pattern, string text, long cost) =>
        Assert.Equal(cost, Cost(RegexDialect.Compile(pattern).Regex!, Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_budget_is_exceeded_by_one_step_and_met_exactly()
    {
        foreach (var bytes in new[] { 0, BytesPerRegex })
        {
            var utf8 = Encoding.UTF8.GetBytes(RandomText("ab", 2_000) + "c");
            var regex = Compile("a.{9}b.*c", bytes);
            var cost = Cost(regex, utf8);

            long enough = cost;
            Assert.True(regex.IsMatch(utf8, ref enough));
            Assert.Equal(0, enough);

            long tooLittle = cost - 1;
            Assert.False(regex.IsMatch(utf8, ref tooLittle));
            Assert.True(tooLittle < 0);
        }
    }

    [Fact]
    public void Threads_that_are_first_to_read_a_text_get_one_answer_and_take_memory_once()
    {
        for (var i = 0; i < 50; i++)
        {
            var memory = new RegexMemory(BytesPerRegex, BytesPerRegex);
            var regex = RegexDialect.Compile("[ab]{3}c", RegexDialect.DefaultMaxStates, memory).Regex!;
            Assert.Equal(0, memory.Used);
            Assert.All(Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).Select(_ => Cost(regex, "xxabac"u8.ToArray())),
                cost => Assert.Equal(16 + 2 + 1 + 2 + 3 + 4, cost));
            var used = memory.Used;
            regex.IsMatch("xxabac"u8);
            Assert.Equal(used, memory.Used);
        }
    }

    /// <summary>Matches of a few bytes at the end of the text, of patterns of which very many states can come second.</summary>
    [Theory]
    [InlineData("x(?:[ab]?){64}[cd]", "xc")]
    [InlineData("x(?:[ab]?){70}[cd]", "hello xc")]
    [InlineData("~(?:[a-z]?[0-9]?){40}\\.", "rm ~.")]
    [InlineData("x(?:[é界]?){70}c", "xc")]
    [InlineData("(?:[ab]?){70}[cd]", "c")]
    [InlineData("é(?:[ab]?){70}[cd]", "éd")]
    public void The_shortest_match_at_the_end_is_found(string pattern, string text)
    {
        Assert.True(Compile(pattern, 0).IsMatch(text));
        Assert.True(Compile(pattern, 64 * 1024).IsMatch(text));
    }

    /// <summary>Six large patterns by turns, more than a thread remembers: following their links each time would take 300 MB.</summary>
    [Fact]
    public void Links_are_collected_only_after_as_much_work_without_them()
    {
        var regexes = Enumerable.Range(0, 6).Select(i => Compile($"[a-z](?:[a-z]{{0,30}}x){{0,{28 + i}}}[yw]", 0)).ToArray();
        var text = RandomText("abx", 20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 6_000; i++)
        {
            Assert.False(regexes[i % regexes.Length].IsMatch(text));
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 50_000_000, $"{allocated} bytes");
    }

    [Fact]
    public void What_a_large_pattern_made_a_thread_keep_is_given_back()
    {
        LinearRegex.TrimThread(spent: long.MaxValue);
        var kept = RecentBitStates.OfThread;
        Compile("a.{99}b", 0).IsMatch(RandomText("ac", 200));
        LinearRegex.TrimThread(spent: long.MaxValue);
        Assert.Same(kept, RecentBitStates.OfThread);

        Compile("[a-z](?:[a-z]{0,30}x){0,33}[yw]", 0).IsMatch(RandomText("abx", 20_000));
        Assert.Same(kept, RecentBitStates.OfThread);
        LinearRegex.TrimThread(spent: long.MaxValue);
        Assert.NotSame(kept, RecentBitStates.OfThread);
    }

    private static (bool, long) Judge(string pattern, byte[] utf8, int bytesPerRegex, int times)
    {
        var regex = Compile(pattern, bytesPerRegex);
        (bool, long) judged = default;
        for (var i = 0; i < times; i++)
        {
            var work = long.MaxValue;
            judged = (regex.IsMatch(utf8, ref work), long.MaxValue - work);
        }

        return judged;
    }

    private static LinearRegex Compile(string pattern, int bytesPerRegex) =>
        RegexDialect.Compile(pattern, RegexDialect.DefaultMaxStates, new RegexMemory(bytesPerRegex, 16 * 1024 * 1024)).Regex!;

    private static long Cost(LinearRegex regex, byte[] utf8)
    {
        var work = long.MaxValue;
        regex.IsMatch(utf8, ref work);
        return long.MaxValue - work;
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string RandomText(string alphabet, int length)
    {
        var random = new Random(length);
        return string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)]));
    }
}
