using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Proxy;
using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Http;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>What is remembered of callers has its bounds.</summary>
public sealed class BoundsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Addresses_that_are_too_many_count_as_one()
    {
        var attempts = new FailedAttempts(_clock);
        for (int i = 1; i <= 4096; i++)
        {
            await attempts.FailAsync(new IPAddress((long)i), default);
        }

        for (int i = 1; i <= FailedAttempts.Free; i++)
        {
            await attempts.FailAsync(new IPAddress(1_000_000L + i), default);
        }

        Task known = attempts.FailAsync(new IPAddress(1L), default);
        Task late = attempts.FailAsync(new IPAddress(2_000_000L), default);
        Assert.Equal((true, false), (known.IsCompleted, late.IsCompleted));
        _clock.Advance(FailedAttempts.Delay);
        await late;
    }

    [Fact]
    public async Task A_grant_with_too_many_sessions_loses_its_own_that_was_unused_for_longest()
    {
        Sessions sessions = Start();
        await FillAsync(sessions, "other", 1);
        await FillAsync(sessions, "a", Sessions.MaxOfOneGrant);

        await FillAsync(sessions, "a", 1, "new");

        Assert.Null(sessions.Enter("a-0", IdentityOf("a")));
        Assert.NotNull(sessions.Enter("a-1", IdentityOf("a")));
        Assert.NotNull(sessions.Enter("other-0", IdentityOf("other")));
    }

    [Fact]
    public async Task Of_too_many_sessions_the_one_goes_that_was_unused_for_longest()
    {
        Sessions sessions = Start();
        for (int i = 0; i < Sessions.Max / Sessions.MaxOfOneGrant; i++)
        {
            await FillAsync(sessions, i.ToString(CultureInfo.InvariantCulture), Sessions.MaxOfOneGrant);
        }

        await FillAsync(sessions, "new", 1);

        Assert.Null(sessions.Enter("0-0", IdentityOf("0")));
        Assert.NotNull(sessions.Enter("0-1", IdentityOf("0")));
        Assert.NotNull(sessions.Enter("new-0", IdentityOf("new")));
    }

    [Fact]
    public async Task A_session_that_is_in_use_is_not_lost()
    {
        Sessions sessions = Start();
        await FillAsync(sessions, "a", Sessions.MaxOfOneGrant);
        List<Session?> used = [sessions.Enter("a-0", IdentityOf("a"))];

        await FillAsync(sessions, "a", 1, "new");
        Assert.Null(sessions.Enter("a-1", IdentityOf("a")));
        Assert.NotNull(sessions.Enter("a-0", IdentityOf("a")));

        for (int i = 2; i < Sessions.MaxOfOneGrant; i++)
        {
            used.Add(sessions.Enter($"a-{i}", IdentityOf("a")));
        }

        used.Add(sessions.Enter("a-new0", IdentityOf("a")));
        Assert.DoesNotContain(null, used);
        Assert.Null(await sessions.BindAsync("one more", IdentityOf("a")));
    }

    [Fact]
    public async Task A_session_that_was_unused_for_an_hour_is_nobodys_before_it_is_cleared_away()
    {
        Sessions sessions = Start();
        await FillAsync(sessions, "a", 1);

        _clock.Advance(Sessions.Idle);

        Assert.Null(sessions.Enter("a-0", IdentityOf("a")));
    }

    [Fact]
    public void Events_that_were_shown_long_ago_are_forgotten()
    {
        var shown = new ShownEvents();
        for (int i = 0; i <= ShownEvents.Max; i++)
        {
            shown.Add(i.ToString(CultureInfo.InvariantCulture));
        }

        Assert.Equal((false, true, true), (shown.Contains("0"), shown.Contains("1"), shown.Contains("1000")));
    }

    private static Identity IdentityOf(string grant) => new(grant, false, null, null);

    private Sessions Start()
    {
        var authorizer = new ToolCallAuthorizer(Policy.Parse(Guarded.Document), new ToolCallAuthorizerOptions { TimeProvider = _clock });
        return new Sessions(new CallGuard(authorizer, new McpProxyOptions { TimeProvider = _clock }), _clock, NullLogger.Instance);
    }

    private async Task FillAsync(Sessions sessions, string grant, int count, string infix = "")
    {
        for (int i = 0; i < count; i++)
        {
            Session? session = await sessions.BindAsync($"{grant}-{infix}{i}", IdentityOf(grant));
            Assert.NotNull(session);
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            sessions.Leave(session);
        }
    }
}
