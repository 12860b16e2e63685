using System.Globalization;
using PolicyLayer.Approvals;
using StackExchange.Redis;

namespace PolicyLayer.Redis;

/// <summary>An approval as the scripts answer with it, its content as it was kept.</summary>
/// <param name="approval">The approval, without content.</param>
/// <param name="kept">What the protector made of the content; empty once it is gone.</param>
internal sealed class RedisApprovalRecord(StoredApproval approval, ReadOnlyMemory<byte> kept)
{
    /// <summary>How many elements of an answer are one approval.</summary>
    public const int Elements = 3;

    private static readonly Dictionary<string, int> Places =
        RedisApprovalHolding.Fields.Split(' ').Index().ToDictionary(field => field.Item, field => field.Index, StringComparer.Ordinal);

    /// <exception cref="FormatException">It isn't what this package writes.</exception>
    /// <exception cref="ArgumentException">The same.</exception>
    public static RedisApprovalRecord Parse(RedisResult id, RedisResult record, RedisResult content)
    {
        string[] values = ((string?)record ?? "").Split('|');
        if (values.Length != Places.Count)
        {
            throw new FormatException();
        }

        string Text(string field) => values[Places[field]];
        long Number(string field) => NumberOf(Text(field));
        var approval = new StoredApproval
        {
            Id = RedisText.Decode((string)id!),
            Binding = RedisText.Decode(Text("binding")),
            ExactBinding = RedisText.Decode(Text("exact")),
            IsExact = Number("narrow") == 1,
            GrantId = RedisText.Decode(Text("grant")),
            Status = StatusOf(Text("status")),
            Requested = TimeOf(Number("requested")),
            Until = TimeOf(Number("finish")),
            Terms = new ApprovalTerms(checked((int)Number("uses")), TimeSpan.FromTicks(Number("valid"))),
            UsesLeft = checked((int)Number("left")),
            AnsweredBy = RedisText.DecodeOptional(Text("by")),
            Answered = Text("answered").Length == 0 ? null : TimeOf(Number("answered")),
            Reason = RedisText.DecodeOptional(Text("reason")),
        };
        return new RedisApprovalRecord(approval, (byte[]?)content ?? []);
    }

    /// <summary>What a content was kept for.</summary>
    public ProtectedApproval Subject => new(approval.Id, approval.Binding, approval.ExactBinding);

    public ReadOnlyMemory<byte> Kept => kept;

    /// <summary>The approval with its content, as a person sees it.</summary>
    public StoredApproval With(ReadOnlyMemory<byte> content) => new()
    {
        Id = approval.Id,
        Binding = approval.Binding,
        ExactBinding = approval.ExactBinding,
        IsExact = approval.IsExact,
        GrantId = approval.GrantId,
        Status = approval.Status,
        Requested = approval.Requested,
        Until = approval.Until,
        Terms = approval.Terms,
        UsesLeft = approval.UsesLeft,
        AnsweredBy = approval.AnsweredBy,
        Answered = approval.Answered,
        Reason = approval.Reason,
        Content = content,
    };

    private static ApprovalStatus StatusOf(string text) => text switch
    {
        "pending" => ApprovalStatus.Pending,
        "approved" => ApprovalStatus.Approved,
        "refused" => ApprovalStatus.Refused,
        "spent" => ApprovalStatus.Spent,
        "expired" => ApprovalStatus.Expired,
        _ => throw new FormatException(),
    };

    private static DateTimeOffset TimeOf(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static long NumberOf(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
