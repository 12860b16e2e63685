namespace PolicyLayer.Tests.Architecture;

internal static class Rule
{
    /// <summary>Fails with every breach on a line of its own.</summary>
    public static void Holds(IEnumerable<object> breaches)
    {
        string text = string.Join('\n', breaches);
        Assert.True(text.Length == 0, text);
    }
}
