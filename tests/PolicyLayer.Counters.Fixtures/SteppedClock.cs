using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Testing;

namespace PolicyLayer.Tests;

/// <summary>What a host sees whose clock steps, through the authorizer on a store; null stands for the one in memory.</summary>
public sealed class SteppedClock
{
    private const string Document = """
        { "version": "1", "default": "deny", "tools": { "t": { "limits": [
          { "counter": "brief", "window": "minute", "max": 2 },
          { "counter": "long", "window": "day", "max": 9, "algorithm": "sliding" } ] } } }
        """;

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(CaseStores.Start));

    /// <summary>A call that was charged ahead of its clock gives back there: the quota is as if it had never been.</summary>
    public async Task RequireRefundAsync(ICounterStore? store, bool isAudited = false)
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
    }

    /// <summary>After one reading ten years ahead a refusal says how long it will last, and lasts exactly that long.</summary>
    public async Task RequireWaitAsync(ICounterStore? store)
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
}
