using System.Collections.Concurrent;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>
/// Which tools were listed with an output schema: clients hold a denial's structured content to it. It forgets none, and learns so many.
/// Safe for any number of threads.
/// </summary>
internal sealed class OutputSchemas
{
    private const int MaxNames = 10_000;
    private const int MaxNameLength = 256;

    // Names that a server lists, never what a client says.
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>Learns from what a server lists.</summary>
    public void Learn(string tool, bool hasSchema)
    {
        bool isKnown = _known.TryGetValue(tool, out bool before);
        if (isKnown ? hasSchema && !before : tool.Length <= MaxNameLength && _known.Count < MaxNames)
        {
            _known[tool] = hasSchema;
        }
    }

    /// <summary>Whether a tool was listed, and always without one.</summary>
    public bool Lacks(string tool) => _known.TryGetValue(tool, out bool hasSchema) && !hasSchema;
}
