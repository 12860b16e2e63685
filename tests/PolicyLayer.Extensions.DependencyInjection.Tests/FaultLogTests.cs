using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.DependencyInjection;

/// <summary>What breaks often is logged once a second, and none of it is left out of the count.</summary>
public sealed class FaultLogTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly EntryList _log = new();
    private readonly ServiceProvider _provider;
    private readonly IFaultListener _listener;

    public FaultLogTests()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_clock).AddLogging(logging => logging.AddProvider(_log));
        services.AddPolicyLayer(options => options.UsePolicyJson("""{ "version": "1", "default": "allow" }"""));
        _provider = services.BuildServiceProvider();
        _listener = _provider.GetRequiredService<IFaultListener>();
    }

    public void Dispose() => _provider.Dispose();

    [Fact]
    public void The_first_is_logged_at_once_and_the_others_a_second_later_as_one()
    {
        Tell("a", "b", "c", "d");
        Assert.Equal(["a"], Logged);
        _clock.Advance(Second - TimeSpan.FromTicks(1));
        Assert.Equal(["a"], Logged);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(["a", "d and 2"], Logged);
        Tell("e");
        Assert.Equal(["a", "d and 2"], Logged);
        _clock.Advance(Second);
        Assert.Equal(["a", "d and 2", "e"], Logged);
        Assert.Equal(
            "AuditWrite failed at AuditSinks[0] for decision d: System.IO.IOException; 2 more such faults since the last one told",
            _log.Entries[1].Text);
        Assert.All(_log.Entries, entry => Assert.Equal((LogLevel.Error, "PolicyLayer"), (entry.Level, entry.Category)));
        Assert.All(_log.Entries, entry => Assert.IsType<IOException>(entry.Exception));
    }

    [Fact]
    public void What_can_t_be_judged_is_logged_with_its_member_in_one_line()
    {
        Fault malformed = FaultOf("a", FaultKind.Malformed, "ToolCall.Arguments", "/rows\n/3", "System.Double");
        _listener.OnFault(malformed);
        _listener.OnFault(malformed);
        _listener.OnFault(malformed);
        _clock.Advance(Second);
        const string Told =
            "Malformed failed at ToolCall.Arguments for decision a: System.IO.IOException, at `/rows\\n/3` of type System.Double";
        Assert.Equal([Told, Told + "; 1 more such faults since the last one told"], _log.Entries.Select(entry => entry.Text));
        Assert.All(_log.Entries, entry => Assert.Equal((LogLevel.Error, "System.Double"), (entry.Level, entry.Parts["MemberType"])));
    }

    [Fact]
    public void After_a_quiet_second_the_next_is_logged_at_once()
    {
        Tell("a");
        _clock.Advance(Second);
        Tell("b");
        Assert.Equal(["a", "b"], Logged);
    }

    [Fact]
    public void Each_kind_at_each_place_has_a_second_of_its_own()
    {
        Tell("a");
        _listener.OnFault(FaultOf("b", place: "AuditSinks[1]"));
        _listener.OnFault(FaultOf("c", FaultKind.AuditDropped));
        Assert.Equal(["a", "b", "c"], Logged);
    }

    [Fact]
    public void What_is_withheld_is_logged_when_the_host_ends_and_nothing_is_withheld_then()
    {
        Tell("a", "b", "c");
        _provider.Dispose();
        Assert.Equal(["a", "c and 1"], Logged);
        Tell("d", "e");
        Assert.Equal(["a", "c and 1", "d", "e"], Logged);
        _clock.Advance(Second);
        Assert.Equal(4, _log.Entries.Count);
    }

    [Fact]
    public async Task No_fault_is_missing_from_the_counts_whatever_races()
    {
        await Parallel.ForAsync(0, 10_000, (i, _) =>
        {
            Tell("x");
            if (i % 1_000 == 0)
            {
                _clock.Advance(Second);
            }

            return default;
        });
        _clock.Advance(Second);
        Assert.Equal(10_000, _log.Entries.Sum(entry => 1 + (entry.Parts.TryGetValue("Withheld", out object? more) ? (long)more! : 0)));
        Assert.InRange(_log.Entries.Count, 2, 12);
    }

    private IEnumerable<string> Logged => _log.Entries.Select(entry =>
        entry.Parts["DecisionId"] + (entry.Parts.TryGetValue("Withheld", out object? withheld) ? $" and {withheld}" : ""));

    private static Fault FaultOf(
        string id,
        FaultKind kind = FaultKind.AuditWrite,
        string place = "AuditSinks[0]",
        string? member = null,
        string? memberType = null) => new()
        {
            Member = member,
            MemberType = memberType,
            Kind = kind,
            Place = place,
            DecisionId = id,
            ExceptionType = "System.IO.IOException",
            Exception = new IOException("disk full"),
        };

    private void Tell(params string[] ids)
    {
        foreach (string id in ids)
        {
            _listener.OnFault(FaultOf(id));
        }
    }
}
