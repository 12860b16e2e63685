namespace PolicyLayer.Benchmarks;

/// <summary>
/// Marks a benchmark that the guard watches: it allocates nothing, and costs at most twice this many times its class's baseline.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HotPathAttribute(double ratio) : Attribute
{
    /// <summary>The ratio to the baseline in the committed results.</summary>
    public double Ratio => ratio;
}
