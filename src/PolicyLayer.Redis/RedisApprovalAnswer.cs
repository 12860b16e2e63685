using PolicyLayer.Approvals;
using StackExchange.Redis;

namespace PolicyLayer.Redis;

/// <summary>What a script answered: a code, and approvals.</summary>
internal sealed class RedisApprovalAnswer
{
    private RedisApprovalAnswer(int code, IReadOnlyList<RedisApprovalRecord> records)
    {
        Code = code;
        Records = records;
    }

    public int Code { get; }

    public IReadOnlyList<RedisApprovalRecord> Records { get; }

    /// <summary>Whether the script stopped before its own work.</summary>
    public static bool IsUnfinished(RedisResult result) =>
        result is { Resp2Type: ResultType.Array, Length: 1 } && result[0].Resp2Type == ResultType.Integer
        && (long)result[0] == RedisApprovalScripts.More;

    /// <exception cref="RedisStoreException">The answer is none of the scripts'.</exception>
    public static RedisApprovalAnswer Read(RedisResult result)
    {
        try
        {
            var elements = (RedisResult[]?)result ?? [];
            int code = checked((int)(long)elements[0]);
            var records = new List<RedisApprovalRecord>();
            for (int i = 1; i < elements.Length; i += RedisApprovalRecord.Elements)
            {
                records.Add(RedisApprovalRecord.Parse(elements[i], elements[i + 1], elements[i + 2]));
            }

            return new RedisApprovalAnswer(code, records);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException or InvalidCastException
            or IndexOutOfRangeException)
        {
            throw RedisFailures.OfApprovals.Damaged();
        }
    }
}
