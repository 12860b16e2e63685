using System.Text;
using PolicyLayer.Calls;
using PolicyLayer.Json.Canonical;
using PolicyLayer.Json.Clr;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

/// <summary>Texts of JSON, written anew in canonical form.</summary>
internal static class CanonicalJson
{
    public const int MaxDepth = 1_000;

    /// <summary>The canonical form of a value.</summary>
    public static string Of(string json) => Of(new ScannedJson(json, MaxDepth).Root, foldsCase: false);

    public static string Of(JsonValue value, bool foldsCase)
    {
        Assert.True(TryWrite(value, foldsCase, new WorkBudget(), out string text));
        return text;
    }

    /// <summary>What it costs to write a value.</summary>
    public static long CostOf(string json)
    {
        var work = new WorkBudget(WorkBudget.Highest);
        Assert.True(TryWrite(new ScannedJson(json, MaxDepth).Root, foldsCase: false, work, out _));
        return work.Spent;
    }

    public static bool TryWrite(JsonValue value, bool foldsCase, WorkBudget work, out string text)
    {
        var buffer = new Utf8Buffer();
        bool isWritten = new CanonicalText(buffer, foldsCase, work).TryAppendWhole(value);
        text = Encoding.UTF8.GetString(buffer.Written);
        return isWritten;
    }
}
