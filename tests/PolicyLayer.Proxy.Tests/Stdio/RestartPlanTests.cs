using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Proxy.Stdio;

namespace PolicyLayer.Tests.Proxy.Stdio;

/// <summary>When a server that ended is started again.</summary>
public sealed class RestartPlanTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Waits_grow_up_to_half_a_minute_as_long_as_it_answers()
    {
        var plan = new RestartPlan(_time);

        Assert.Equal([0, 0.5, 1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 9).Select(_ => Live(plan, 1, hasAnswered: true)));
    }

    [Fact]
    public void A_minute_of_life_begins_anew()
    {
        var plan = new RestartPlan(_time);
        Assert.Equal([0, 0.5, 1, 2], Enumerable.Range(0, 4).Select(_ => Live(plan, 1, hasAnswered: false)));
        Assert.Equal(0, Live(plan, 60, hasAnswered: false));
        Assert.Equal([0.5, 1, 2, 4], Enumerable.Range(0, 4).Select(_ => Live(plan, 1, hasAnswered: false)));
        Assert.Null(Live(plan, 1, hasAnswered: false));
    }

    private double? Live(RestartPlan plan, int seconds, bool hasAnswered)
    {
        plan.Start();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return plan.End(hasAnswered)?.TotalSeconds;
    }
}
