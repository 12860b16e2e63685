using System.Security.Cryptography;
using PolicyLayer.Approvals;
using PolicyLayer.DecisionTree.Approvals;
using PolicyLayer.DecisionTree.Counting;
using PolicyLayer.Json.Clr;

namespace PolicyLayer.Authorization.Pipeline;

/// <summary>What the store is asked for a call, by the host's options.</summary>
/// <param name="MaxPending">How many requests of one grant may wait.</param>
/// <param name="PendingFor">For how long they wait.</param>
/// <param name="ValidFor">For how long an approval is in force, where the policy says nothing.</param>
internal sealed record ApprovalRequests(int MaxPending, TimeSpan PendingFor, TimeSpan ValidFor)
{
    private const int IdBytes = 16;

    public ApprovalRequest Create(
        in CallInFlight call, DateTimeOffset now, bool mayRequest, IReadOnlyList<CounterStanding> standings)
    {
        ApprovalNeed need = call.Evaluation.Approval!;
        return new ApprovalRequest
        {
            Time = now,
            NewId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
            Binding = need.Binding,
            ExactBinding = need.ExactBinding,
            GrantId = call.GrantId,
            MayRequest = mayRequest,
            MaxPending = MaxPending,
            PendingFor = PendingFor,
            Terms = need.Cover.Terms(ValidFor),
            Content = ContentOf(need, call.Policy, standings),
        };
    }

    private static byte[] ContentOf(ApprovalNeed need, ResolvedPolicy policy, IReadOnlyList<CounterStanding> standings)
    {
        var members = new Utf8Buffer();
        var member = new Utf8Buffer();
        member.TryAppend(",\"label\":"u8);
        if (policy.Grant?.Label is { } label && ClrScalarWriter.TryWriteString(member, label))
        {
            members.TryAppend(member.Written);
        }

        member.Clear();
        if (ApprovalCounters.TryWrite(member, policy.Entry, standings))
        {
            members.TryAppend(member.Written);
        }

        return members.Written.IsEmpty ? need.Content : need.ContentWith(members.Written);
    }
}
