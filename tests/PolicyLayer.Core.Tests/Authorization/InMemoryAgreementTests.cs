using PolicyLayer.Counters;

namespace PolicyLayer.Tests.Authorization;

/// <summary>The authorizer's short way to counters in memory decides as the way over <see cref="ICounterStore"/> does.</summary>
public sealed class InMemoryAgreementTests
{
    private const string Policy = """
        { "version": "1", "default": "deny",
          "all_tools": { "limits": [{ "counter": "all", "window": 7, "max": 40, "scope": "policy" }] },
          "tools": {
            "one": { "limits": [{ "counter": "one", "window": 2, "max": 5 }] },
            "several": { "limits": [
              { "counter": "one", "window": 2, "max": 4 },
              { "counter": "long", "window": 5, "max": 9, "algorithm": "sliding" },
              { "counter": "session", "window": 3, "max": 3, "scope": "session" }] },
            "many": { "limits": [
              { "counter": "m1", "window": 2, "max": 5 }, { "counter": "m2", "window": 3, "max": 6 },
              { "counter": "m3", "window": 4, "max": 7 }, { "counter": "m4", "window": 5, "max": 8 },
              { "counter": "m5", "window": 6, "max": 9 }, { "counter": "m6", "window": 7, "max": 10 },
              { "counter": "m7", "window": 8, "max": 11 }, { "counter": "m8", "window": 9, "max": 12 },
              { "counter": "m9", "window": 10, "max": 13 }] } } }
        """;

    private static readonly string[] Tools = ["one", "several", "many"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_ways_agree(bool hasCommonLimit)
    {
        string policy = hasCommonLimit ? Policy : Policy.Replace("\"policy\"", "\"grant\"", StringComparison.Ordinal);
        var clock = new SettableClock { Now = DateTimeOffset.UnixEpoch.AddYears(56) };
        ToolCallAuthorizer direct = TestPolicies.Authorizer(policy, options => options.TimeProvider = clock);
        ToolCallAuthorizer indirect = TestPolicies.Authorizer(
            policy, options => (options.TimeProvider, options.Counters) = (clock, new WrappedStore()));
        var random = new Random(20_261_125);
        var open = new List<(ToolCallDecision Direct, ToolCallDecision Indirect)>();
        var codes = new HashSet<DecisionCode>();
        for (int step = 0; step < 20_000; step++)
        {
            // Mostly forwards; the clock may also step back.
            clock.Now += TimeSpan.FromMilliseconds(random.Next(20) == 0 ? random.Next(-3_000, 3_000) : random.Next(150));
            var call = new ToolCall(Tools[random.Next(Tools.Length)])
            {
                GrantId = "grant-" + random.Next(3),
                SessionId = random.Next(10) == 0 ? null : "session-" + random.Next(2),
            };
            ToolCallDecision first = await direct.AuthorizeAsync(call);
            ToolCallDecision second = await indirect.AuthorizeAsync(call);
            Assert.Equal((second.Code, second.Rule, second.RetryAfter), (first.Code, first.Rule, first.RetryAfter));
            codes.Add(first.Code);
            open.Add((first, second));
            if (random.Next(4) == 0)
            {
                (ToolCallDecision one, ToolCallDecision other) = open[random.Next(open.Count)];
                await direct.CompleteAsync(one, ToolCallOutcome.NotExecuted);
                await indirect.CompleteAsync(other, ToolCallOutcome.NotExecuted);
            }
        }

        Assert.Equal([DecisionCode.Allowed, DecisionCode.LimitExceeded, DecisionCode.SessionMissing], codes.Order());
    }

    private sealed class WrappedStore : ICounterStore
    {
        private readonly InMemoryCounterStore _store = new();

        public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default) =>
            _store.ReserveAsync(
                new CounterRequest(
                    request.Time, request.GrantId, request.SessionId, Enumerable.Range(0, request.Count).Select(i => request[i])),
                cancellationToken);

        public ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) =>
            _store.ReleaseAsync(release, cancellationToken);
    }
}
