using System.Collections.Concurrent;
using System.Text;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Http;

/// <summary>
/// Which arguments of tools are repeated in headers, by the lists that were shown: <c>x-mcp-header</c> in the schema of a property that
/// only properties lead to. It learns of so many tools. Safe for any number of threads.
/// </summary>
internal sealed class ParameterHeaders
{
    private const int MaxTools = 10_000;
    private const int MaxNameLength = 256;
    private const int MaxHeaders = 64;
    private const int MaxDepth = 256;

    private readonly ConcurrentDictionary<string, IReadOnlyList<ParameterHeader>> _known = new(StringComparer.Ordinal);

    /// <summary>The headers of a tool; none, too, for one that wasn't listed.</summary>
    public IReadOnlyList<ParameterHeader> Of(string tool) => _known.GetValueOrDefault(tool) ?? [];

    /// <summary>Learns from a tool as it was listed.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="text">The tool.</param>
    public void Learn(string tool, ReadOnlyMemory<byte> text)
    {
        List<ParameterHeader> headers = MayHaveHeaders(text.Span) ? Read(text.Span) : [];
        if (headers.Count == 0)
        {
            _known.TryRemove(tool, out _);
        }
        else if (tool.Length <= MaxNameLength && (_known.Count < MaxTools || _known.ContainsKey(tool)))
        {
            _known[tool] = headers;
        }
    }

    // Names may be written with escapes.
    private static bool MayHaveHeaders(ReadOnlySpan<byte> text) => text.IndexOf("x-mcp-header"u8) >= 0 || text.IndexOf("\\u"u8) >= 0;

    private static List<ParameterHeader> Read(ReadOnlySpan<byte> text)
    {
        var tape = new JsonTape();
        List<ParameterHeader> found = [];
        if (JsonScanner.ScanWithDuplicates(text, MaxDepth, tape) == JsonFault.None
            && Members.Find(new JsonValue(text, tape), "inputSchema"u8, out JsonValue schema))
        {
            Collect(schema, [], found);
        }

        return found;
    }

    private static void Collect(JsonValue schema, List<byte[]> path, List<ParameterHeader> found)
    {
        if (!Members.Find(schema, "properties"u8, out JsonValue properties))
        {
            return;
        }

        foreach (JsonValue.Property property in properties.EnumerateProperties())
        {
            path.Add(Encoding.UTF8.GetBytes(Members.Decode(property.Name)));
            if (Members.FindText(property.Value, "x-mcp-header"u8) is { } name && HeaderText.IsToken(name) && found.Count < MaxHeaders)
            {
                found.Add(new ParameterHeader(HeaderNames.ParameterPrefix + name, [.. path]));
            }

            Collect(property.Value, path, found);
            path.RemoveAt(path.Count - 1);
        }
    }
}
