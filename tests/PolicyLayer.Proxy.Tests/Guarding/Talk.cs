using System.Text;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Approvals;
using PolicyLayer.Proxy;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Tests.Proxy.Guarding;

/// <summary>A conversation under a policy, spoken in texts.</summary>
internal sealed class Talk
{
    public const string Modern =
        "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}";

    private const string Policy = """
        {
          "version": "1", "name": "p", "default": "deny", "hide": ["secret", "hidden.*"],
          "tools": {
            "echo": {}, "other": {},
            "never": { "action": "deny" },
            "once": { "limits": [{ "counter": "c", "max": 1, "window": "hour" }] },
            "asked": { "action": "require_approval" }
          }
        }
        """;

    private readonly CallGuard _guard;

    public Talk(string? policy = null, Action<McpProxyOptions>? configure = null, Action<ToolCallAuthorizerOptions>? authorize = null)
    {
        var options = new McpProxyOptions { TimeProvider = Clock };
        configure?.Invoke(options);
        var judging = new ToolCallAuthorizerOptions { DefaultGrantId = "g", TimeProvider = Clock };
        authorize?.Invoke(judging);
        var authorizer = new ToolCallAuthorizer(PolicyLayer.Policy.Parse(policy ?? Policy), judging);
        Approvals = authorizer.Approvals;
        Authorizer = new RecordingAuthorizer(authorizer);
        _guard = new CallGuard(Authorizer, options);
        Conversation = Open("alice");
    }

    public FakeTimeProvider Clock { get; } = new();

    public ApprovalInbox Approvals { get; }

    public RecordingAuthorizer Authorizer { get; }

    public Conversation Conversation { get; set; }

    public IEnumerable<ToolCallOutcome> Outcomes => Authorizer.Reports.Select(report => report.Outcome);

    public Conversation Open(string principal) => new(_guard, new Caller(null, principal, "s", SessionSource.Process));

    public static JsonRpcMessage Read(string message)
    {
        ReadResult result = MessageReader.Read(Encoding.UTF8.GetBytes(message));
        Assert.True(result.IsValid, $"{result.Fault?.Message} {message}");
        return result.Message;
    }

    public static string? Text(ReadOnlyMemory<byte>? bytes) => bytes is { } text ? Encoding.UTF8.GetString(text.Span) : null;

    public async Task<Passage> SendAsync(string message) => await Conversation.FromClientAsync(Read(message), CancellationToken.None);

    /// <summary>Sends a call; its id and further members of its <c>params</c> are JSON.</summary>
    public Task<Passage> CallAsync(string id, string tool, string? members = null) => SendAsync(Call(id, tool, members));

    public static string Call(string id, string tool, string? members = null) =>
        $$"""{"jsonrpc":"2.0","id":{{id}},"method":"tools/call","params":{"name":"{{tool}}"{{Further(members)}} } }""";

    private static string Further(string? members) => members is null ? "" : "," + members;

    public async Task<string?> AnswerAsync(string message) =>
        Text(await Conversation.FromServerAsync(Read(message), CancellationToken.None));

    public Task<string?> ResultAsync(string id, string result) => AnswerAsync($$"""{"jsonrpc":"2.0","id":{{id}},"result":{{result}} }""");

    /// <summary>What the client gets of a list.</summary>
    public async Task<string?> ListAsync(string result, string? meta = null)
    {
        await SendAsync($$"""{"jsonrpc":"2.0","id":"list","method":"tools/list","params":{ {{meta}} } }""");
        return await ResultAsync("\"list\"", result);
    }
}
