namespace PolicyLayer.Tests.Differential;

internal enum Truth
{
    False,
    Unjudgeable,
    True,
}

internal static class TruthTable
{
    /// <summary>A definite false makes an AND false, else one that is unjudgeable makes it unjudgeable.</summary>
    public static Truth All(IEnumerable<Truth> values) => values.DefaultIfEmpty(Truth.True).Min();

    /// <summary>A definite true makes an OR true, else one that is unjudgeable makes it unjudgeable.</summary>
    public static Truth Any(IEnumerable<Truth> values) => values.DefaultIfEmpty(Truth.False).Max();

    public static Truth Not(Truth value) => (Truth)((int)Truth.True - (int)value);

    public static Truth Of(bool value) => value ? Truth.True : Truth.False;
}
