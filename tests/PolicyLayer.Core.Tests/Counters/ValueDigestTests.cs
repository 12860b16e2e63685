using System.Security.Cryptography;
using System.Text;
using PolicyLayer.Counters;

namespace PolicyLayer.Tests.Counters;

/// <summary>What a store holds in place of a value, to the byte: hosts of every version must count on the same counters.</summary>
public sealed class ValueDigestTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("\"args.v\"", """{"v":"Alice \u00e9\n\"\\"}""", "[\"alice é\\n\\\"\\\\\"]")]
    [InlineData("\"args.v\"", """{"v":"\u0001\b\u212a"}""", "[\"\\u0001\\bk\"]")]
    [InlineData("\"args.v\"", """{"v":1.50e1}""", "[15]")]
    [InlineData("\"args.v\"", """{"v":-0.0}""", "[0]")]
    [InlineData("\"args.v\"", """{"v":10E20}""", "[1e+21]")]
    [InlineData("\"args.v\"", """{"v":-123.0e-9}""", "[-1.23e-7]")]
    [InlineData("\"args.v\"", """{"v":333333333.33333325}""", "[333333333.33333325]")]
    [InlineData("\"args.v\"", """{"v":true}""", "[true]")]
    [InlineData("[\"args.v\",\"grant.team\",\"call.tool\"]", """{"v":"a"}""", "[\"a\",\"red\",\"t\"]")]
    public async Task Is_of_the_canonical_values_with_case_set_aside(string per, string arguments, string canonical)
    {
        string limit = $$"""{ "limits": [{ "counter": "c", "window": "day", "max": 1, "per": {{per}} }] }""";
        byte[] text = Encoding.UTF8.GetBytes(canonical);

        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData([.. text, .. "p"u8]))[..32], await PartitionAsync(limit, arguments, keys: null));
        byte[] subkey = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, Key, 32, salt: null, Encoding.UTF8.GetBytes("policylayer counter partition v1"));
        Assert.Equal(
            Convert.ToHexStringLower(HMACSHA256.HashData(subkey, text))[..32],
            await PartitionAsync(limit, arguments, new PolicyLayerKeys("k", new Dictionary<string, byte[]> { ["k"] = Key })));
    }

    [Theory]
    [InlineData("""{"v":"Alice \u00e9"}""", "271d11acd1cfd08857a757b41ef8b95d")]
    [InlineData("""{"v":1.7976931348623157E308}""", "5d52d5a167612770e2fc410ea29d283a")]
    [InlineData("""{"v":1500e-3}""", "de1c1c94cfc08e20d0f8fb3e577b2d5b")]
    public async Task Stays_what_it_was(string arguments, string digest)
    {
        const string Limit = """{ "limits": [{ "counter": "c", "window": "day", "max": 1, "per": "args.v" }] }""";

        Assert.Equal(digest, await PartitionAsync(Limit, arguments, keys: null));
    }

    [Theory]
    [InlineData("not_after", "args.v\n[\"alice\"]")]
    [InlineData("after", "args.v\n[\"Alice\"]")]
    public async Task Of_a_mark_has_the_path_and_keeps_case_where_it_counts(string order, string text)
    {
        string entry = $$"""{ "{{order}}": [{ "tool": "t", "within": "day", "scope": "grant", "same": "args.v" }] }""";

        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(text), .. "p"u8]))[..32],
            await PartitionAsync(entry, """{"v":"Alice"}""", keys: null));
    }

    /// <summary>The digest of the counter that a call, or its success, leaves behind.</summary>
    private static async Task<string?> PartitionAsync(string entry, string arguments, PolicyLayerKeys? keys)
    {
        var store = new RecordingStore();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            $$"""{ "version": "1", "default": "deny", "name": "p", "tools": { "t": {{entry}} } }""",
            options => (options.Counters, options.Keys) = (store, keys));
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t", ToolArguments.FromJson(arguments))
        {
            GrantAttributes = new Dictionary<string, string> { ["team"] = "Red" },
        });
        await authorizer.CompleteAsync(decision, ToolCallOutcome.Succeeded);
        return store.Keys.Last().Partition;
    }

    private sealed class RecordingStore : ICounterStore
    {
        public List<CounterKey> Keys { get; } = [];

        public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
        {
            foreach (CounterDemand demand in request)
            {
                Keys.Add(demand.Key);
            }

            return new(CounterReservation.Admitted());
        }

        public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
