using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using PolicyLayer.Proxy;
using PolicyLayer.Proxy.Bridging;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;
using PolicyLayer.Proxy.Stdio;
using PolicyLayer.Tests.Proxy.Guarding;

namespace PolicyLayer.Tests.Proxy.Bridging;

/// <summary>A call whose server ends between its judgement and its hand-over.</summary>
public sealed class DeliveryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("policylayer-delivery-").FullName;

    private string Starts => Path.Combine(_folder, "starts");

    private string Record => Path.Combine(_folder, "record");

    [Fact]
    public async Task A_call_that_surely_was_not_handed_over_costs_nothing()
    {
        var authorizer = new ToolCallAuthorizer(
            Policy.Parse("""
                {
                  "version": "1", "default": "deny",
                  "tools": { "once": { "limits": [{ "counter": "c", "max": 1, "window": "hour" }] } }
                }
                """),
            new ToolCallAuthorizerOptions { DefaultGrantId = "g" });
        var judged = new TaskCompletionSource();
        var recording = new RecordingAuthorizer(authorizer) { Gate = judged.Task };
        var options = new McpProxyOptions();
        var conversation = new Conversation(
            new CallGuard(recording, options), new Caller(null, "alice", null, SessionSource.McpSession));
        await using var child = new SharedChild(Command(), options, NullLogger.Instance, "g");
        child.Start();

        ValueTask<Passage> call = child.PassAsync(
            Talk.Read(Bridged.StatelessCall("once")), conversation, child.Open(takesNews: false), CancellationToken.None);
        ChildServer server = ServerOf(child);
        ChildProcess process = (await server.EnterAsync(CancellationToken.None))!;
        await EndAsync(process);
        judged.SetResult();
        Passage passage = await call;
        server.Leave();

        Assert.Equal(MessageFault.InternalError, passage.Fault?.Code);
        Assert.Null(passage.Call);
        Assert.Equal(ToolCallOutcome.NotExecuted, Assert.Single(recording.Reports).Outcome);
        Assert.True((await authorizer.AuthorizeAsync(new ToolCall("once", ToolArguments.None))).IsAllowed);
        Assert.False(File.Exists(Record));
    }

    [Fact]
    public async Task A_server_that_has_ended_was_handed_nothing()
    {
        await using var process = ChildProcess.Start(Command(), 1024, TimeProvider.System);
        await EndAsync(process);

        Assert.Equal(Delivery.Nothing, await process.WriteAsync("{}"u8.ToArray(), CancellationToken.None));
        Assert.True(process.Failed.IsCompleted);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_server")]
    private static extern ref ChildServer Field(BridgeChild child);

    private static ChildServer ServerOf(BridgeChild child) => Field(child);

    private async Task EndAsync(ChildProcess process)
    {
        await Bridged.UntilAsync(() => File.Exists(Starts) && File.ReadAllText(Starts).EndsWith('\n'));
        Bridged.Kill(int.Parse(await File.ReadAllTextAsync(Starts), CultureInfo.InvariantCulture));
        await process.Exited;
    }

    private UpstreamCommand Command() => new(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "PolicyLayer.Proxy.Upstream.dll"), $"STARTS={Starts}", $"RECORD={Record}"]);
}
