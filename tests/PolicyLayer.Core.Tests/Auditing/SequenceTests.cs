using System.Text.Json;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Auditing;

/// <summary>A sink numbers what stands in it, whoever writes.</summary>
public sealed class SequenceTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_authorizers_on_one_sink_share_its_numbers()
    {
        var memory = new InMemoryAuditSink();
        var other = new InMemoryAuditSink();
        await using var file = new JsonLinesAuditSink(_folder.Log);
        ToolCallAuthorizer first = Authorizer(memory, file);
        ToolCallAuthorizer second = Authorizer(file, memory, other);
        for (int i = 0; i < 3; i++)
        {
            await first.AuthorizeAsync(new ToolCall("t"));
            await second.AuthorizeAsync(new ToolCall("t"));
        }

        Assert.Equal([1, 2, 3, 4, 5, 6], memory.Records.Select(record => record.Sequence));
        Assert.Equal([1, 2, 3], other.Records.Select(record => record.Sequence));
        Assert.Equal([1, 2, 3, 4, 5, 6], await NumbersOfAsync(file));
    }

    [Fact]
    public async Task Numbers_stand_in_order_and_without_gaps_whatever_races()
    {
        var memory = new InMemoryAuditSink(capacity: 1_000);
        await using var file = new JsonLinesAuditSink(_folder.Log);
        ToolCallAuthorizer[] authorizers = [Authorizer(memory, file), Authorizer(memory, file)];
        await Parallel.ForAsync(0, 2_000, async (i, token) => await authorizers[i % 2].AuthorizeAsync(new ToolCall("t"), token));

        Assert.Equal(Enumerable.Range(1_001, 1_000).Select(i => (long)i), memory.Records.Select(record => record.Sequence));
        Assert.Equal(Enumerable.Range(1, 2_000).Select(i => (long)i), await NumbersOfAsync(file));
    }

    private static ToolCallAuthorizer Authorizer(params IAuditSink[] sinks) => TestPolicies.Authorizer(
        """{ "version": "1", "default": "allow" }""", options => Array.ForEach(sinks, options.AuditSinks.Add));

    private async Task<IEnumerable<long>> NumbersOfAsync(JsonLinesAuditSink sink)
    {
        await sink.DisposeAsync();
        return _folder.Lines().Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sequence").GetInt64());
    }
}
