using System.Collections.Concurrent;

namespace PolicyLayer.Tests.Authorization;

/// <summary>The bound is on open calls: while fewer are open none is forgotten, and each is closed exactly once.</summary>
public sealed class OpenCallTests
{
    private const string Policy = """
        { "version": "1", "default": "allow", "tools": { "t": { "rate_limit": { "max": 9007199254, "window": "day" } },
          "u": { "rate_limit": { "max": 10000, "window": "day" } } } }
        """;

    [Theory]
    [InlineData(64)]
    [InlineData(65_536)]
    public async Task Calls_that_were_reported_drive_out_none_that_runs(int places)
    {
        ToolCallAuthorizer authorizer = Authorizer(places);
        ToolCallDecision running = await Allowed(authorizer);
        for (int i = 0; i < 70_000; i++)
        {
            Assert.True(await authorizer.CompleteAsync(await Allowed(authorizer), ToolCallOutcome.Succeeded));
        }

        Assert.True(await authorizer.CompleteAsync(running, ToolCallOutcome.NotExecuted));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(2_047)]
    public async Task What_is_kept_is_what_a_list_would_keep(int places)
    {
        ToolCallAuthorizer authorizer = Authorizer(places);
        var random = new Random(20_261_126);
        var open = new List<ToolCallDecision>();
        var closed = new List<ToolCallDecision>();
        for (int i = 0; i < 10_000; i++)
        {
            if (random.Next(places + 8) >= open.Count)
            {
                open.Add(await Allowed(authorizer));
                if (open.Count > places)
                {
                    closed.Add(open[0]);
                    open.RemoveAt(0);
                }
            }
            else
            {
                int place = random.Next(open.Count);
                Assert.True(await authorizer.CompleteAsync(open[place], ToolCallOutcome.Succeeded));
                closed.Add(open[place]);
                open.RemoveAt(place);
            }

            if (closed.Count > 0)
            {
                Assert.False(await authorizer.CompleteAsync(closed[random.Next(closed.Count)], ToolCallOutcome.NotExecuted));
            }
        }

        foreach (ToolCallDecision decision in open)
        {
            Assert.True(await authorizer.CompleteAsync(decision, ToolCallOutcome.Succeeded));
        }
    }

    [Theory]
    [InlineData(2_048)]
    [InlineData(5_001)]
    [InlineData(65_536)]
    public async Task As_many_calls_are_kept_as_there_are_places_whichever_thread_made_them(int places)
    {
        ToolCallAuthorizer authorizer = Authorizer(places);
        var open = new ConcurrentBag<ToolCallDecision>();
        await OnThreads(3, thread =>
        {
            // One thread does nearly all of it.
            for (int i = 0; i < (thread == 0 ? places - 2 : 1); i++)
            {
                open.Add(Allow(authorizer));
            }
        });

        int found = 0;
        await OnThreads(3, thread =>
        {
            while (open.TryTake(out ToolCallDecision decision))
            {
                Interlocked.Add(ref found, Complete(authorizer, decision, thread) ? 1 : 0);
            }
        });
        Assert.Equal(places, found);
    }

    [Fact]
    public async Task Places_that_calls_of_others_freed_are_found()
    {
        // More calls than places, but never more of them open than there are.
        const int Places = 4_096;
        const int Threads = 4;
        ToolCallAuthorizer authorizer = Authorizer(Places);
        int lost = 0;
        await OnThreads(Threads, thread =>
        {
            var random = new Random(thread);
            var open = new Queue<ToolCallDecision>();
            for (int i = 0; i < 20_000; i++)
            {
                if (open.Count == Places / Threads || (open.Count > 0 && random.Next(3) == 0))
                {
                    Interlocked.Add(ref lost, Complete(authorizer, open.Dequeue(), thread) ? 0 : 1);
                }
                else
                {
                    open.Enqueue(Allow(authorizer));
                }
            }
        });
        Assert.Equal(0, lost);
    }

    [Fact]
    public async Task Beyond_them_a_big_table_forgets_no_new_call()
    {
        const int Places = 4_096;
        ToolCallAuthorizer authorizer = Authorizer(Places);
        var all = new List<ToolCallDecision>();
        for (int i = 0; i < Places + 500; i++)
        {
            all.Add(Allow(authorizer));
        }

        // A part keeps its newest, whichever part that was.
        int newest = all.Count - (Places / Math.Min(Environment.ProcessorCount, 4)) + 1;
        int found = 0;
        for (int i = all.Count - 1; i >= 0; i--)
        {
            bool isFound = await authorizer.CompleteAsync(all[i], ToolCallOutcome.Succeeded);
            Assert.True(isFound || i < newest, $"Call {i} was forgotten.");
            found += isFound ? 1 : 0;
        }

        Assert.Equal(Places, found);
    }

    [Fact]
    public async Task Refunds_of_racing_threads_are_exact()
    {
        // Each decision is reported by all threads at once, while others are made and forgotten in between.
        const int Threads = 4;
        const int Rounds = 2_000;
        ToolCallAuthorizer authorizer = Authorizer(places: 8);
        var decisions = new ToolCallDecision[Rounds];
        int[] closed = new int[Rounds];
        using var barrier = new Barrier(Threads);
        await OnThreads(Threads, thread =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                if (thread == 0)
                {
                    decisions[round] = Allow(authorizer, "u");
                }

                barrier.SignalAndWait();
                if (Complete(authorizer, decisions[round], 0))
                {
                    Interlocked.Increment(ref closed[round]);
                }

                if (thread == 1)
                {
                    Allow(authorizer);
                }
            }
        });

        Assert.All(closed, count => Assert.Equal(1, count));
        for (int i = 0; i < 10_000; i++)
        {
            Allow(authorizer, "u");
        }

        Assert.Equal(DecisionCode.LimitExceeded, (await authorizer.AuthorizeAsync(new ToolCall("u"))).Code);
    }

    [Fact]
    public async Task A_table_that_overflows_on_all_threads_closes_no_call_twice_and_loses_no_place()
    {
        const int Places = 4;
        ToolCallAuthorizer authorizer = Authorizer(Places);
        int twice = 0;
        await OnThreads(4, thread =>
        {
            var mine = new Queue<ToolCallDecision>();
            for (int i = 0; i < 20_000; i++)
            {
                mine.Enqueue(Allow(authorizer));
                if (mine.Count > 3)
                {
                    ToolCallDecision oldest = mine.Dequeue();
                    _ = Complete(authorizer, oldest, thread);
                    Interlocked.Add(ref twice, Complete(authorizer, oldest, thread) ? 1 : 0);
                }
            }
        });
        Assert.Equal(0, twice);

        ToolCallDecision[] open = [.. Enumerable.Range(0, Places).Select(_ => Allow(authorizer))];
        Assert.All(open, decision => Assert.True(Complete(authorizer, decision, 0)));
    }

    [Fact]
    public async Task What_was_never_open_is_not_found()
    {
        ToolCallAuthorizer authorizer = Authorizer(64);
        Assert.False(await authorizer.CompleteAsync(default, ToolCallOutcome.Succeeded));
        Assert.False(await authorizer.CompleteAsync(await Allowed(authorizer, "free"), ToolCallOutcome.Succeeded));
        ToolCallDecision own = await Allowed(authorizer);
        ToolCallDecision another = await Allowed(Authorizer(64));
        Assert.False(await authorizer.CompleteAsync(another, ToolCallOutcome.NotExecuted));
        Assert.True(await authorizer.CompleteAsync(own, ToolCallOutcome.NotExecuted));
    }

    [Fact]
    public async Task A_report_that_was_cancelled_beforehand_closes_nothing()
    {
        ToolCallAuthorizer authorizer = Authorizer(64);
        ToolCallDecision decision = await Allowed(authorizer);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted, new CancellationToken(canceled: true)));
        Assert.True(await authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted));
    }

    [Fact]
    public void A_warm_report_allocates_nothing()
    {
        ToolCallAuthorizer authorizer = Authorizer(1_024);
        long allocated = -1;
        for (int round = 0; round < 20; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1_000; i++)
            {
                if (!Complete(authorizer, Allow(authorizer), 0))
                {
                    Assert.Fail("The call was not found.");
                }
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Places_cost_nothing_before_they_are_used()
    {
        Policy policy = PolicyLayer.Policy.Parse(Policy);
        Assert.InRange(AllocatedBy(1_048_576) - AllocatedBy(64), 0, 16 * 1_024 * Math.Min(Environment.ProcessorCount, 16));

        long AllocatedBy(int places)
        {
            var options = new ToolCallAuthorizerOptions { MaxOpenCalls = places };
            _ = new ToolCallAuthorizer(policy, options);
            long before = GC.GetAllocatedBytesForCurrentThread();
            _ = new ToolCallAuthorizer(policy, options);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static ToolCallAuthorizer Authorizer(int places) => TestPolicies.Authorizer(Policy, options => options.MaxOpenCalls = places);

    private static async Task<ToolCallDecision> Allowed(ToolCallAuthorizer authorizer, string tool = "t")
    {
        ToolCallDecision decision = await authorizer.AuthorizeAsync(new ToolCall(tool));
        Assert.True(decision.IsAllowed, decision.Message);
        return decision;
    }

    private static ToolCallDecision Allow(ToolCallAuthorizer authorizer, string tool = "t")
    {
        ToolCallDecision decision = TestPolicies.Now(authorizer.AuthorizeAsync(new ToolCall(tool)));
        return decision.IsAllowed ? decision : throw new InvalidOperationException(decision.Message);
    }

    private static bool Complete(ToolCallAuthorizer authorizer, ToolCallDecision decision, int thread) =>
        TestPolicies.Now(authorizer.CompleteAsync(decision, thread % 2 == 0 ? ToolCallOutcome.NotExecuted : ToolCallOutcome.Succeeded));

    private static Task OnThreads(int count, Action<int> work) => Task.WhenAll(Enumerable.Range(0, count).Select(thread =>
        Task.Factory.StartNew(() => work(thread), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
}
