namespace PolicyLayer.Tests.Model;

/// <summary>
/// An authorizer over grants, revocations, approvals, limits, continuations and clocks that step agrees with a naive model.
/// </summary>
public sealed class AuthorizationModelTests
{
    private const int Runs = 5;

    // The store in memory forgets idle counters, and then counts from the latest time that it has seen, which a model of one counter
    // doesn't know: the clock steps back with a store that forgets none.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Agrees_with_the_model(bool stepsBack)
    {
        var said = new Dictionary<DecisionCode, int>();
        int wentOn = 0;
        for (ulong seed = 1; seed <= Runs; seed++)
        {
            var run = new AuthorizationRun(seed, stepsBack ? new DictionaryCounterStore() : null, stepsBack);
            await run.RunAsync(LongTests.Choose(1_000, 100_000));
            wentOn += run.WentOn;
            foreach ((DecisionCode code, int times) in run.Said)
            {
                said[code] = said.GetValueOrDefault(code) + times;
            }
        }

        DecisionCode[] expected =
        [
            DecisionCode.Allowed, DecisionCode.GrantUnknown, DecisionCode.GrantRevoked, DecisionCode.GrantExpired, DecisionCode.NotListed,
            DecisionCode.ApprovalRequired, DecisionCode.ApprovalDenied, DecisionCode.ApprovalLimit, DecisionCode.LimitExceeded,
            DecisionCode.SessionMissing,
        ];
        Assert.Equal(expected.Order(), said.Keys.Order());
        Assert.All(said, each => Assert.True(each.Value >= 3, $"{each.Key} was said {each.Value} times."));
        Assert.True(wentOn >= 100, $"{wentOn} calls went on.");
    }
}
