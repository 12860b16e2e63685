using PolicyLayer.Counters;
using PolicyLayer.Telemetry;

namespace PolicyLayer.Tests.Reloading;

/// <summary>What files say comes into force once it is whole and right, and all of it together.</summary>
public sealed class PolicyReloaderTests : IDisposable
{
    private readonly WatchedFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_edit_comes_into_force_when_it_has_settled()
    {
        await _folder.StartAsync();
        _folder.Write("policy.json", WatchedFolder.Policy(2));
        await _folder.PollAsync();
        Assert.Equal(1, await _folder.InForceAsync());

        await _folder.SettleAsync();

        PolicyReloadAttempt attempt = await _folder.HeardAsync();
        Assert.True(attempt.IsApplied);
        Assert.Null(attempt.Failure);
        Assert.Equal("p", Assert.Single(attempt.Reload.Policies).Name);
        Assert.InRange(_folder.Clock.GetUtcNow() - attempt.Time, TimeSpan.Zero, WatchedFolder.Settle);
        Assert.Same(attempt, _folder.Reloader.LastAttempt);
        Assert.Equal(2, await _folder.InForceAsync());
        await _folder.PollAsync();
        Assert.Single(_folder.Attempts);
    }

    [Fact]
    public async Task An_edit_since_the_documents_were_loaded_is_seen_at_once()
    {
        PolicyBundleSource source = new([_folder.SourceOf("policy.json")]);
        PolicyBundleResult loaded = source.Load();
        var authorizer = new ToolCallAuthorizer(loaded.Bundle!.Policies[0], TestPolicies.OneGrant);
        _folder.Write("policy.json", WatchedFolder.Policy(2));
        await using var reloader = new PolicyReloader(authorizer, source, loaded, _folder.Options);
        await _folder.TimerAsync();
        await _folder.SettleAsync();
        Assert.True((await _folder.HeardAsync()).IsApplied);
        Assert.Equal(ToolAvailability.Callable, await authorizer.DescribeAsync("v2"));
    }

    [Fact]
    public async Task What_is_written_in_parts_is_taken_as_a_whole()
    {
        await _folder.StartAsync();
        string whole = WatchedFolder.Policy(2);
        foreach (int part in new[] { 10, 30, 50 })
        {
            _folder.Write("policy.json", whole[..part]);
            await (part == 10 ? _folder.PollAsync() : _folder.SettleAsync());
        }

        _folder.Write("policy.json", whole);
        await _folder.SettleAsync();
        Assert.Empty(_folder.Attempts);
        await _folder.SettleAsync();
        Assert.True((await _folder.HeardAsync()).IsApplied);
        Assert.Single(_folder.Attempts);
        Assert.Empty(_folder.Faults);
    }

    [Fact]
    public async Task What_is_in_force_again_before_it_has_settled_was_nothing()
    {
        await _folder.StartAsync();
        File.Delete(_folder.PathOf("policy.json"));
        await _folder.PollAsync();
        _folder.Write("policy.json", WatchedFolder.Policy(1));
        await _folder.SettleAsync();
        await _folder.PollAsync();
        Assert.Empty(_folder.Attempts);
        Assert.Null(_folder.Reloader.LastAttempt);
    }

    [Fact]
    public async Task What_is_rejected_is_told_once_for_each_content()
    {
        await _folder.StartAsync();
        _folder.Write("policy.json", """{ "version": "1", "defalt": "deny", "tools": {} }""");
        PolicyReloadAttempt first = await _folder.TakeAsync();
        await _folder.PollAsync();
        await _folder.PollAsync();
        Assert.Same(first, Assert.Single(_folder.Attempts));
        Assert.False(first.IsApplied);
        Assert.Null(first.Reload);
        Assert.Contains("defalt", first.Failure, StringComparison.Ordinal);
        Assert.Contains("policy.json:1:", first.Failure, StringComparison.Ordinal);
        Assert.Equal(1, await _folder.InForceAsync());

        _folder.Write("policy.json", "{");
        PolicyReloadAttempt second = await _folder.TakeAsync();
        Assert.Same(second, _folder.Reloader.LastAttempt);
        Assert.Equal([(FaultKind.Reload, "Documents"), (FaultKind.Reload, "Documents")], _folder.Faults.Select(f => (f.Kind, f.Place)));
        Assert.Equal(second.Failure, _folder.Faults[1].Exception!.Message);

        _folder.Write("policy.json", WatchedFolder.Policy(3));
        Assert.True((await _folder.TakeAsync()).IsApplied);
        Assert.Equal(3, await _folder.InForceAsync());
        Assert.Equal(3, _folder.Attempts.Count);
    }

    [Fact]
    public async Task An_edit_back_to_what_is_in_force_makes_it_good_again_and_says_so_once()
    {
        await _folder.StartAsync();
        _folder.Write("policy.json", "{");
        await _folder.TakeAsync();
        Assert.False(_folder.Reloader.LastAttempt!.IsApplied);
        _folder.Write("policy.json", WatchedFolder.Policy(1));
        PolicyReloadAttempt back = await _folder.TakeAsync();
        Assert.Equal((true, false, true), (back.IsApplied, back.Reload!.ChangedAnything, back.Documents.IsValid));
        Assert.Null(_folder.Reloader.LastAttempt);
        await _folder.PollAsync();
        Assert.Equal(2, _folder.Attempts.Count);

        _folder.Write("policy.json", WatchedFolder.Policy(2));
        PolicyReloadAttempt good = await _folder.TakeAsync();
        _folder.Write("policy.json", "{");
        PolicyReloadAttempt again = await _folder.TakeAsync();
        Assert.False(again.IsApplied);
        _folder.Write("policy.json", WatchedFolder.Policy(2));
        Assert.False((await _folder.TakeAsync()).Reload!.ChangedAnything);
        Assert.Same(good, _folder.Reloader.LastAttempt);
        Assert.Equal(5, _folder.Attempts.Count);
    }

    [Fact]
    public async Task Policies_and_grants_are_one_unit()
    {
        _folder.Write("grants.json", WatchedFolder.Grants("g"));
        await _folder.StartAsync();
        _folder.Write("policy.json", WatchedFolder.Policy(2));
        await _folder.PollAsync();
        _folder.Write("grants.json", WatchedFolder.Grants("g", "h"));
        await _folder.SettleAsync();
        Assert.Equal(1, await _folder.InForceAsync());
        await _folder.SettleAsync();
        PolicyReloadAttempt both = await _folder.HeardAsync();
        Assert.Equal((1, 1), (both.Reload!.Policies.Count, both.Reload.Grants!.Added));

        // A bad file keeps the good one out too.
        _folder.Write("policy.json", WatchedFolder.Policy(3));
        _folder.Write("grants.json", "[]");
        Assert.False((await _folder.TakeAsync()).IsApplied);
        Assert.Equal(2, await _folder.InForceAsync());
        Assert.Equal(2, _folder.GrantsInForce!.Grants.Count);
    }

    [Fact]
    public async Task A_grant_that_the_host_revoked_stays_so_until_its_document_changes()
    {
        _folder.Write("grants.json", WatchedFolder.Grants("g", "h"));
        await _folder.StartAsync();
        _folder.GrantsInForce!.Revoke("h");
        _folder.Write("policy.json", WatchedFolder.Policy(2));
        Assert.Null((await _folder.TakeAsync()).Reload!.Grants);
        Assert.True(_folder.GrantsInForce.Find("h")!.IsRevoked);

        _folder.Write("grants.json", WatchedFolder.Grants("g", "h", "i"));
        Assert.Equal(1, (await _folder.TakeAsync()).Reload!.Grants!.Added);
        Assert.False(_folder.GrantsInForce.Find("h")!.IsRevoked);
    }

    [Fact]
    public async Task What_does_not_fit_the_authorizer_is_rejected_and_tried_again_when_asked()
    {
        var store = new PolicyLayer.Counters.InMemoryCounterStore();
        var other = new ToolCallAuthorizer(
            Policy.Parse("""{ "version": "1", "name": "q", "default": "deny", "tools": {} }"""),
            new ToolCallAuthorizerOptions { Counters = store });
        _folder.Configure = options => options.Counters = store;
        _folder.Options.SettleTime = TimeSpan.Zero;
        await _folder.StartAsync();
        _folder.Write("policy.json", WatchedFolder.Policy(2).Replace("\"p\"", "\"q\"", StringComparison.Ordinal));

        await _folder.PollAsync();
        PolicyReloadAttempt rejected = await _folder.HeardAsync();
        Assert.Contains("`q`", rejected.Failure, StringComparison.Ordinal);
        Assert.True(rejected.Documents.IsValid);
        await other.ReloadAsync(new PolicyBundle([Policy.Parse("""{ "version": "1", "name": "r", "default": "deny", "tools": {} }""")]));
        Assert.Equal(1, await _folder.InForceAsync());

        PolicyReloadAttempt? asked = await _folder.Reloader.ReloadAsync();
        Assert.True(asked!.IsApplied);
        Assert.Equal(2, await _folder.InForceAsync());
        Assert.Null(await _folder.Reloader.ReloadAsync());
        Assert.Equal([rejected, asked], _folder.Attempts);
        GC.KeepAlive(other);
    }

    [Fact]
    public async Task Documents_that_are_no_files_are_read_once()
    {
        int opened = 0;
        var stream = DocumentSource.FromStream("q.json", () =>
        {
            opened++;
            return new MemoryStream("""{ "version": "1", "name": "q", "default": "deny", "tools": {} }"""u8.ToArray());
        });
        _folder.Write("grants.json", WatchedFolder.Grants("g"));
        await _folder.StartAsync(new PolicyBundleSource(
            [_folder.SourceOf("policy.json"), new PolicySource(stream)], DocumentSource.FromFile(_folder.PathOf("grants.json"))));
        _folder.Write("policy.json", WatchedFolder.Policy(2));
        Assert.True((await _folder.TakeAsync()).IsApplied);
        Assert.Equal(1, opened);
    }

    [Fact]
    public void What_the_authorizer_was_not_made_with_is_refused()
    {
        PolicyBundleSource source = new([_folder.SourceOf("policy.json")]);
        PolicyBundleResult loaded = source.Load();
        var authorizer = new ToolCallAuthorizer(loaded.Bundle!.Policies[0]);
        PolicyBundleSource other = new([_folder.SourceOf("policy.json")]);
        Assert.Throws<ArgumentException>("loaded", () => new PolicyReloader(authorizer, source, other.Load(), _folder.Options));
        _folder.Write("policy.json", "{");
        Assert.Throws<ArgumentException>("loaded", () => new PolicyReloader(authorizer, source, source.Load(), _folder.Options));
        _folder.Write("policy.json", WatchedFolder.Policy(1));
        _folder.Write("grants.json", WatchedFolder.Grants("g"));
        PolicyBundleSource granted = _folder.SourceWithGrants();
        Assert.Throws<ArgumentException>("bundle", () => new PolicyReloader(authorizer, granted, granted.Load(), _folder.Options));
        _folder.Options.PollInterval = TimeSpan.FromMilliseconds(9);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PolicyReloader(authorizer, source, loaded, _folder.Options));
    }

    [Fact]
    public async Task A_file_that_keeps_changing_is_told_once_and_what_settles_then_is_taken()
    {
        await _folder.StartAsync();
        await KeepChangingAsync();
        PolicyReloadAttempt attempt = await _folder.HeardAsync();
        Assert.StartsWith("The documents keep changing", attempt.Failure, StringComparison.Ordinal);
        Assert.Same(attempt, _folder.Reloader.LastAttempt);
        Assert.Equal((FaultKind.Reload, "Documents"), (_folder.Faults[0].Kind, _folder.Faults[0].Place));
        await KeepChangingAsync();
        Assert.Single(_folder.Attempts);
        Assert.Single(_folder.Faults);

        // The very text that was seen last may be the one that stays.
        await _folder.TakeAsync();
        Assert.True(_folder.Reloader.LastAttempt!.IsApplied);
        Assert.Equal(2, await _folder.InForceAsync());

        async Task KeepChangingAsync()
        {
            for (int i = 0; i <= 100; i++)
            {
                _folder.Write("policy.json", WatchedFolder.Policy(2) + new string(' ', i));
                await (i == 0 ? _folder.PollAsync() : _folder.SettleAsync());
            }
        }
    }

    [Fact]
    public async Task What_kept_changing_and_says_again_what_is_in_force_is_right_again()
    {
        await _folder.StartAsync();
        for (int i = 0; i <= 100; i++)
        {
            _folder.Write("policy.json", WatchedFolder.Policy(2) + new string(' ', i));
            await (i == 0 ? _folder.PollAsync() : _folder.SettleAsync());
        }

        Assert.NotNull((await _folder.HeardAsync()).Failure);
        _folder.Write("policy.json", WatchedFolder.Policy(1));
        Assert.False((await _folder.TakeAsync()).Reload!.ChangedAnything);
        Assert.Null(_folder.Reloader.LastAttempt);
    }

    [Fact]
    public async Task A_name_that_another_authorizer_lets_go_of_is_taken_without_another_edit()
    {
        var store = new InMemoryCounterStore();
        var other = new ToolCallAuthorizer(
            Policy.Parse("""{ "version": "1", "name": "taken", "default": "deny" }"""),
            new ToolCallAuthorizerOptions { Counters = store, DefaultGrantId = "g" });
        _folder.Configure = options => options.Counters = store;
        await _folder.StartAsync();
        _folder.Write("policy.json", WatchedFolder.Policy(2).Replace("\"p\"", "\"taken\"", StringComparison.Ordinal));
        Assert.Contains("`taken`", (await _folder.TakeAsync()).Failure, StringComparison.Ordinal);
        await _folder.PollAsync();
        await _folder.SettleAsync();
        Assert.Single(_folder.Attempts);
        Assert.Single(_folder.Faults);

        await other.ReloadAsync(new PolicyBundle([Policy.Parse("""{ "version": "1", "name": "free", "default": "deny" }""")]));
        Assert.True((await _folder.TakeAsync()).IsApplied);
        Assert.Equal(2, await _folder.InForceAsync());
    }
}
