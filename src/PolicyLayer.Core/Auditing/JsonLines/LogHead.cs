using PolicyLayer.Auditing.Chain;

namespace PolicyLayer.Auditing.JsonLines;

/// <summary>Where a log stands: the number and hash of its last line.</summary>
/// <param name="Sequence">The number; 0 before the first line.</param>
/// <param name="Hash">The hash as text.</param>
internal readonly record struct LogHead(long Sequence, byte[] Hash)
{
    public static LogHead None => new(0, ChainedLine.NoHash.ToArray());
}
