using System.Runtime.CompilerServices;
using System.Text;
using PolicyLayer.Tests.Authorization;

namespace PolicyLayer.Tests.Rules;

/// <summary>Measures what the process keeps, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(EntrySizeTests), DisableParallelization = true)]
[Collection(nameof(EntrySizeTests))]
public sealed class EntrySizeTests
{
    private const int Entries = 5_000;
    private const int MaxBytes = 400;

    /// <summary>All operators, with operands of a usual size.</summary>
    public static TheoryData<string, string, string> Conditions => new()
    {
        { "require", "eq", "\"/tmp\"" },
        { "require", "neq", "\"/tmp\"" },
        { "deny_if", "eq", "12.5" },
        { "deny_if", "eq", "true" },
        { "deny_if", "in", "[\"/tmp\"]" },
        { "require", "not_in", "[12.5]" },
        { "require", "lt", "1000" },
        { "require", "lte", "1000" },
        { "deny_if", "gt", "1000" },
        { "deny_if", "gte", "1000" },
        { "require", "regex", "\"^/tmp/\"" },
        { "deny_if", "contains", "\"/etc\"" },
        { "require", "exists", "true" },
    };

    [Theory]
    [InlineData("""{ "path": "args.path", "op": "in", "value_from": "context.paths", "optional": true }""")]
    [InlineData("""{ "path": "time.hour", "op": "lt", "value": 22 }""")]
    public async Task An_entry_with_an_operand_of_the_call_or_the_time_keeps_no_more(string condition)
    {
        long bytes = await KeptAsync($$"""{"require":[{"conditions":[{{condition}}]}]}""");

        Assert.InRange(bytes, 1, MaxBytes);
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task An_entry_of_one_condition_keeps_at_most_400_bytes(string list, string op, string value)
    {
        long bytes = await KeptAsync(Entry(list, op, value));

        Assert.InRange(bytes, 1, MaxBytes);
    }

    /// <summary>What entries share isn't copied for each, neither when they are loaded nor when they are called.</summary>
    [Theory]
    [InlineData("hour")]
    [InlineData("common")]
    public async Task A_called_entry_keeps_nothing_of_the_limits_of_all_tools(string twin)
    {
        const int common = 200;
        const int entries = 500;
        string[] limits = [.. Enumerable.Range(0, common).Select(i => Limit(i == 7 ? "common" : $"all_{i}", 10))];
        string[] tools = [.. Enumerable.Range(0, entries).Select(
            i => $"\"t{i}\":{{\"limits\":[{Limit(twin == "common" ? twin : $"own_{i}", 9)},{Limit($"{twin}_{i}", 5)}]}}")];
        string policy =
            "{\"version\":\"1\",\"default\":\"deny\",\"all_tools\":{\"limits\":[" + string.Join(",", limits) + "]},\"tools\":{"
            + string.Join(",", tools) + "}}";
        long called = await Heap.SizeOfAsync(() => CalledAsync(policy, entries));
        long barely = await Heap.SizeOfAsync(() => CalledAsync(policy, 1));

        Assert.InRange(called, 1, barely + (50 * (entries - 1)));
    }

    private static string Entry(string list, string op, string value) =>
        $$"""{"{{list}}":[{"conditions":[{"path":"args.path","op":"{{op}}","value":{{value}}}]}]}""";

    private static async Task<StrongBox<ToolCallAuthorizer?>> CalledAsync(string policy, int entries)
    {
        // So few have one part, whatever processors the calls run on.
        var authorizer = new ToolCallAuthorizer(
            Policy.Parse(policy), new ToolCallAuthorizerOptions { Counters = new StubStore(), MaxOpenCalls = 1_024 });
        for (int i = 0; i < entries; i++)
        {
            ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall($"t{i}") { GrantId = "g" });
            Assert.True(decision.IsAllowed);
            await authorizer.CompleteAsync(decision, ToolCallOutcome.Succeeded);
        }

        return new(authorizer);
    }

    private static string Limit(string counter, int max) => $$"""{"counter":"{{counter}}","window":"hour","max":{{max}}}""";

    private static async Task<long> KeptAsync(string entry)
    {
        byte[] document = Encoding.UTF8.GetBytes(Document(entry, Entries));
        return await Heap.SizeOfAsync(() => Task.FromResult(new StrongBox<Policy?>(Policy.Parse(document)))) / Entries;
    }

    private static string Document(string entry, int count) =>
        "{\"version\":\"1\",\"default\":\"deny\",\"tools\":{"
        + string.Join(",", Enumerable.Range(0, count).Select(i => $"\"tool_{i:D5}\":{entry}"))
        + "}}";
}
