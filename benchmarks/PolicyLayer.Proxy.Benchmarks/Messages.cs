using System.Globalization;
using System.Text;

namespace PolicyLayer.Benchmarks.Proxy;

/// <summary>The one call that is measured, its answer, and the policy that allows it.</summary>
internal static class Messages
{
    /// <summary>Charges a limit and looks at an argument, as policies do.</summary>
    public const string Document = """
        {
          "version": "1", "name": "benchmark", "default": "deny",
          "tools": {
            "run_code": {
              "require": [{ "conditions": [{ "path": "args.language", "op": "eq", "value": "python" }] }],
              "limits": [{ "counter": "calls", "max": 1000000000, "window": "hour" }]
            }
          }
        }
        """;

    private static long _lastId;

    /// <summary>Another call with another id.</summary>
    public static byte[] NextCall()
    {
        string id = Interlocked.Increment(ref _lastId).ToString(CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes(
            """{"jsonrpc":"2.0","id":""" + id
            + ""","method":"tools/call","params":{"name":"run_code","arguments":{"language":"python","code":"print(1)"}}}""");
    }

    /// <summary>What answers a call.</summary>
    public static byte[] AnswerTo(ReadOnlySpan<byte> call)
    {
        ReadOnlySpan<byte> rest = call[(call.IndexOf("\"id\":"u8) + 5)..];
        ReadOnlySpan<byte> id = rest[..rest.IndexOf((byte)',')];
        return [.. """{"jsonrpc":"2.0","id":"""u8, .. id, .. ""","result":{"content":[{"type":"text","text":"1"}]}}"""u8];
    }

    /// <summary>Fails where the tool didn't answer.</summary>
    public static void Expect(ReadOnlySpan<byte> answer)
    {
        if (answer.IndexOf("\"text\":\"1\""u8) < 0)
        {
            throw new InvalidOperationException($"Not an answer: {Encoding.UTF8.GetString(answer)}");
        }
    }
}
