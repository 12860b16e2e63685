namespace PolicyLayer.Tests.Authorization;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Two_hundred_tasks_admit_exactly_a_thousand_of_a_hundred_thousand_calls()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""
            { "version": "1", "default": "deny", "tools": { "t": { "rate_limit": { "max": 1000, "window": "day" } } } }
            """);
        int admitted = 0;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                if ((await authorizer.AuthorizeAsync(new ToolCall("t"))).IsAllowed)
                {
                    Interlocked.Increment(ref admitted);
                }
            }
        })));
        Assert.Equal(1_000, admitted);
    }

    [Fact]
    public async Task Decision_ids_are_unique_on_all_threads()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer("""{ "version": "1", "default": "allow" }""");
        string[][] ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var own = new string[2_000];
            for (int i = 0; i < own.Length; i++)
            {
                own[i] = (await authorizer.AuthorizeAsync(new ToolCall("t"))).DecisionId;
            }

            return own;
        })));
        Assert.Equal(16_000, ids.SelectMany(own => own).Distinct().Count());
    }
}
