using System.Globalization;

namespace PolicyLayer.Cli.Output;

/// <summary>What counters hold: whole units, or with at most 6 decimals, none of them a zero at the end.</summary>
internal static class AmountText
{
    public static string Of(decimal amount) => amount.ToString("0.######", CultureInfo.InvariantCulture);
}
