using BenchmarkDotNet.Attributes;
using PolicyLayer.Auditing;

namespace PolicyLayer.Benchmarks;

/// <summary>What records cost the caller: a decision without sinks, with one in memory, and with that one behind a queue.</summary>
[MemoryDiagnoser]
public class AuditBenchmarks : IAsyncDisposable
{
    /// <summary>So many decisions follow each other before the queue is let empty itself: what is measured is the caller's part.</summary>
    private const int Calls = 10_000;

    private readonly string _name = BenchmarkPolicies.ToolName(50);
    private readonly ToolCallAuthorizer _without = Authorizer();
    private readonly ToolCallAuthorizer _required = Authorizer(new InMemoryAuditSink(1_000));
    private readonly BestEffortAuditSink _queue =
        new(new InMemoryAuditSink(1_000), new BestEffortAuditSinkOptions { Capacity = 10_000_000 });

    private ToolCallAuthorizer _bestEffort = Authorizer();

    [GlobalSetup(Target = nameof(BestEffort))]
    public void AddQueue() => _bestEffort = Authorizer(_queue);

    [IterationCleanup(Target = nameof(BestEffort))]
    public void EmptyQueue() => SpinWait.SpinUntil(() => _queue.Pending == 0);

    [GlobalCleanup(Target = nameof(BestEffort))]
    public void CheckQueue()
    {
        if (_queue.Dropped > 0)
        {
            throw new InvalidOperationException("Records were dropped, which costs something else.");
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public bool WithoutAudit() => Call(_without);

    [Benchmark(OperationsPerInvoke = Calls)]
    public bool Required() => Call(_required);

    [Benchmark(OperationsPerInvoke = Calls)]
    public bool BestEffort() => Call(_bestEffort);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _queue.DisposeAsync();
    }

    private static ToolCallAuthorizer Authorizer(params IAuditSink[] sinks)
    {
        var options = new ToolCallAuthorizerOptions();
        Array.ForEach(sinks, options.AuditSinks.Add);
        return new ToolCallAuthorizer(Policy.Parse(BenchmarkPolicies.WithTools(100)), options);
    }

    private bool Call(ToolCallAuthorizer authorizer)
    {
        bool isAllowed = true;
        for (int i = 0; i < Calls; i++)
        {
            isAllowed &= authorizer.AuthorizeAsync(new ToolCall(_name) { GrantId = "ci" }).Result.IsAllowed;
        }

        return isAllowed;
    }
}
