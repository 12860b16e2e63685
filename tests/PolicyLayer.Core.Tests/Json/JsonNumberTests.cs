using System.Globalization;
using System.Numerics;
using System.Text;
using FsCheck.Xunit;
using PolicyLayer.Calls;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

public class JsonNumberTests
{
    [Property(Arbitrary = [typeof(NaiveNumber)], MaxTest = 4000)]
    public void Orders_as_the_exact_values_do(NaiveNumber a, NaiveNumber b)
    {
        Assert.Equal(a.Value.CompareTo(b.Value), Math.Sign(JsonNumber.Compare(Read(a.Text), Read(b.Text))));
        Assert.Equal(a.Value == b.Value, Hash(a.Text) == Hash(b.Text));
    }

    [Property(Arbitrary = [typeof(NaiveNumber)], MaxTest = 2000)]
    public void Other_notations_of_a_number_equal_it(NaiveNumber number)
    {
        string exact = number.Value.ToString(CultureInfo.InvariantCulture) + $"e-{NaiveNumber.Scale}";
        Assert.Equal(0, JsonNumber.Compare(Read(number.Text), Read(exact)));
        Assert.Equal(Hash(exact), Hash(number.Text));
    }

    [Property(Arbitrary = [typeof(NaiveNumber)], MaxTest = 4000)]
    public void Judges_by_both_readings(NaiveNumber a, NaiveNumber b)
    {
        double nearA = double.Parse(a.Text, CultureInfo.InvariantCulture);
        double nearB = double.Parse(b.Text, CultureInfo.InvariantCulture);
        Assert.Equal(nearA, Read(a.Text).ToNearestDouble());
        AssertJudged(NumericOperator.Equal, a.Value == b.Value, nearA == nearB);
        AssertJudged(NumericOperator.Less, a.Value < b.Value, nearA < nearB);
        AssertJudged(NumericOperator.LessOrEqual, a.Value <= b.Value, nearA <= nearB);
        AssertJudged(NumericOperator.Greater, a.Value > b.Value, nearA > nearB);
        AssertJudged(NumericOperator.GreaterOrEqual, a.Value >= b.Value, nearA >= nearB);

        void AssertJudged(NumericOperator comparison, bool exact, bool near) =>
            Assert.Equal(
                exact != near ? Judgement.Unjudgeable : exact ? Judgement.True : Judgement.False,
                JsonNumberComparison.Judge(comparison, Read(a.Text), Read(b.Text), new WorkBudget()));
    }

    [Property(Arbitrary = [typeof(NaiveNumber)], MaxTest = 4000)]
    public void Knows_whole_numbers_multiples_and_millionths(NaiveNumber a, NaiveNumber b)
    {
        BigInteger one = BigInteger.Pow(10, NaiveNumber.Scale);
        BigInteger millionth = BigInteger.Pow(10, NaiveNumber.Scale - 6);
        Assert.Equal((a.Value % one).IsZero, Read(a.Text).IsInteger);
        Assert.Equal(!b.Value.IsZero && (a.Value % b.Value).IsZero, Read(a.Text).IsMultipleOf(Read(b.Text)));

        bool expected = a.Value.Sign >= 0 && a.Value <= 9_007_199_254 * one;
        Assert.Equal(expected, Read(a.Text).TryGetMillionths(out long millionths));
        if (expected)
        {
            Assert.Equal((a.Value + millionth - 1) / millionth, millionths);
        }
    }

    [Theory]
    [InlineData("1", "1.0", 0)]
    [InlineData("0", "-0.0e99999999999999999999", 0)]
    [InlineData("1e400", "1e399", 1)]
    [InlineData("1e99999999999999999999", "1e99999999999999999998", 1)]
    [InlineData("-1e99999999999999999999", "-1e99999999999999999998", -1)]
    [InlineData("1e-99999999999999999999", "1e-99999999999999999998", -1)]
    [InlineData("1e99999999999999999999", "10e99999999999999999998", 0)]
    [InlineData("0.1e100000000000000000000", "1e99999999999999999999", 0)]
    [InlineData("100e999999999999999998", "1e1000000000000000000", 0)]
    [InlineData("0.001e1000000000000000000", "1e999999999999999997", 0)]
    [InlineData("0.001e-1000000000000000000", "1e-1000000000000000003", 0)]
    [InlineData("1000e-1000000000000000000", "1e-999999999999999997", 0)]
    [InlineData("100000e-1000000000000000000000000000002", "1e-999999999999999999999999999997", 0)]
    [InlineData("1e000000000000000000000000000005", "100000", 0)]
    [InlineData("1e99999999999999999999", "9", 1)]
    [InlineData("1e-99999999999999999999", "1e5", -1)]
    [InlineData("1e-99999999999999999999", "0", 1)]
    [InlineData("1e-99999999999999999999", "1e99999999999999999999", -1)]
    [InlineData("12345678901234567890.1", "12345678901234567890.01", 1)]
    [InlineData("12345678901234567890", "12345678901234567890.0", 0)]
    [InlineData("123456789012345678901", "123456789012345678902", -1)]
    [InlineData("9999999999999999999", "9999999999999999998", 1)]
    public void Compares_exactly_whatever_the_size(string a, string b, int order)
    {
        Assert.Equal(order, Math.Sign(JsonNumber.Compare(Read(a), Read(b))));
        Assert.Equal(-order, Math.Sign(JsonNumber.Compare(Read(b), Read(a))));
        Assert.Equal(order == 0, Hash(a) == Hash(b));
    }

    [Theory]
    [InlineData("100.00000000000000001", "100", Judgement.Unjudgeable, Judgement.Unjudgeable)]
    [InlineData("1e400", "1e399", Judgement.Unjudgeable, Judgement.Unjudgeable)]
    [InlineData("1e400", "1e308", Judgement.True, Judgement.False)]
    [InlineData("1e400", "10e399", Judgement.False, Judgement.True)]
    [InlineData("9007199254740993", "9007199254740992", Judgement.Unjudgeable, Judgement.Unjudgeable)]
    [InlineData("1e-400", "0", Judgement.Unjudgeable, Judgement.Unjudgeable)]
    [InlineData("100.000000000001", "100", Judgement.True, Judgement.False)]
    public void Readings_that_disagree_are_unjudgeable(string a, string b, object greater, object equal)
    {
        Assert.Equal(greater, JsonNumberComparison.Judge(NumericOperator.Greater, Read(a), Read(b), new WorkBudget()));
        Assert.Equal(equal, JsonNumberComparison.Judge(NumericOperator.Equal, Read(a), Read(b), new WorkBudget()));
    }

    [Fact]
    public void The_nearest_double_heeds_every_digit_and_any_exponent()
    {
        string zeros = new('0', 5000);
        Assert.Equal(1.0, Read($"0.{zeros}1e5001").ToNearestDouble());
        Assert.Equal(1.0, Read($"1{zeros}e-5000").ToNearestDouble());
        Assert.Equal(9007199254740992, Read($"9007199254740993.{zeros}").ToNearestDouble());
        Assert.Equal(9007199254740994, Read($"9007199254740993.{zeros}1").ToNearestDouble());
        Assert.Equal(double.Epsilon, Read("5e-324").ToNearestDouble());
        Assert.Equal(0, Read("1e-99999999999999999999").ToNearestDouble());
        Assert.Equal(double.NegativeInfinity, Read("-1e99999999999999999999").ToNearestDouble());
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-0.0", 0L)]
    [InlineData("1.5", 1_500_000L)]
    [InlineData("0.0000001", 1L)]
    [InlineData("1e-999999", 1L)]
    [InlineData("1e-99999999999999999999", 1L)]
    [InlineData("0.1234560000000000000000000000001", 123_457L)]
    [InlineData("9007199254", 9_007_199_254_000_000L)]
    [InlineData("9007199253.99999999999999999999999", 9_007_199_254_000_000L)]
    [InlineData("9007199254.0000000000000000000000001", null)]
    [InlineData("9007199254.000001", null)]
    [InlineData("1e10", null)]
    [InlineData("1e99999999999999999999", null)]
    [InlineData("-0.0000000000001", null)]
    public void Amounts_round_up_to_millionths(string text, long? expected) =>
        Assert.Equal(expected, Read(text).TryGetMillionths(out long millionths) ? millionths : null);

    [Theory]
    [InlineData("0.3", "0.1", true)]
    [InlineData("0.35", "0.1", false)]
    [InlineData("1e99999999999999999999", "3", false)]
    [InlineData("3e99999999999999999999", "3", true)]
    [InlineData("1e99999999999999999999", "1024e-5", true)]
    [InlineData("1e99999999999999999999", "1e99999999999999999998", true)]
    [InlineData("1e99999999999999999998", "1e99999999999999999999", false)]
    [InlineData("1e59", "576460752303423488", true)]
    [InlineData("1e58", "576460752303423488", false)]
    [InlineData("1e70", "1180591620717411303424", true)]
    [InlineData("1e69", "1180591620717411303424", false)]
    [InlineData("370370367037037036703703703670", "123456789012345678901234567890", true)]
    [InlineData("-6", "4", false)]
    [InlineData("5", "0", false)]
    public void Multiples_are_exact(string value, string divisor, bool expected) =>
        Assert.Equal(expected, Read(value).IsMultipleOf(Read(divisor)));

    private static JsonNumber Read(string text) => new(Encoding.UTF8.GetBytes(text));

    private static ulong Hash(string text)
    {
        var hasher = default(KeyedHasher);
        Read(text).AddTo(ref hasher);
        return hasher.Finish();
    }
}
