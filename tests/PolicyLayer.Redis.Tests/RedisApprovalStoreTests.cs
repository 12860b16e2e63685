using System.Globalization;
using PolicyLayer.Approvals;
using PolicyLayer.Counters;
using PolicyLayer.Redis;
using PolicyLayer.Testing;
using StackExchange.Redis;
using static PolicyLayer.Tests.Redis.RedisApprovals;

namespace PolicyLayer.Tests.Redis;

/// <summary>What the Redis store does beside the contract: its bounds, its script calls, its keys and how it keeps text.</summary>
public sealed class RedisApprovalStoreTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    /// <summary>No call ends more than it may, and nothing is answered before all has ended.</summary>
    [RedisFact]
    public async Task A_burst_of_thousands_ends_in_calls_of_hundreds_before_anything_is_answered()
    {
        const int Requests = 2_300;
        await using var server = new RedisServer();
        await server.StartAsync(appendFsync: "no");
        await using ConnectionMultiplexer connection = await server.ConnectAsync(allowAdmin: true);
        var store = new SteppedRedisApprovalStore(connection, RedisApprovalHarness.OptionsOf("burst:", ApprovalProtector.Plain));
        for (int i = 1; i <= Requests; i++)
        {
            await store.AskAsync(Request(i));
        }

        Assert.Equal(
            [Id(1), Id(2)], (await store.ListPendingAsync(new ApprovalListQuery { Time = Start, Count = 2 })).Select(each => each.Id));
        await FindAsync(store, 1);
        Assert.Equal((5, ApprovalStatus.Expired), await CountCallsAsync(Start + Period));
        Assert.Equal((1, ApprovalStatus.Expired), await CountCallsAsync(Start + Period));
        Assert.Empty(await store.ListPendingAsync(new ApprovalListQuery { Time = Start + Period, Count = 2 }));
        Assert.Equal(5 + 1, KeysOf(connection, store.Store).Length);
        Assert.Equal((5, ApprovalStatus.Unknown), await CountCallsAsync(Start + Period + TimeSpan.FromHours(1)));
        Assert.Equal(["bytes", "version"], KeysOf(connection, store.Store).Select(key => key.ToString().Split('|')[^1]).Order());
        Assert.Equal("0", (await connection.GetDatabase().HashGetAllAsync(store.Store.Keys.All[5])).Single().Value);

        async Task<(int Calls, ApprovalStatus Status)> CountCallsAsync(DateTimeOffset at)
        {
            IServer admin = connection.GetServers().Single();
            await admin.ConfigResetStatisticsAsync();
            ApprovalStatus status = await StatusAsync(store, Requests, at);
            string stat = (await admin.InfoAsync("commandstats")).SelectMany(group => group).Single(x => x.Key == "cmdstat_evalsha").Value;
            return (int.Parse(stat.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture), status);
        }
    }

    [RedisFact]
    public async Task A_decision_is_one_script_call()
    {
        RedisApprovalStore store = Open("calls:");
        await store.AskAsync(Request(1, uses: 2));
        await store.ResolveAsync(Approve(1));
        Assert.True(await store.SpendAsync(Use(1)));
        await using var profiled = await redis.Server.ConnectAsync();
        var session = new StackExchange.Redis.Profiling.ProfilingSession();
        profiled.RegisterProfiler(() => session);
        var watched = new RedisApprovalStore(profiled, RedisApprovalHarness.OptionsOf("calls:"));
        Assert.Equal(ApprovalAnswerKind.Found, (await watched.AskAsync(Request(2, binding: 1))).Kind);
        Assert.True(await watched.SpendAsync(Use(1)));
        Assert.Equal(["EVALSHA", "EVALSHA"], session.FinishProfiling().Select(command => command.Command));
    }

    [RedisFact]
    public async Task A_server_that_forgot_the_scripts_is_told_them_again()
    {
        RedisApprovalStore store = Open("flushed:");
        await store.AskAsync(Request(1));
        await redis.Connection.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");
        Assert.Equal(ApprovalAnswerKind.Found, (await store.AskAsync(Request(2, binding: 1))).Kind);
    }

    [RedisFact]
    public async Task Contents_are_bounded_in_all_and_for_a_grant_and_those_that_went_make_room()
    {
        RedisApprovalStore store = Open("bytes:", options => (options.MaxContentBytes, options.MaxContentBytesPerGrant) = (10, 6));
        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(1, content: new byte[7]))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(1, content: new byte[4]))).Kind);
        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(2, content: new byte[3]))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(2, content: new byte[2]))).Kind);
        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(3, content: new byte[5], grantId: "other"))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(3, content: new byte[4], grantId: "other"))).Kind);
        await store.ResolveAsync(Refuse(1));
        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(4, content: new byte[5]))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(4, content: new byte[4]))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(5, content: []))).Kind);
    }

    [RedisFact]
    public async Task What_has_ended_makes_room_the_oldest_first()
    {
        SteppedRedisApprovalStore store = OpenStepped("oldest:", options => (options.MaxApprovals, options.MaxApprovalsPerGrant) = (3, 3));
        await store.AskAsync(Request(1, Start, grantId: "g"));
        await store.AskAsync(Request(2, Start.AddSeconds(1), grantId: "h"));
        await store.AskAsync(Request(3, Start.AddSeconds(2), grantId: "h"));
        DateTimeOffset second = Start.AddSeconds(1) + Period;

        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(4, Start.AddSeconds(3), grantId: "i"))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(4, second, grantId: "i"))).Kind);
        Assert.Equal(["Unknown", "Expired", "Pending", "Pending"], await StatusesAsync(store, second, 4));
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(5, second, grantId: "i"))).Kind);
        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(6, second, grantId: "i"))).Kind);
        Assert.Equal(["Unknown", "Unknown", "Pending", "Pending", "Pending"], await StatusesAsync(store, second, 5));
    }

    [RedisFact]
    public async Task A_grant_takes_no_more_than_its_share()
    {
        SteppedRedisApprovalStore store = OpenStepped("share:", options => (options.MaxApprovals, options.MaxApprovalsPerGrant) = (4, 2));
        await store.AskAsync(Request(1, Start, grantId: "other"));
        await store.AskAsync(Request(2, Start.AddSeconds(1)));
        await store.AskAsync(Request(3, Start.AddSeconds(2)));
        DateTimeOffset second = Start.AddSeconds(1) + Period;

        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(4, Start.AddSeconds(2)))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(4, second))).Kind);
        Assert.Equal(["Expired", "Unknown", "Pending", "Pending"], await StatusesAsync(store, second, 4));
        Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request(5, second))).Kind);
        Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request(5, second, grantId: "other"))).Kind);
    }

    [RedisFact]
    public async Task One_that_was_narrowed_to_its_call_is_there_for_no_other_and_a_refusal_for_all()
    {
        RedisApprovalStore store = Open("exact:");
        await store.AskAsync(Request(1, binding: 9, exact: 1, uses: 2));
        await store.AskAsync(Request(2, binding: 9, exact: 2));
        await store.ResolveAsync(Approve(1, isExact: true));
        Assert.False(await store.SpendAsync(Use(1, binding: 9, exact: 2)));
        ApprovalAnswer other = await store.AskAsync(Request(3, binding: 9, exact: 2));
        Assert.Equal((ApprovalAnswerKind.Requested, false), (other.Kind, other.Approval!.IsExact));
        ApprovalAnswer own = await store.AskAsync(Request(4, binding: 9, exact: 1));
        Assert.Equal((Id(1), ApprovalStatus.Approved, true), (own.Approval!.Id, own.Approval.Status, own.Approval.IsExact));
        Assert.True(await store.SpendAsync(Use(1, binding: 9, exact: 1)));
        await store.ReturnAsync(Use(1, binding: 9, exact: 2));
        Assert.Equal(1, (await FindAsync(store, 1))!.UsesLeft);

        await store.ResolveAsync(Refuse(1));
        Assert.Equal(ApprovalStatus.Refused, await StatusAsync(store, 3));
        Assert.Equal(Id(1), (await store.AskAsync(Request(5, binding: 9, exact: 7))).Approval!.Id);
    }

    [RedisTheory]
    [InlineData("", "", null)]
    [InlineData("g|p", "a|b", "|")]
    [InlineData("g%007c", "=%", "")]
    [InlineData("g\0\n", "na\u0000me", "line\u0085break")]
    [InlineData("g\ud800", "\udc00x", "half \ud83d of a pair")]
    [InlineData("Zoë\ud83d\ude00", "Ángel", "because \u202e of €")]
    public async Task Any_text_comes_back_as_it_was(string grantId, string by, string? why)
    {
        RedisApprovalStore store = Open("text:");
        int number = 1 + Math.Abs(string.GetHashCode(grantId, StringComparison.Ordinal) / 2);
        await store.AskAsync(Request(number, grantId: grantId));
        await store.ResolveAsync(Approve(number, by: by, why: why));
        StoredApproval found = (await FindAsync(store, number))!;
        Assert.Equal((grantId, by, why), (found.GrantId, found.AnsweredBy, found.Reason));

        Assert.True(await store.SpendAsync(Use(number)));
        await store.AskAsync(Request(number + 1, binding: number, grantId: grantId));
        var refusal = new ApprovalResolve { Time = Start, Id = Id(number + 1), IsApproved = false, By = by + "2", Reason = why };
        Assert.Equal(ApprovalResolution.Done, await store.ResolveAsync(refusal));
        found = (await FindAsync(store, number))!;
        Assert.Equal((ApprovalStatus.Refused, by + "2", why), (found.Status, found.AnsweredBy, found.Reason));
    }

    [RedisFact]
    public async Task Grants_that_differ_in_anything_share_nothing()
    {
        RedisApprovalStore store = Open("grants:", options => options.MaxApprovalsPerGrant = 1);
        string[] grants = ["", "g", "G", "g\0a", "g\0b", "g\ud800", "g\ud801", "g|", "g%007c", "g|p", "all", "p", "e"];
        for (int i = 0; i < grants.Length; i++)
        {
            Assert.Equal(ApprovalAnswerKind.Requested, (await store.AskAsync(Request((2 * i) + 1, grantId: grants[i]))).Kind);
            Assert.Equal(ApprovalAnswerKind.TooMany, (await store.AskAsync(Request((2 * i) + 2, grantId: grants[i]))).Kind);
        }

        for (int i = 0; i < grants.Length; i++)
        {
            var query = new ApprovalListQuery { Time = Start, Count = 99, GrantId = grants[i] };
            Assert.Equal(Id((2 * i) + 1), Assert.Single(await store.ListPendingAsync(query)).Id);
        }
    }

    /// <summary>The server's clock has whole milliseconds: the last that has begun is in the period.</summary>
    [RedisFact]
    public async Task Periods_are_whole_milliseconds_and_terms_come_back_as_they_were()
    {
        SteppedRedisApprovalStore store = OpenStepped("ticks:");
        TimeSpan odd = TimeSpan.FromTicks((5 * TimeSpan.TicksPerMillisecond) + 1);
        await store.AskAsync(Request(1, pendingFor: odd, validFor: odd));
        Assert.Equal(ApprovalStatus.Pending, await StatusAsync(store, 1, Start.AddMilliseconds(5)));
        await store.ResolveAsync(Approve(1, Start.AddMilliseconds(5)));
        StoredApproval found = (await FindAsync(store, 1, Start.AddMilliseconds(10)))!;
        Assert.Equal((ApprovalStatus.Approved, odd, Start.AddMilliseconds(11)), (found.Status, found.Terms.ValidFor, found.Until));
        Assert.Equal(ApprovalStatus.Expired, await StatusAsync(store, 1, Start.AddMilliseconds(11)));

        await store.AskAsync(Request(2, pendingFor: TimeSpan.MaxValue));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(253_402_300_799_999), (await FindAsync(store, 2))!.Until);
    }

    /// <summary>Policies may be called anything: none of their counters has a key of the approvals'.</summary>
    [RedisTheory]
    [InlineData("shared:", "approvals")]
    [InlineData("shared:", "")]
    [InlineData("shared:", "}approvals|v1|records")]
    [InlineData("{shared}:", "approvals|v1|records")]
    public async Task Counters_and_approvals_share_a_prefix(string prefix, string policy)
    {
        RedisApprovalStore store = Open(prefix);
        var counters = new RedisCounterStore(redis.Connection, new RedisCounterStoreOptions { KeyPrefix = prefix });
        CounterRequest request = CaseStore.Request(CaseStore.Definition("c", policy: policy), CounterDemand.Unit);
        await store.AskAsync(Request(1));
        await counters.ReserveAsync(request);
        Assert.Equal(ApprovalStatus.Pending, await StatusAsync(store, 1));
        await foreach (CounterStatus status in counters.ListAsync())
        {
            Assert.Equal("c", status.Key.Definition.CounterName);
        }
    }

    /// <summary>Redis finds approvals by these: they may not change without a new version.</summary>
    [RedisFact]
    public async Task The_keys_and_records_of_version_1_are_the_same_in_every_version_of_the_package()
    {
        var store = new SteppedRedisApprovalStore(redis.Connection, RedisApprovalHarness.OptionsOf("kept:", ApprovalProtector.Plain));
        await store.AskAsync(Request(1, binding: 2, exact: 3, grantId: "ci|1", uses: 4));
        await store.ResolveAsync(Approve(1, isExact: true, why: "ok"));
        await store.SpendAsync(Use(1, binding: 2, exact: 3));
        IDatabase database = redis.Connection.GetDatabase();
        const string Slot = "{kept:}approvals|";
        string[] names = ["records", "index", "next", "earliest", "bytes", "content|" + Id(1)];
        Assert.Equal(
            names.Select(name => $"{Slot}v1|{name}").Append(Slot + "version").Order(StringComparer.Ordinal),
            KeysOf(redis.Connection, store.Store).Select(key => key.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal("1", await database.StringGetAsync(Slot + "version"));
        Assert.Equal(
            $"{Binding(2)}|{Binding(3)}|ci%007c1|approved|0|1795694400000|1795694400000|1795695000000|1795695000000|600000|4|6000000000"
                + "|3|1|2|1795694400000|=ann|=ok",
            await database.HashGetAsync(Slot + "v1|records", Id(1)));
        Assert.Equal(
            [$"b|{Binding(2)}|x|{Binding(3)}|1|001795694400000|{Id(1)}", $"g|ci%007c1|l|001795694400000|{Id(1)}"],
            (await database.SortedSetRangeByRankAsync(Slot + "v1|index")).Select(entry => (string?)entry));
    }

    private static async Task<string[]> StatusesAsync(SteppedRedisApprovalStore store, DateTimeOffset at, int count)
    {
        var statuses = new string[count];
        for (int i = 0; i < count; i++)
        {
            statuses[i] = (await StatusAsync(store, i + 1, at)).ToString();
        }

        return statuses;
    }

    private static RedisApprovalStoreOptions OptionsOf(string prefix, Action<RedisApprovalStoreOptions>? configure)
    {
        RedisApprovalStoreOptions options = RedisApprovalHarness.OptionsOf(prefix, ApprovalProtector.Plain);
        configure?.Invoke(options);
        return options;
    }

    private RedisApprovalStore Open(string prefix, Action<RedisApprovalStoreOptions>? configure = null) =>
        new(redis.Connection, OptionsOf(prefix, configure));

    private SteppedRedisApprovalStore OpenStepped(string prefix, Action<RedisApprovalStoreOptions>? configure = null) =>
        new(redis.Connection, OptionsOf(prefix, configure));
}
