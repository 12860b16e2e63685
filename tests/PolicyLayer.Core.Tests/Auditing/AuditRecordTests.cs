using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Counters;

namespace PolicyLayer.Tests.Auditing;

/// <summary>What a record says of a call, and what it doesn't.</summary>
public sealed class AuditRecordTests
{
    private const string Document = """
        {
          "version": "1", "name": "shop", "default": "deny",
          "all_tools": { "limits": [{ "counter": "calls", "window": "hour", "max": 100 }] },
          "tools": {
            "pay": {
              "risk": "financial",
              "require": [{ "name": "small", "conditions": [{ "path": "args.amount", "op": "lte", "value": 100 }] }],
              "limits": [
                { "counter": "spent", "window": "day", "max": 99.5, "increment_from": "args.amount" },
                { "counter": "calls", "window": "hour", "max": 7 }
              ]
            }
          }
        }
        """;

    private readonly InMemoryAuditSink _sink = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task An_allow_is_recorded_with_what_it_was_judged_by()
    {
        var arguments = ToolArguments.FromJson("""{"to":"hunter2","amount":40.5,"\u0062y":["hunter2"]}""");
        ToolCallDecision decision = await Authorizer().AuthorizeAsync(
            new ToolCall("pay", arguments) { GrantId = "ci", SessionId = "s" });

        AuditRecord record = Assert.Single(_sink.Records);
        Assert.Equal(AuditRecordKind.Decision, record.Kind);
        Assert.Equal(1, record.Sequence);
        Assert.Equal(_clock.GetUtcNow(), record.Time);
        Assert.Equal(decision.DecisionId, record.DecisionId);
        Assert.Equal(("ci", "s", "pay", ToolRisk.Financial), (record.GrantId, record.SessionId, record.Tool, record.Risk));
        Assert.Equal(
            (DecisionOutcome.Allow, DecisionCode.Allowed, "", null, null),
            (record.DecisionOutcome, record.Code, record.Rule, record.RuleName, record.Message));
        Assert.Equal(("shop", decision.PolicyRevision), (record.PolicyName, record.PolicyRevision));
        Assert.Equal(["amount", "by", "to"], record.ArgumentNames);
        Assert.Equal(52, record.ArgumentBytes);
        Assert.Equal([("calls", 1, 7), ("spent", 40.5m, 99.5m)], CountersOf(record));
        Assert.Equal(TimeSpan.Zero, record.Duration);
        Assert.Null(record.RetryAfter);
        Assert.Null(record.CallOutcome);
        Assert.Contains(
            "ArgumentNames = 3 items, ArgumentBytes = 52, ArgumentsDigest = , InputsDigest = , Counters = 2 items,",
            record.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_says_what_each_counter_holds()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        await authorizer.AuthorizeAsync(new ToolCall("pay", ToolArguments.FromJson("""{"amount":40.5}""")));
        await authorizer.AuthorizeAsync(new ToolCall("pay", ToolArguments.FromJson("""{"amount":60}""")));

        AuditRecord record = _sink.Records[1];
        Assert.Equal((DecisionCode.LimitExceeded, "/tools/pay/limits/0"), (record.Code, record.Rule));
        Assert.Equal([("calls", 1, 7), ("spent", 40.5m, 99.5m)], CountersOf(record));
        Assert.Equal(TimeSpan.FromDays(1), record.RetryAfter);
    }

    [Fact]
    public async Task A_denial_before_the_limits_touches_no_counter_and_names_its_rule()
    {
        await Authorizer().AuthorizeAsync(new ToolCall("pay", ToolArguments.FromJson("""{"amount":101}""")));

        AuditRecord record = Assert.Single(_sink.Records);
        Assert.Equal((DecisionCode.RequireFailed, "/tools/pay/require/0", "small"), (record.Code, record.Rule, record.RuleName));
        Assert.Empty(record.Counters);
        Assert.Equal(["amount"], record.ArgumentNames);
    }

    [Theory]
    [InlineData("""{"secret":1,"secret":2}""", 23)]
    [InlineData("""[1]""", 3)]
    [InlineData("", 0)]
    public async Task Of_refused_text_only_the_size_is_recorded(string arguments, int bytes)
    {
        await Authorizer().AuthorizeAsync(new ToolCall("pay", ToolArguments.FromJson(arguments)));

        AuditRecord record = Assert.Single(_sink.Records);
        Assert.Equal(DecisionCode.ArgumentsMalformed, record.Code);
        Assert.Empty(record.ArgumentNames);
        Assert.Equal(bytes, record.ArgumentBytes);
    }

    [Fact]
    public async Task Every_form_of_arguments_is_described_alike()
    {
        ToolCallAuthorizer authorizer = Authorizer();
        using JsonDocument document = JsonDocument.Parse("""{"b":1,"a":"x"}""");
        foreach (ToolArguments arguments in new[]
        {
            ToolArguments.FromElement(document.RootElement),
            ToolArguments.FromUtf8("""{"b":1,"a":"x"}"""u8.ToArray()),
            ToolArguments.FromDictionary(new Dictionary<string, object?> { ["b"] = 1, ["a"] = "x" }),
            ToolArguments.FromDictionary(
                document.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => member.Value)),
        })
        {
            await authorizer.AuthorizeAsync(new ToolCall("pay", arguments));
        }

        Assert.Equal(4, _sink.Records.Count);
        Assert.All(_sink.Records, record =>
        {
            Assert.Equal(["a", "b"], record.ArgumentNames);
            Assert.Equal(15, record.ArgumentBytes);
        });
    }

    [Fact]
    public async Task Absent_arguments_have_neither_names_nor_size()
    {
        await Authorizer().AuthorizeAsync(new ToolCall("pay"));

        AuditRecord record = Assert.Single(_sink.Records);
        Assert.Empty(record.ArgumentNames);
        Assert.Null(record.ArgumentBytes);
    }

    [Fact]
    public async Task A_dictionary_that_throws_is_denied_and_recorded_all_the_same()
    {
        JsonElement disposed;
        using (JsonDocument document = JsonDocument.Parse("""{"a":1}"""))
        {
            disposed = document.RootElement;
        }

        await Authorizer().AuthorizeAsync(new ToolCall("pay", disposed));

        Assert.Equal(DecisionCode.InternalError, Assert.Single(_sink.Records).Code);
    }

    [Fact]
    public async Task Names_are_the_first_64_each_cut_at_64_units_and_never_through_a_pair()
    {
        IEnumerable<string> names =
            [.. Enumerable.Range(0, 200).Select(i => $"n{i:000}"), new string('a', 70), new string('b', 63) + "😀x"];
        string arguments = "{" + string.Join(',', names.Reverse().Select(name => $"\"{name}\":0")) + "}";
        await Authorizer().AuthorizeAsync(new ToolCall("pay", ToolArguments.FromJson(arguments)));

        IReadOnlyList<string> recorded = Assert.Single(_sink.Records).ArgumentNames;
        Assert.Equal([new string('a', 64), new string('b', 63), .. Enumerable.Range(0, 62).Select(i => $"n{i:000}")], recorded);
    }

    [Fact]
    public async Task A_decision_lasts_as_long_as_its_store_takes()
    {
        ToolCallAuthorizer authorizer = Authorizer(new SlowStore(_clock));
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("pay", ToolArguments.FromJson("""{"amount":1}""")));
        _clock.Advance(TimeSpan.FromSeconds(3));
        await authorizer.CompleteAsync(decision, ToolCallOutcome.Succeeded);

        Assert.Equal(TimeSpan.FromMilliseconds(250), _sink.Records[0].Duration);
        AuditRecord outcome = _sink.Records[1];
        Assert.Equal((AuditRecordKind.Completion, ToolCallOutcome.Succeeded), (outcome.Kind, outcome.CallOutcome));
        Assert.Equal(decision.DecisionId, outcome.DecisionId);
        Assert.Empty(outcome.ArgumentNames);
        Assert.Empty(outcome.Counters);
    }

    [Fact]
    public void Records_that_say_the_same_are_equal_and_hold_what_they_were_given()
    {
        var names = new List<string> { "a", "b" };
        AuditRecord record = Record() with { ArgumentNames = names, Counters = [new AuditCounter("c", 1, 2)] };
        AuditRecord same = Record() with { ArgumentNames = ["a", "b"], Counters = new List<AuditCounter> { new("c", 1, 2) } };
        Assert.Equal(same, record);
        Assert.Equal(same.GetHashCode(), record.GetHashCode());
        Assert.Equal(record, record with { });

        names.Add("c");
        Assert.Equal(same, record);
        Assert.NotEqual(same, record with { ArgumentNames = names });
        Assert.NotEqual(same, record with { ArgumentNames = [] });
        Assert.NotEqual(same, record with { Counters = [new AuditCounter("c", null, 2)] });
        Assert.NotEqual(same, record with { Tool = "other" });
        Assert.Throws<ArgumentNullException>(() => record with { Counters = null! });
    }

    private static AuditRecord Record() =>
        new() { DecisionId = "id", GrantId = "g", Tool = "t", PolicyName = "p", PolicyRevision = "r" };

    private static IEnumerable<(string Name, decimal? Used, decimal Max)> CountersOf(AuditRecord record) =>
        record.Counters.Select(counter => (counter.Name, counter.Used, counter.Max));

    private ToolCallAuthorizer Authorizer(ICounterStore? counters = null) => new(
        Policy.Parse(Document),
        new ToolCallAuthorizerOptions { AuditSinks = { _sink }, TimeProvider = _clock, Counters = counters, DefaultGrantId = "ci" });

    private sealed class SlowStore(FakeTimeProvider clock) : ICounterStore
    {
        public async ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            clock.Advance(TimeSpan.FromMilliseconds(250));
            return CounterReservation.Admitted();
        }

        public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) => default;
    }
}
