using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Extensions.DependencyInjection;
using PolicyLayer.Grants;
using PolicyLayer.Sqlite;
using PolicyLayer.Tests.Secrets.Hosts;
using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets;

/// <summary>What a host plugs in may fail with all that it was given in its exception: none of it is told on.</summary>
public sealed class HostFailureTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "tools": {
          "count": { "limits": [{ "counter": "c", "window": "day", "max": 9, "per": "args.v" }] },
          "ask": { "action": "require_approval", "require": [{ "conditions": [{ "path": "context.v", "op": "neq", "value": "" }] }] } } }
        """;

    public static TheoryData<string, LeakyWay> Failures
    {
        get
        {
            var failures = new TheoryData<string, LeakyWay>();
            foreach (LeakyWay way in Enum.GetValues<LeakyWay>())
            {
                foreach (string plug in (string[])
                    ["counters", "sink", "late sink", "resolver", "notifier", "protector", "AskAsync", "SpendAsync", "ReturnAsync"])
                {
                    failures.Add(plug, way);
                }
            }

            return failures;
        }
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task What_fails_tells_nothing_of_a_call(string plug, LeakyWay way)
    {
        var plant = new Plant();
        using var leak = new Leak(way);
        await using var stage = new Stage(Policy, plant, builder => PlugIn(plug, leak, builder));
        foreach (string tool in (string[])["count", "ask"])
        {
            var call = new ToolCall(tool, ToolArguments.FromJson(Planted(plant, $"arguments of {tool}")))
            {
                GrantId = "g",
                Context = ToolArguments.FromJson(Planted(plant, $"context of {tool}")),
            };
            ToolCallDecision asked = await stage.CallAsync(call, cancellationToken: leak.Host);
            if (asked.ApprovalId is { } id)
            {
                await stage.Authorizer.Approvals.ApproveAsync(id, new Approver("alice"));
                await stage.CallAsync(call, ToolCallOutcome.NotExecuted, leak.Host);
            }
        }

        // Who tells people is waited for by nobody, nor is the queue of a sink.
        Assert.True(SpinWait.SpinUntil(
            () => leak.Count > 0 && (way == LeakyWay.GivenUp || stage.Faults.Count > 0), TimeSpan.FromMinutes(1)));
        await stage.EndAsync();
        stage.Witness.AssertHasNone(plant.Secrets);
    }

    private static string Planted(Plant plant, string position) =>
        $$"""{"v":"{{plant.Text(position)}}","o":{"{{plant.Text($"name in {position}")}}":{{plant.Number($"number in {position}")}}} }""";

    private static void PlugIn(string plug, Leak leak, PolicyLayerBuilder builder)
    {
        IServiceCollection services = builder.Services;
        switch (plug)
        {
            case "counters":
                builder.UseCounterStore(new Leaky.Counters(leak));
                break;
            case "sink":
                builder.AddAuditSink(new Leaky.Sink(leak));
                break;
            case "late sink":
                builder.AddBestEffortAuditSink(new Leaky.Sink(leak), null);
                break;
            case "resolver":
                services.Replace(ServiceDescriptor.Singleton<IGrantResolver>(new Leaky.Resolver(leak)));
                break;
            case "notifier":
                services.AddSingleton<IApprovalNotifier>(new Leaky.Notifier(leak));
                break;
            case "protector":
                builder.UseSqliteApprovals(
                    Path.Combine(builder.GetFolder(), "approvals.db"), options => options.Protector = new Leaky.Protector(leak));
                break;
            default:
                services.AddSingleton<IApprovalStore>(new LeakyApprovals(plug, leak));
                break;
        }
    }
}
