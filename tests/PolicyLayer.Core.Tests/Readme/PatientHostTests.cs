using Microsoft.Extensions.Time.Testing;

namespace PolicyLayer.Tests.Readme;

/// <summary>README's host that waits for a person.</summary>
public sealed class PatientHostTests
{
    private readonly FakeTimeProvider _clock = TestPolicies.ClockAt("2026-01-01T00:00:00Z");

    [Fact]
    public async Task A_call_goes_on_once_a_person_has_approved_it()
    {
        ToolCallAuthorizer authorizer = TestPolicies.Authorizer(
            """{ "version": "1", "default": "deny", "tools": { "pay": { "action": "require_approval" } } }""",
            options => options.TimeProvider = _clock);
        var host = new PatientHost(authorizer, TimeSpan.FromMinutes(1));
        Task<ToolCallDecision> call = host.AuthorizeAsync(new ToolCall("pay", ToolArguments.FromJson("""{"to":"ann"}""")), default);
        using var screen = new StringWriter();
        await host.ShowAsync(screen, default);
        string line = screen.ToString().Trim();
        Assert.EndsWith(""": default calls pay {"to":"ann"}""", line, StringComparison.Ordinal);
        Assert.False(call.IsCompleted);

        Assert.True(await host.ApproveAsync(line[..line.IndexOf(':', StringComparison.Ordinal)], "alice", default));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await call.WaitAsync(TimeSpan.FromSeconds(30))).IsAllowed);
    }
}
