using System.Collections.Concurrent;
using ModelContextProtocol.Protocol;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>Which tools were listed with an output schema. It forgets none, and learns so many. Safe for any number of threads.</summary>
internal sealed class OutputSchemas
{
    private const int MaxNames = 10_000;

    // Names that a server lists, never what a client says.
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>Learns from what a server lists.</summary>
    /// <param name="tool">The tool.</param>
    public void Learn(Tool tool)
    {
        bool hasSchema = tool.OutputSchema is not null;
        bool isKnown = _known.TryGetValue(tool.Name, out bool before);
        if (isKnown ? hasSchema && !before : _known.Count < MaxNames)
        {
            _known[tool.Name] = hasSchema;
        }
    }

    /// <summary>Whether a tool was listed with one; null for one that wasn't listed.</summary>
    /// <param name="tool">Its name.</param>
    public bool? Has(string tool) => _known.TryGetValue(tool, out bool hasSchema) ? hasSchema : null;
}
