namespace PolicyLayer;

/// <summary>A policy's document, and how it is read. Immutable, but for the options, which aren't to be changed any more.</summary>
public sealed class PolicySource
{
    /// <summary>Names a document.</summary>
    /// <param name="document">Where it is read from.</param>
    /// <param name="options">How it is read; null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="document"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public PolicySource(DocumentSource document, PolicyLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        options?.Validate();
        Document = document;
        Options = options;
    }

    /// <summary>Where the document is read from.</summary>
    public DocumentSource Document { get; }

    internal PolicyLoadOptions? Options { get; }
}
