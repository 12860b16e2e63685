using Microsoft.Data.Sqlite;
using PolicyLayer.Approvals;

namespace PolicyLayer.Sqlite;

/// <summary>Reads approvals from the file. INVARIANT: a row that the store wouldn't write is damage, and never an approval.</summary>
internal static class SqliteApprovalReader
{
    /// <summary>In the order of the columns that are read.</summary>
    public const string Columns =
        """
        number, id, binding, exact_binding, is_exact, grant_id, requested, pending_for, standing, has_ended, uses, valid_for, uses_left,
        until, earliest, next, answered_by, answered, reason, content_bytes
        """;

    private const int ContentColumn = 20;

    /// <exception cref="SqliteStoreException">The row is damaged.</exception>
    public static SqliteApproval Read(SqliteDataReader row)
    {
        try
        {
            SqliteApproval approval = ReadColumns(row);
            return IsSound(approval) ? approval : throw SqliteFailures.Damaged();
        }
        catch (Exception e) when (e is ArgumentException or InvalidCastException or InvalidOperationException or OverflowException)
        {
            throw SqliteFailures.Damaged(e);
        }
    }

    private static SqliteApproval ReadColumns(SqliteDataReader row) =>
        new()
        {
            Number = row.GetInt64(0),
            Id = row.GetString(1),
            Binding = row.GetString(2),
            ExactBinding = row.GetString(3),
            IsExact = ReadFlag(row.GetInt64(4)),
            GrantId = SqliteText.Unescape(row.GetString(5)),
            Requested = row.GetInt64(6),
            PendingFor = row.GetInt64(7),
            Standing = (ApprovalStanding)checked((int)row.GetInt64(8)),
            HasEnded = ReadFlag(row.GetInt64(9)),
            Terms = new ApprovalTerms(checked((int)row.GetInt64(10)), TimeSpan.FromTicks(row.GetInt64(11))),
            UsesLeft = checked((int)row.GetInt64(12)),
            Until = row.GetInt64(13),
            Earliest = row.GetInt64(14),
            Next = row.GetInt64(15),
            AnsweredBy = ReadText(row, 16),
            Answered = row.IsDBNull(17) ? null : row.GetInt64(17),
            Reason = ReadText(row, 18),
            ContentBytes = checked((int)row.GetInt64(19)),
            Kept = ReadContent(row),
        };

    /// <summary>The content, where the query asks for it: all of it.</summary>
    private static byte[] ReadContent(SqliteDataReader row)
    {
        if (row.FieldCount <= ContentColumn)
        {
            return [];
        }

        byte[] content = row.IsDBNull(ContentColumn) ? [] : row.GetFieldValue<byte[]>(ContentColumn);
        return content.Length == row.GetInt64(ContentColumn - 1) ? content : throw SqliteFailures.Damaged();
    }

    private static bool IsSound(SqliteApproval approval)
    {
        bool isAnswered = approval.Answered is not null;
        bool standsSo = approval.Standing switch
        {
            ApprovalStanding.Pending =>
                !isAnswered && approval is { HasEnded: false, IsExact: false } && approval.UsesLeft == approval.Terms.Uses,
            ApprovalStanding.Approved =>
                isAnswered && !approval.HasEnded && approval.UsesLeft >= 1 && approval.UsesLeft <= approval.Terms.Uses,
            ApprovalStanding.Refused or ApprovalStanding.Spent => isAnswered && approval is { UsesLeft: 0, ContentBytes: 0 },
            ApprovalStanding.Expired => approval is { HasEnded: true, UsesLeft: 0, ContentBytes: 0 },
            _ => false,
        };
        return standsSo
            && approval is { Id.Length: > 0, Binding.Length: > 0, ExactBinding.Length: > 0, PendingFor: >= 0, ContentBytes: >= 0 }
            && isAnswered == approval.AnsweredBy is not null
            && (isAnswered || approval.Reason is null)
            && IsTime(approval.Requested)
            && IsTime(approval.Until)
            && IsTime(approval.Next)
            && (IsTime(approval.Earliest) || approval is { Earliest: long.MinValue, Standing: ApprovalStanding.Refused, HasEnded: false })
            && IsTime(approval.Answered ?? 0);
    }

    private static bool IsTime(long ticks) => ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;

    private static bool ReadFlag(long value) => value is 0 or 1 ? value == 1 : throw SqliteFailures.Damaged();

    private static string? ReadText(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : SqliteText.Unescape(row.GetString(column));
}
