using System.Globalization;
using System.Text;
using PolicyLayer.Approvals;
using PolicyLayer.Auditing;
using PolicyLayer.Counters;
using PolicyLayer.Grants;
using PolicyLayer.Tests.Secrets.Searching;

namespace PolicyLayer.Tests.Secrets.Hosts;

/// <summary>What a host plugs in, each of which fails with what it was given in its exception.</summary>
internal static class Leaky
{
    internal sealed class Counters(Leak leak) : ICounterStore
    {
        public ValueTask<CounterReservation> ReserveAsync(CounterRequest request, CancellationToken cancellationToken = default)
        {
            var given = new StringBuilder();
            foreach (CounterDemand demand in request)
            {
                given.Append(ObjectText.Of(demand.Key));
            }

            return leak.FailAsync<CounterReservation>(given.ToString());
        }

        public async ValueTask ReleaseAsync(CounterRelease release, CancellationToken cancellationToken = default) =>
            await leak.FailAsync<bool>(release.Request.Count.ToString(CultureInfo.InvariantCulture));
    }

    internal sealed class Sink(Leak leak) : IAuditSink
    {
        public async ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default) =>
            await leak.FailAsync<bool>(ObjectText.Of(record));
    }

    internal sealed class Resolver(Leak leak) : IGrantResolver
    {
        public ValueTask<Grant?> ResolveAsync(GrantRequest request, CancellationToken cancellationToken = default) =>
            leak.FailAsync<Grant?>(ObjectText.Of(request));
    }

    internal sealed class Notifier(Leak leak) : IApprovalNotifier
    {
        public async ValueTask NotifyAsync(ApprovalView request, CancellationToken cancellationToken = default) =>
            await leak.FailAsync<bool>(request.Arguments?.GetRawText() ?? "");
    }

    internal sealed class Protector(Leak leak) : IApprovalProtector
    {
        public ValueTask<ReadOnlyMemory<byte>> ProtectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default) =>
            leak.FailAsync<ReadOnlyMemory<byte>>(Leak.TextOf(content));

        public ValueTask<ReadOnlyMemory<byte>?> UnprotectAsync(
            ProtectedApproval subject, ReadOnlyMemory<byte> kept, CancellationToken cancellationToken = default) =>
            leak.FailAsync<ReadOnlyMemory<byte>?>(Leak.TextOf(kept));
    }
}
