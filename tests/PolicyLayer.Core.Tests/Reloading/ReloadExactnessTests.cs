using System.Collections.Concurrent;
using PolicyLayer.Auditing;
using PolicyLayer.Grants;
using PolicyLayer.Tests.Authorization;
using PolicyLayer.Tests.Cli;
using Xunit.Abstractions;

namespace PolicyLayer.Tests.Reloading;

/// <summary>
/// Calls while files change: each is explained by one revision that was in force between its start and its end, with the grants of that
/// revision; counters go on through all; and no call fails as something is reloaded.
/// </summary>
public sealed class ReloadExactnessTests(ITestOutputHelper output) : IDisposable
{
    private const int Callers = 4;
    private const int Answers = 7;

    private static readonly int Reloads = LongTests.Choose(usual: 10, whenLong: 1_000);
    private static readonly int LeastCalls = LongTests.Choose(usual: 100, whenLong: 10_000);

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly ConcurrentDictionary<string, int> _numbers = new();
    private readonly Charged _charged = new();

    /// <summary>The latest number that is surely in force, and the latest that may be.</summary>
    private int _inForce;
    private int _written;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [UnixFact]
    public async Task Every_call_is_explained_by_a_revision_that_was_in_force_meanwhile()
    {
        Put(number: 0, grants: 0, isGood: true);
        PolicyBundleSource source = new([new PolicySource(DocumentOf("policy.json"))], DocumentOf("grants.json"));
        PolicyBundleResult loaded = source.Load();
        var options = new ToolCallAuthorizerOptions
        {
            Grants = new GrantDirectory(loaded.Bundle!.Grants!),
            TimeProvider = TestPolicies.ClockAt("2026-01-01T12:00:00Z"),
        };
        options.AuditSinks.Add(_charged);
        var authorizer = new ToolCallAuthorizer(loaded.Bundle.Policies, options);
        authorizer.Reloaded += (_, e) => Volatile.Write(ref _inForce, _numbers[e.Reload.Policies[0].NewRevision!]);
        using var heard = new SemaphoreSlim(0);
        PolicyReloadAttempt? last = null;
        await using var reloader = new PolicyReloader(authorizer, source, loaded, new PolicyReloaderOptions
        {
            PollInterval = TimeSpan.FromMilliseconds(10),
            SettleTime = TimeSpan.Zero,
            Listener = attempt =>
            {
                last = attempt;
                heard.Release();
            },
        });
        using var stop = new CancellationTokenSource();
        Task<Tally> Begin(int seed) => Task.Factory.StartNew(
            () => CallUntil(authorizer, seed, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task<Tally>[] callers = [.. Enumerable.Range(0, Callers).Select(Begin)];

        int grants = 0;
        int rejected = 0;
        for (int i = 1; i <= Reloads; i++)
        {
            bool isGood = i % 3 != 2;
            grants = i % 3 == 0 ? i : grants;
            Volatile.Write(ref _written, isGood ? i : Volatile.Read(ref _written));
            Put(i, grants, isGood, replacesOne: i % 3 == 1);
            Assert.True(await heard.WaitAsync(TimeSpan.FromMinutes(2)), $"Nothing is heard of reload {i}.");
            Assert.Equal((isGood, isGood), (last!.IsApplied, _inForce == i));
            rejected += isGood ? 0 : 1;
        }

        await stop.CancelAsync();
        Tally[] tallies = await Task.WhenAll(callers);
        Assert.All(tallies, tally => Assert.Null(tally.Wrong));
        int calls = tallies.Sum(tally => tally.Calls);
        int allowed = tallies.Sum(tally => tally.Allowed);
        output.WriteLine($"{calls} calls, {allowed} allowed, {Reloads} reloads, {rejected} rejected");
        Assert.InRange(calls, LeastCalls, int.MaxValue);
        Assert.InRange(allowed, 1, calls - 1);
        Assert.Equal(allowed, _charged.Most);
    }

    private static int AnswerOf(int number) => number % Answers;

    private Tally CallUntil(ToolCallAuthorizer authorizer, int seed, CancellationToken stop)
    {
        var tally = new Tally();
        for (int n = seed; tally.Wrong is null && (!stop.IsCancellationRequested || tally.Calls * Callers < LeastCalls); n++)
        {
            int answer = n % Answers;
            int first = Volatile.Read(ref _inForce);
            ToolCallDecision decision;
            try
            {
                var call = new ToolCall("t", ToolArguments.FromJson($$"""{"n":{{answer}}}""")) { GrantId = "g" };
                decision = TestPolicies.Now(authorizer.AuthorizeAsync(call, CancellationToken.None));
            }
            catch (Exception e)
            {
                tally.Wrong = e.ToString();
                break;
            }

            tally.Add(decision.IsAllowed);
            tally.Wrong = WrongOf(decision, answer, first, Volatile.Read(ref _written));
        }

        return tally;
    }

    private string? WrongOf(in ToolCallDecision decision, int answer, int first, int last)
    {
        if (!_numbers.TryGetValue(decision.PolicyRevision, out int number) || number < first || number > last)
        {
            return $"{decision.Code} of {decision.PolicyRevision} ({number}), where {first} to {last} may be in force.";
        }

        bool isRight = answer == AnswerOf(number)
            ? decision.IsAllowed
            : decision is { Code: DecisionCode.RequireFailed, Rule: "/tools/t/require/1" }
                && decision.Message!.EndsWith($"This is {number}.", StringComparison.Ordinal);
        return isRight ? null : $"{decision.Code} by {decision.Rule}, {decision.Message}: {answer} under {number}";
    }

    private DocumentSource DocumentOf(string name) => DocumentSource.FromFile(Path.Combine(_folder, "..data", name));

    /// <summary>Writes both documents and swaps the link to them; or, where only the policy changes, replaces that file.</summary>
    private void Put(int number, int grants, bool isGood, bool replacesOne = false)
    {
        string policy = $$"""
            { "version": "1", "name": "p", "default": "deny", "tools": { "t": {
                "limits": [{ "counter": "calls", "window": "day", "max": 9007199254 }],
                "require": [
                  { "conditions": [{ "path": "grant.number", "op": "eq", "value": "{{grants}}" }], "on_deny": "Another's grants." },
                  { "conditions": [{ "path": "args.n", "op": "eq", "value": {{AnswerOf(number)}} }],
                    "on_deny": "This is {{number}}." }] } } }
            """;
        if (isGood)
        {
            _numbers[Policy.Parse(policy).Revision] = number;
        }

        string text = isGood ? policy : policy[..^3] + $"\n\"{number}\"";
        if (replacesOne)
        {
            string next = Path.Combine(_folder, "next");
            File.WriteAllText(next, text);
            File.Move(next, Path.Combine(_folder, "..data", "policy.json"), overwrite: true);
            return;
        }

        string folder = Directory.CreateDirectory(Path.Combine(_folder, $"..{number}")).FullName;
        File.WriteAllText(Path.Combine(folder, "policy.json"), text);
        File.WriteAllText(
            Path.Combine(folder, "grants.json"), $$"""{ "grants": [{ "id": "g", "attributes": { "number": "{{grants}}" } }] }""");
        Links.Swap(Path.Combine(_folder, "..data"), $"..{number}");
    }

    private sealed class Tally
    {
        public int Calls { get; private set; }

        public int Allowed { get; private set; }

        public string? Wrong { get; set; }

        public void Add(bool isAllowed)
        {
            Calls++;
            Allowed += isAllowed ? 1 : 0;
        }
    }

    /// <summary>The most that the counter held as a call was recorded.</summary>
    private sealed class Charged : IAuditSink
    {
        private readonly Lock _lock = new();

        public decimal Most { get; private set; }

        public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default)
        {
            lock (_lock)
            {
                foreach (AuditCounter counter in record.Counters)
                {
                    Most = Math.Max(Most, counter.Used ?? 0);
                }
            }

            return ValueTask.CompletedTask;
        }
    }
}
