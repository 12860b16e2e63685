using System.Text.Json;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Schemas;

/// <summary>Published tools of public MCP servers: what authors paste as <c>arguments</c>.</summary>
public sealed class ToolListTests(ITestOutputHelper output)
{
    private const string Suite = "tool-lists.jsonl";

    /// <summary>How many of a thousand tools may be refused.</summary>
    private const int RefusedOfThousand = 3;

    [SuiteFact(Suite)]
    public void Nearly_every_published_tool_loads_and_what_is_refused_says_what_to_write()
    {
        (int tools, int refused) = (0, 0);
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var silent = new List<string>();
        foreach (string line in File.ReadLines(SuiteFactAttribute.Find(Suite)!))
        {
            using JsonDocument tool = JsonDocument.Parse(line);
            PolicyLoadResult loaded = Load(tool.RootElement);
            tools++;
            refused += loaded.Policy is null ? 1 : 0;
            foreach (PolicyDiagnostic finding in loaded.Diagnostics)
            {
                string kind = $"{finding.Severity} {finding.Id} {finding.Help}";
                kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
                if (string.IsNullOrEmpty(finding.Help))
                {
                    silent.Add($"{tool.RootElement.GetProperty("name")}: {finding}");
                }
            }
        }

        output.WriteLine($"{tools} tools, {refused} refused");
        foreach ((string kind, int count) in kinds)
        {
            output.WriteLine($"{count,5} {kind}");
        }

        Assert.Empty(silent);
        Assert.True(refused * 1_000 <= tools * RefusedOfThousand, $"{refused} of {tools} tools are refused.");
    }

    private static PolicyLoadResult Load(JsonElement tool)
    {
        string schema = tool.GetProperty("inputSchema").GetRawText();
        return TestPolicies.Load("""{"version":"1","default":"deny","tools":{"t":{"arguments":""" + schema + "}}}");
    }
}
