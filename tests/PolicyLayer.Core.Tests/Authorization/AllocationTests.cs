using System.Text;
using System.Text.Json;

namespace PolicyLayer.Tests.Authorization;

/// <summary>The path of a decision allocates nothing once it is warm.</summary>
public sealed class AllocationTests
{
    private const string Policy = """
        { "version": "1", "default": "deny", "hide": ["secret"],
          "tools": { "free": {}, "blocked": { "action": "deny" }, "limited": { "rate_limit": { "max": 9007199254, "window": "day" } } } }
        """;

    private static readonly JsonElement Element = JsonDocument.Parse("""{"path":"/tmp/a","mode":"r","lines":10}""").RootElement;
    private static readonly byte[] Utf8 = Encoding.UTF8.GetBytes("""{"path":"/tmp/a","mode":"r","lines":10}""");

    [Theory]
    [InlineData("free", DecisionCode.Allowed)]
    [InlineData("other", DecisionCode.NotListed)]
    [InlineData("blocked", DecisionCode.ActionDeny)]
    [InlineData("secret", DecisionCode.Hidden)]
    [InlineData("limited", DecisionCode.Allowed)]
    public void A_warm_decision_allocates_nothing(string tool, DecisionCode expected)
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(Policy, options =>
        {
            options.TimeProvider = TimeProvider.System;
            options.MaxOpenCalls = 1_024;
        });
        foreach (ToolArguments arguments in new ToolArguments[] { ToolArguments.None, Element, Utf8 })
        {
            var call = new ToolCall(tool, arguments);
            Assert.Equal(0, AllocatedBy(authorizer, call, expected));
        }
    }

    private static long AllocatedBy(ToolCallAuthorizer authorizer, ToolCall call, DecisionCode expected)
    {
        // Places for open calls are made when they are first used, so the table is gone through once.
        for (int i = 0; i < 20_000; i++)
        {
            Judge(authorizer, call, expected);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            Judge(authorizer, call, expected);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Judge(ToolCallAuthorizer authorizer, ToolCall call, DecisionCode expected)
    {
        ValueTask<ToolCallDecision> decision = authorizer.AuthorizeAsync(call);
        if (!decision.IsCompletedSuccessfully || decision.Result.Code != expected)
        {
            Assert.Fail("The call was not judged as expected.");
        }
    }
}
