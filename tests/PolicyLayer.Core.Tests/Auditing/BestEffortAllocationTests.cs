using Microsoft.Extensions.Time.Testing;
using PolicyLayer.Auditing;

namespace PolicyLayer.Tests.Auditing;

public sealed class BestEffortAllocationTests
{
    /// <summary>Whether the sink behind waits for records, is busy, or the queue is full.</summary>
    [Fact]
    public void Neither_taking_nor_dropping_a_record_allocates()
    {
        using var written = new SemaphoreSlim(0);
        using var gate = new ManualResetEventSlim(initialState: true);
        var behind = new ScriptedSink(() =>
        {
            written.Release();
            gate.Wait();
        });
        var options = new BestEffortAuditSinkOptions { Capacity = 1_000, TimeProvider = new FakeTimeProvider() };
        using var sink = new BestEffortAuditSink(behind, options);
        AuditRecord record = LogFolder.Record();

        // The queue grows to its size once, and the first drop is told.
        Fill();
        _ = sink.WriteAsync(record).AsTask();
        long whileFull = AllocatedBy(() => _ = sink.WriteAsync(record).AsTask());
        gate.Set();
        Drain(1_001);
        long whileIdle = long.MaxValue;
        for (int round = 0; round < 5 && whileIdle > 0; round++)
        {
            // Waking the sink's runner may let the pool's own queue grow, once; what the sink allocates, it does each time.
            whileIdle = AllocatedBy(() => _ = sink.WriteAsync(record).AsTask(), () => written.Wait());
        }

        long whileBusy = Fill();
        gate.Set();
        Drain(1_001);
        Assert.Equal((0, 0, 0), (whileFull, whileIdle, whileBusy));

        long Fill()
        {
            gate.Reset();
            _ = sink.WriteAsync(record).AsTask();
            written.Wait();
            written.Release();
            return AllocatedBy(() => _ = sink.WriteAsync(record).AsTask());
        }

        void Drain(int count)
        {
            for (int i = 0; i < count; i++)
            {
                written.Wait();
            }
        }
    }

    private static long AllocatedBy(Action act, Action? afterEach = null)
    {
        long allocated = 0;
        for (int i = 0; i < 1_000; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            act();
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            afterEach?.Invoke();
        }

        return allocated;
    }

    private sealed class ScriptedSink(Action write) : IAuditSink
    {
        public ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default)
        {
            write();
            return default;
        }
    }
}
