using System.Diagnostics.Tracing;
using System.Globalization;
using PolicyLayer.Auditing;
using PolicyLayer.Telemetry;
using PolicyLayer.Tests.Authorization;

namespace PolicyLayer.Tests.Telemetry;

/// <summary>Whoever traces the process hears what broke, and nothing that an exception says.</summary>
public sealed class FaultEventsTests
{
    private const string Secret = "what the sink says";

    [Fact]
    public async Task A_fault_is_an_event_without_a_message()
    {
        using var listener = new Listener();
        ToolCallDecision decision = await CallAsync();
        EventWrittenEventArgs told = listener.ToldOf(decision.DecisionId)[0];
        Assert.Equal(("PolicyLayer", 1, "Fault", EventLevel.Error), (told.EventSource.Name, told.EventId, told.EventName, told.Level));
        Assert.Equal(["kind", "place", "exceptionType", "decisionId"], told.PayloadNames!);
        Assert.Equal(["AuditWrite", "AuditSinks[0]", "System.IO.IOException", decision.DecisionId], told.Payload!);
        Assert.DoesNotContain(listener.All, text => text.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_hosts_listener_hears_of_it_too_and_a_broken_one_changes_nothing()
    {
        using var listener = new Listener { Throws = true };
        var faults = new List<Fault>();
        ToolCallDecision decision = await CallAsync(faults);
        Assert.Equal(DecisionCode.AuditUnavailable, decision.Code);
        Assert.Equal([decision.DecisionId, decision.DecisionId], faults.Select(fault => fault.DecisionId));
        Assert.Equal(2, listener.ToldOf(decision.DecisionId).Count);
    }

    [Fact]
    public async Task A_dictionary_that_can_t_be_judged_is_an_event_with_the_member()
    {
        using var listener = new Listener();
        var arguments = ToolArguments.FromDictionary(new Dictionary<string, object?> { ["v"] = new object[] { Secret, double.NaN } });
        ToolCallDecision decision = await TestPolicies.Authorizer("""{ "version": "1", "default": "allow" }""")
            .AuthorizeAsync(new ToolCall("t", arguments));
        EventWrittenEventArgs told = Assert.Single(listener.ToldOf(decision.DecisionId, 2));
        Assert.Equal(("MemberFault", EventLevel.Error), (told.EventName, told.Level));
        Assert.Equal(["kind", "place", "exceptionType", "decisionId", "member", "memberType"], told.PayloadNames!);
        Assert.Equal(
            ["Malformed", "ToolCall.Arguments", "System.FormatException", decision.DecisionId, "/v/1", "System.Double"], told.Payload!);
        Assert.DoesNotContain(listener.All, text => text.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public void The_source_is_well_formed()
    {
        string manifest = EventSource.GenerateManifest(typeof(FaultEvents), null, EventManifestOptions.Strict)!;
        Assert.Contains("PolicyLayer", manifest, StringComparison.Ordinal);
    }

    [Fact]
    public void Telling_nobody_allocates_nothing()
    {
        var reporter = new FaultReporter(listener: null);
        var exception = new IOException();
        for (int i = 0; i < 100; i++)
        {
            reporter.Tell(FaultKind.Judging, "ToolCall", exception, "d");
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        reporter.Tell(FaultKind.Judging, "ToolCall", exception, "d");
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static ValueTask<ToolCallDecision> CallAsync(List<Fault>? faults = null)
    {
        var sink = new StubSink { Write = _ => throw new IOException(Secret) };
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""{ "version": "1", "default": "allow" }""", options =>
        {
            options.AuditSinks.Add(sink);
            options.FaultListener = faults is null ? null : new FaultList(faults);
        });
        return authorizer.AuthorizeAsync(new ToolCall("t"));
    }

    /// <summary>Hears all of the process: other tests too.</summary>
    private sealed class Listener : EventListener
    {
        private readonly List<EventWrittenEventArgs> _told = [];

        public bool Throws { get; init; }

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_told)
                {
                    return [.. _told.Select(told => string.Create(
                        CultureInfo.InvariantCulture, $"{told.Message} {string.Join(' ', told.Payload!)}"))];
                }
            }
        }

        /// <summary>Without what a source says of a listener that threw.</summary>
        public IReadOnlyList<EventWrittenEventArgs> ToldOf(string decisionId, int eventId = 1)
        {
            lock (_told)
            {
                return [.. _told.Where(told => told.EventId == eventId && decisionId.Equals(told.Payload![3]))];
            }
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "PolicyLayer")
            {
                EnableEvents(eventSource, EventLevel.Error);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            lock (_told)
            {
                _told.Add(eventData);
            }

            if (Throws)
            {
                throw new InvalidOperationException("broken listener");
            }
        }
    }
}
