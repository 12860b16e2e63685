using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets.Proxying;

/// <summary>Messages of clients, judged ones and refused ones, with secrets wherever somebody may say something.</summary>
internal sealed class PlantedMessages(Plant plant)
{
    /// <summary>A tool for each way to decide.</summary>
    public const string Policy = """
        { "version": "1", "default": "deny", "hide": ["hidden"], "tools": {
          "allow": {}, "asks": {}, "deny": { "action": "deny" },
          "rule": { "require": [{ "conditions": [{ "path": "args.v", "op": "regex", "value": "^x$" }] }] },
          "schema": { "arguments": { "properties": { "v": { "enum": ["x"] } } } },
          "once": { "limits": [{ "counter": "c", "window": "day", "max": 1, "per": ["args.v"] }] },
          "ask": { "action": "require_approval" } } }
        """;

    private const string Modern =
        "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}";

    private int _id;

    /// <summary>Calls that are allowed or denied.</summary>
    public IEnumerable<string> Judged()
    {
        foreach (string tool in (string[])["allow", "deny", "rule", "schema", "once", "ask", "hidden", "unlisted"])
        {
            string name = $"argument of {tool}";
            string arguments =
                $$"""{"v":"{{Text(name)}}","l":[{"{{Text("name in " + name)}}":{{plant.Number("number in " + name)}}}]}""";
            yield return Call(tool, arguments);
            yield return Call(tool, arguments);
        }

        yield return Call("allow", $$"""{"v":"{{Text("lone surrogate")}}\ud800"}""");
        yield return Call("allow", $$"""{"v":"{{Text("duplicate argument")}}","v":1}""");
        yield return Call("allow", $"[\"{Text("list of arguments")}\"]");
        yield return Call("allow", "{}", $$""","_meta":{"traceparent":"{{Text("traceparent")}}","x":"{{Text("metadata")}}"}""");
        yield return Call("asks", "{}", $$""","_meta":{{{Modern}}},"requestState":"{{Text("state")}}","inputResponses":{{Input()}}""");
    }

    /// <summary>What is no message, or one that readers may take for several.</summary>
    public IEnumerable<string> Refused()
    {
        yield return Text("no JSON");
        yield return $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"allow","arguments":{"v":"{{Text("unended")}}"}""";
        yield return $"[{Call("allow", $$"""{"v":"{{Text("batch")}}"}""")}]";
        yield return Call("allow", "{}", $$""","name":"{{Text("second name")}}" """);
        yield return Call("allow", "{}", $$""","Arguments":{"v":"{{Text("variant")}}"}""");
        yield return Call(Text("name that ends") + "\\u0000x", "{}");
        yield return $$"""{"jsonrpc":"2.0","method":"tools/call","params":{"name":"allow","arguments":{"v":"{{Text("without id")}}"} } }""";
        yield return $$"""{"jsonrpc":"2.0","id":{"v":"{{Text("odd id")}}"},"method":"ping"}""";
        yield return $$"""{"jsonrpc":"2.0","id":1,"method":["{{Text("odd method")}}"]}""";
        yield return $$"""{"jsonrpc":"2.0","id":1,"method":"ping","result":"{{Text("ambiguous")}}"}""";
        yield return $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["{{Text("odd parameters")}}"]}""";
        yield return $$"""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"a":"{{Text("metadata twice")}}","a":1} } }""";
    }

    /// <summary>A call of a tool.</summary>
    public string Call(string tool, string arguments, string more = "") =>
        $$"""{"jsonrpc":"2.0","id":{{++_id}},"method":"tools/call","params":{"name":"{{tool}}","arguments":{{arguments}}{{more}} } }""";

    public string Text(string position) => plant.Text(position);

    private string Input() => $$"""{"k":{"action":"accept","content":{"v":"{{Text("input")}}"} } }""";
}
