using System.Numerics;

namespace PolicyLayer.Tests.Differential;

/// <summary>How much a limit counts a call for, in millionths.</summary>
internal static class NaiveAmounts
{
    private const long Unit = 1_000_000;

    /// <summary>Null for what can't be counted.</summary>
    public static BigInteger? Of(Json limit, Func<string, Json> root)
    {
        string? lists = limit["count_of"]?.Text[..^"[*]".Length];
        string? path = lists ?? limit["increment_from"]?.Text;
        if (path is null)
        {
            return Unit;
        }

        BigInteger? missing = limit["increment_default"] is { } amount ? NaiveNumber.Amount(amount) : null;
        BigInteger? sum = 0;
        foreach (NaiveCondition.Found found in NaiveCondition.Resolve(path, root))
        {
            sum += found switch
            {
                { IsUnjudgeable: true } => null,
                { Value: null or { Kind: "null" } } => missing,
                _ => lists is null ? NaiveNumber.Amount(found.Value) : Count(found.Value),
            };
        }

        return sum > (BigInteger)9_007_199_254 * Unit ? null : sum;
    }

    private static BigInteger? Count(Json list) => list.Kind == "array" ? list.Items.Count * Unit : null;
}
