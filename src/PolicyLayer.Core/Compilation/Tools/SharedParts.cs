using PolicyLayer.Compilation.Limits;
using PolicyLayer.Compilation.Schemas;

namespace PolicyLayer.Compilation.Tools;

/// <summary>What entries of one document have alike, and share when compiled.</summary>
internal sealed class SharedParts
{
    public SharedSchemas Schemas { get; } = new();

    public SharedLimits Limits { get; } = new();

    public SharedEntries Entries { get; } = new();
}
