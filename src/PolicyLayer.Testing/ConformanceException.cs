namespace PolicyLayer.Testing;

/// <summary>A store broke a promise of its contract.</summary>
public sealed class ConformanceException : Exception
{
    /// <summary>Says which promise was broken, and how.</summary>
    /// <param name="caseName">The case that found it.</param>
    /// <param name="promise">The promise.</param>
    /// <param name="detail">What happened.</param>
    /// <param name="innerException">What the store threw, if it did.</param>
    public ConformanceException(string caseName, string promise, string detail, Exception? innerException = null)
        : base($"The store breaks a promise ({caseName}): {promise} {detail}", innerException)
    {
        CaseName = caseName;
        Promise = promise;
    }

    /// <summary>The case that found it.</summary>
    public string CaseName { get; }

    /// <summary>The promise.</summary>
    public string Promise { get; }
}
