namespace PolicyLayer.Benchmarks;

/// <summary>
/// Marks a benchmark that the guard watches: it allocates nothing, and costs at most twice this many times what it is measured beside.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class HotPathAttribute(double ratio = double.PositiveInfinity) : Attribute
{
    /// <summary>
    /// The ratio in the committed results. Infinite for a row whose ratio is only reported: what misses the caches tells of the machine and
    /// of who else uses it.
    /// </summary>
    public double Ratio => ratio;

    /// <summary>The benchmark of the same class to measure beside; null for the class's baseline.</summary>
    public string? Beside { get; init; }
}
