using System.Text;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

/// <summary>A text of any kind of value that the scanner must accept.</summary>
internal sealed class ScannedJson
{
    private readonly byte[] _utf8;
    private readonly JsonTape _tape = new();

    public ScannedJson(string json, int maxDepth = 64)
    {
        _utf8 = Encoding.UTF8.GetBytes(json);
        Assert.Equal(JsonFault.None, JsonScanner.ScanValue(_utf8, maxDepth, _tape));
    }

    public JsonValue Root => new(_utf8, _tape);
}
