using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests;

/// <summary>What a host sees whose clock steps: through the authorizer, on every store.</summary>
public sealed class SteppedClockTests(RedisFixture redis) : IClassFixture<RedisFixture>, IDisposable
{
    private const string Document = """
        { "version": "1", "default": "deny", "tools": { "t": { "limits": [
          { "counter": "brief", "window": "minute", "max": 2 },
          { "counter": "long", "window": "day", "max": 9, "algorithm": "sliding" } ] } } }
        """;

    private readonly SqliteHarness _sqlite = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(CaseStores.Start));

    [Fact]
    public Task A_refund_after_a_clock_step_in_memory() => RequireRefundAsync(store: null, isAudited: false);

    [Fact]
    public Task A_refund_after_a_clock_step_in_memory_over_the_interface() => RequireRefundAsync(store: null, isAudited: true);

    [Fact]
    public async Task A_refund_after_a_clock_step_on_sqlite() => await RequireRefundAsync(await SqliteAsync(), isAudited: false);

    [RedisFact]
    public async Task A_refund_after_a_clock_step_on_redis() => await RequireRefundAsync(await RedisAsync("refund"), isAudited: false);

    [Fact]
    public Task One_reading_ten_years_ahead_in_memory() => RequireWaitAsync(store: null);

    [Fact]
    public async Task One_reading_ten_years_ahead_on_sqlite() => await RequireWaitAsync(await SqliteAsync());

    [RedisFact]
    public async Task One_reading_ten_years_ahead_on_redis() => await RequireWaitAsync(await RedisAsync("ahead"));

    public void Dispose() => _sqlite.Dispose();

    /// <summary>A call that was charged ahead of its clock gives back there: the quota is as if it had never been.</summary>
    private async Task RequireRefundAsync(ICounterStore? store, bool isAudited)
    {
        ToolCallAuthorizer authorizer = Authorizer(store, isAudited);
        await RequireAsync(authorizer, DecisionCode.Allowed);
        DateTimeOffset latest = _clock.GetUtcNow();
        foreach (int minutes in (int[])[1, 10, 1_000])
        {
            _clock.AdjustTime(latest - TimeSpan.FromMinutes(minutes));
            ToolCallDecision behind = await RequireAsync(authorizer, DecisionCode.Allowed);
            await RequireAsync(authorizer, DecisionCode.LimitExceeded);
            await authorizer.CompleteAsync(behind, ToolCallOutcome.NotExecuted);
        }

        _clock.AdjustTime(latest);
        await RequireAsync(authorizer, DecisionCode.Allowed);
        await RequireAsync(authorizer, DecisionCode.LimitExceeded);
        (store as IDisposable)?.Dispose();
    }

    private async Task RequireWaitAsync(ICounterStore? store)
    {
        ToolCallAuthorizer authorizer = Authorizer(store, isAudited: false);
        DateTimeOffset start = _clock.GetUtcNow();
        DateTimeOffset ahead = start.AddYears(10);
        _clock.AdjustTime(ahead);
        await RequireAsync(authorizer, DecisionCode.Allowed);
        await RequireAsync(authorizer, DecisionCode.Allowed);
        _clock.AdjustTime(start.AddDays(300));
        ToolCallDecision refused = await RequireAsync(authorizer, DecisionCode.LimitExceeded);
        DateTimeOffset moment = _clock.GetUtcNow() + refused.RetryAfter!.Value;
        Assert.Equal(ahead.AddMinutes(1), moment);
        _clock.AdjustTime(moment.AddMilliseconds(-1));
        Assert.Equal(TimeSpan.FromMilliseconds(1), (await RequireAsync(authorizer, DecisionCode.LimitExceeded)).RetryAfter);
        _clock.AdjustTime(moment);
        await RequireAsync(authorizer, DecisionCode.Allowed);
        (store as IDisposable)?.Dispose();
    }

    private static async Task<ToolCallDecision> RequireAsync(ToolCallAuthorizer authorizer, DecisionCode code)
    {
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall("t") { GrantId = "ci" });
        Assert.Equal(code, decision.Code);
        return decision;
    }

    private ToolCallAuthorizer Authorizer(ICounterStore? store, bool isAudited)
    {
        var options = new ToolCallAuthorizerOptions { Counters = store, TimeProvider = _clock };
        if (isAudited)
        {
            options.AuditSinks.Add(new InMemoryAuditSink());
        }

        return new ToolCallAuthorizer(Policy.Parse(Document), options);
    }

    private ValueTask<ICounterStore> SqliteAsync() => _sqlite.OpenAsync(new CounterStoreOpening("stepped"), default);

    private ValueTask<ICounterStore> RedisAsync(string storage) =>
        new RedisHarness(redis.Connection, fakeClock: true).OpenAsync(new CounterStoreOpening("stepped-" + storage), default);
}
