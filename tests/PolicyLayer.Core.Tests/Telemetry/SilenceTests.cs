using System.Diagnostics;
using System.Diagnostics.Metrics;
using PolicyLayer.Tests.Authorization;

namespace PolicyLayer.Tests.Telemetry;

/// <summary>Where nobody listens nothing is made, and what listeners do changes no decision.</summary>
[Collection(ListeningAlone.Name)]
public sealed class SilenceTests
{
    private const string Document = """
        { "version": "1", "default": "deny",
          "tools": { "free": {}, "limited": { "limits": [{ "counter": "c", "window": "day", "max": 9007199254 }] } } }
        """;

    [Theory]
    [InlineData("free")]
    [InlineData("other")]
    [InlineData("limited")]
    public void A_decision_allocates_nothing_once_listeners_have_gone(string tool)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document, options =>
        {
            options.TimeProvider = TimeProvider.System;
            options.MaxOpenCalls = 1_024;
        });
        var call = new ToolCall(tool) { TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" };
        using (new Collected())
        {
            Judge(authorizer, call, 10);
        }

        Judge(authorizer, call, 20_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Judge(authorizer, call, 1_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Each_kind_of_listener_is_heard_by_itself()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document);
        foreach (string instrument in new[] { "policylayer.decisions", "policylayer.decision.duration" })
        {
            int heard = 0;
            using (MeterListener listener = Listen(instrument, () => heard++))
            {
                await authorizer.AuthorizeAsync(new ToolCall("free"));
            }

            await authorizer.AuthorizeAsync(new ToolCall("free"));
            Assert.Equal((instrument, 1), (instrument, heard));
        }
    }

    [Fact]
    public async Task What_listeners_throw_changes_nothing()
    {
        var store = new StubStore();
        var sink = new StubSink();
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Document, options =>
        {
            options.Counters = store;
            options.AuditSinks.Add(sink);
        });
        int thrown = 0;
        Action fail = () =>
        {
            thrown++;
            throw new InvalidOperationException("broken listener");
        };
        using MeterListener meter = Listen(null, fail);
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "PolicyLayer",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = _ => fail(),
            ActivityStopped = _ => fail(),
        };
        ActivitySource.AddActivityListener(activities);

        ToolCallDecision allowed = await authorizer.AuthorizeAsync(new ToolCall("limited"));
        Assert.True(allowed.IsAllowed);
        Assert.True(await authorizer.CompleteAsync(allowed, ToolCallOutcome.NotExecuted));
        store.Reserve = _ => throw new IOException();
        Assert.Equal(DecisionCode.CounterStoreUnavailable, (await authorizer.AuthorizeAsync(new ToolCall("limited"))).Code);
        Assert.Equal((1, 3), (store.Released, sink.Given.Count));
        Assert.True(thrown > 5);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public async Task A_span_that_nobody_wants_to_see_is_none()
    {
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "PolicyLayer",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(activities);
        Assert.True((await TestPolicies.Authorizer(Document).AuthorizeAsync(new ToolCall("free"))).IsAllowed);
    }

    private static MeterListener Listen(string? instrument, Action heard)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (published, self) =>
            {
                if (published.Meter.Name == "PolicyLayer" && !published.IsObservable && (instrument ?? published.Name) == published.Name)
                {
                    self.EnableMeasurementEvents(published);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => heard());
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => heard());
        listener.Start();
        return listener;
    }

    private static void Judge(ToolCallAuthorizer authorizer, ToolCall call, int times)
    {
        for (int i = 0; i < times; i++)
        {
            TestPolicies.Now(authorizer.AuthorizeAsync(call));
        }
    }
}
