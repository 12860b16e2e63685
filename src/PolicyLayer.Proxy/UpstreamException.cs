namespace PolicyLayer.Proxy;

/// <summary>The server that the proxy stands before can't be started or reached.</summary>
public sealed class UpstreamException : Exception
{
    /// <summary>Says why.</summary>
    /// <param name="message">Why, and a way out.</param>
    /// <param name="innerException">What failed; null for nothing else.</param>
    public UpstreamException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
