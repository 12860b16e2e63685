namespace PolicyLayer;

/// <summary>What came of reading a document: what it said, or why it can't be read. Immutable; compared by value.</summary>
/// <param name="Content">What it said; null when it can't be read.</param>
/// <param name="Failure">Why it can't be read, in a sentence; null when it was.</param>
internal sealed record DocumentReading(DocumentContent? Content, string? Failure)
{
    public static DocumentReading Of(DocumentSource source, int maxBytes)
    {
        string place = source.Path ?? source.Name;
        try
        {
            return new DocumentReading(source.Read(maxBytes), null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new DocumentReading(null, $"`{place}` doesn't exist.");
        }
        catch (UnauthorizedAccessException) when (source.Path is not null)
        {
            // What the framework says of it has the path once more.
            return new DocumentReading(null, $"`{place}` can't be read: this process isn't allowed to.");
        }
        catch (Exception e)
        {
            return new DocumentReading(null, $"`{place}` can't be read: {e.Message}");
        }
    }
}
