using System.Net;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Proxy.Http;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>Who tries tokens waits, for as long as it goes on.</summary>
public sealed class FailedAttemptsTests
{
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.1");

    private readonly FakeTimeProvider _clock = new();
    private readonly FailedAttempts _attempts;

    public FailedAttemptsTests() => _attempts = new FailedAttempts(_clock);

    [Fact]
    public async Task An_address_is_heard_again_when_its_answers_wait_no_more()
    {
        await FailFreelyAsync(Address);
        Task[] waiting = [.. Enumerable.Range(0, FailedAttempts.MaxWaiting).Select(_ => _attempts.FailAsync(Address, default))];
        Assert.True(_attempts.IsBlocked(Address));
        Assert.False(_attempts.IsBlocked(IPAddress.Parse("192.0.2.2")));

        _clock.Advance(FailedAttempts.Delay);

        await Task.WhenAll(waiting);
        Assert.False(_attempts.IsBlocked(Address));
    }

    [Fact]
    public async Task Who_goes_waits_no_more()
    {
        await FailFreelyAsync(Address);
        using var gone = new CancellationTokenSource();
        Task[] waiting = [.. Enumerable.Range(0, FailedAttempts.MaxWaiting).Select(_ => _attempts.FailAsync(Address, gone.Token))];

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
        Assert.False(_attempts.IsBlocked(Address));
    }

    [Fact]
    public async Task After_a_minute_failures_are_forgotten()
    {
        await FailFreelyAsync(Address);
        _clock.Advance(TimeSpan.FromSeconds(59));
        Task late = _attempts.FailAsync(Address, default);
        Assert.False(late.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await late;

        Assert.True(_attempts.FailAsync(Address, default).IsCompleted);
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::ffff:1", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public async Task Addresses_of_one_network_of_IPv6_and_two_ways_to_write_one_are_the_same(string one, string other, bool areSame)
    {
        await FailFreelyAsync(IPAddress.Parse(one));

        Assert.Equal(areSame, !_attempts.FailAsync(IPAddress.Parse(other), default).IsCompleted);
    }

    private async Task FailFreelyAsync(IPAddress address)
    {
        for (int i = 0; i < FailedAttempts.Free; i++)
        {
            await _attempts.FailAsync(address, default);
        }
    }
}
