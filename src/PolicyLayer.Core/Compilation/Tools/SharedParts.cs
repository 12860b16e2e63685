using PolicyLayer.Compilation.Limits;
using PolicyLayer.Compilation.Orders;
using PolicyLayer.Compilation.Schemas;

namespace PolicyLayer.Compilation.Tools;

/// <summary>What the entries of one document share when compiled: what they have alike, and what they ask of each other.</summary>
/// <param name="allTools">What applies to every call beside them.</param>
internal sealed class SharedParts(AllToolsRules allTools)
{
    public AllToolsRules AllTools => allTools;

    public SharedSchemas Schemas { get; } = new();

    public SharedLimits Limits { get; } = new();

    public RequestedMarks Marks { get; } = new();

    public SharedEntries Entries { get; } = new();
}
