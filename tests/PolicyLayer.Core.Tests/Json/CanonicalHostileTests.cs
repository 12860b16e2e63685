using System.Text;
using PolicyLayer.Calls;
using PolicyLayer.Json.Canonical;
using PolicyLayer.Json.Clr;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

/// <summary>Values that are deep, wide or long on purpose are written in canonical form within bounds of stack, work and memory.</summary>
public sealed class CanonicalHostileTests
{
    private const int Wide = 100_000;
    private const int SmallStack = 128 * 1024;
    private const int Tries = 4;

    [Theory]
    [InlineData("[", "]", "[", "]")]
    [InlineData("{\"\\u0061\":", "}", "{\"a\":", "}")]
    [InlineData("{\"b\":1,\"a\":", "}", "{\"a\":", ",\"b\":1}")]
    [InlineData("[2,{\"a\":", ",\"A\":3}]", "[2,{\"A\":3,\"a\":", "}]")]
    public void Deep_ones_take_no_stack(string open, string close, string writtenOpen, string writtenClose)
    {
        int times = CanonicalJson.MaxDepth / open.Count(c => c is '[' or '{');
        var value = new ScannedJson(Nest(times, open, "4", close), CanonicalJson.MaxDepth);
        string? text = null;
        var small = new Thread(() => text = CanonicalJson.Of(value.Root, foldsCase: false), SmallStack);
        small.Start();
        small.Join();

        Assert.Equal(Nest(times, writtenOpen, "4", writtenClose), text);
    }

    [Fact]
    public void Wide_ones_are_sorted_within_a_call_s_work_and_without_allocating()
    {
        int[] numbers = [.. Enumerable.Range(0, Wide)];
        new Random(1).Shuffle(numbers);
        var wide = new ScannedJson(Object(numbers, "n"));
        var buffer = new Utf8Buffer();

        Assert.Equal(Object(Enumerable.Range(0, Wide), "n"), CanonicalJson.Of(wide.Root, foldsCase: false));
        Assert.InRange(Allocated(wide.Root, buffer), 0, 1_024);
    }

    [Fact]
    public void Names_that_begin_alike_cost_little_more_than_their_bytes_each_time()
    {
        string beginning = new('x', 10_000);
        long cost = CanonicalJson.CostOf(Object(Enumerable.Range(0, 64).Reverse(), beginning));

        Assert.InRange(cost, 2L * 64 * 10_000, 3L * 64 * 10_000);
    }

    [Fact]
    public void Objects_in_objects_are_not_sorted_again_with_those_around_them()
    {
        static long CostOf(int times) =>
            CanonicalJson.CostOf(Nest(times, "{\"c\":0,\"a\":", Object(Enumerable.Range(0, 1_000), "n"), "}"));

        long first = CostOf(1);
        long step = CostOf(2) - first;

        Assert.Equal(first + (99 * step), CostOf(100));
        Assert.InRange(step, 1, 200);
    }

    [Theory]
    [InlineData("1e20", 22)]
    [InlineData("1e999999999", 12)]
    [InlineData("1e-999999999", 12)]
    [InlineData("0.1e-9999999999999999999999", 26)]
    public void A_number_s_text_doesn_t_grow_with_its_exponent(string number, int most) =>
        Assert.InRange(CanonicalJson.Of(number).Length, 1, most);

    [Fact]
    public void Long_numbers_are_written_in_time_that_their_length_bounds()
    {
        string digits = string.Concat(Enumerable.Repeat("1234567890", 10_000)) + "1";

        Assert.Equal($"{digits[0]}.{digits[1..]}e+100000", CanonicalJson.Of(digits));
        Assert.Equal($"{digits[0]}.{digits[1..]}e+100002", CanonicalJson.Of($"{digits}00"));
        Assert.InRange(CanonicalJson.CostOf(digits), digits.Length, 3 * digits.Length);
    }

    private static string Nest(int times, string open, string inner, string close) =>
        string.Concat(Enumerable.Repeat(open, times)) + inner + string.Concat(Enumerable.Repeat(close, times));

    private static string Object(IEnumerable<int> numbers, string beginning)
    {
        var text = new StringBuilder("{");
        text.AppendJoin(',', numbers.Select(n => $"\"{beginning}{n:D6}\":{n}"));
        return text.Append('}').ToString();
    }

    /// <summary>The bytes that writing allocates when warm: the least of a few tries, as the pools now and then give room back.</summary>
    private static long Allocated(JsonValue value, Utf8Buffer buffer)
    {
        long least = long.MaxValue;
        for (int i = 0; i <= Tries; i++)
        {
            buffer.Clear();
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(new CanonicalText(buffer, foldsCase: false, new WorkBudget()).TryAppendWhole(value));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
