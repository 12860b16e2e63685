using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Http;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>Who calls, as the policy knows it.</summary>
public sealed class IdentityTests
{
    [Fact]
    public void No_two_that_can_be_told_apart_are_one()
    {
        Caller[] callers =
        [
            Of("a", null, null), Of("a", "s", null), Of("a", "t", null), Of("a", null, "s"), Of("a", "s", "t"), Of("a", "st", null),
            Of("a", "", "st"), Of("as", null, null), Of("a1:s", null, null), Of("b", "s", null), Of("a", "1:", "s"), Of("a", "1:s", null),
        ];

        Assert.Distinct(callers.Select(caller => caller.Principal));
        Assert.Equal(Of("a", "s", "t").Principal, Of("a", "s", "t").Principal);
    }

    [Theory]
    [InlineData(false, null, "s", "s", SessionSource.McpSession)]
    [InlineData(false, null, null, null, SessionSource.McpSession)]
    [InlineData(true, "g", "s", "g", SessionSource.Header)]
    [InlineData(true, null, "s", null, SessionSource.Header)]
    public void A_gateway_that_is_trusted_says_the_session_alone(
        bool hasHeader, string? gateway, string? session, string? expected, SessionSource source)
    {
        Caller caller = new Identity("a", hasHeader, gateway, null).CallerIn(session);

        Assert.Equal(("a", expected, source), (caller.GrantId, caller.SessionId, caller.SessionSource));
    }

    private static Caller Of(string grant, string? session, string? gateway) =>
        new Identity(grant, gateway is not null, gateway, null).CallerIn(session);
}
