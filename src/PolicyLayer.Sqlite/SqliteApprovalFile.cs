using System.Globalization;
using Microsoft.Data.Sqlite;
using PolicyLayer.Approvals;
using SQLitePCL;

namespace PolicyLayer.Sqlite;

/// <summary>The approvals in an open file.</summary>
internal sealed class SqliteApprovalFile : SqliteFile
{
    /// <summary>By so much clocks may differ.</summary>
    private const long Tolerance = TimeSpan.TicksPerMinute;

    /// <summary>Ends rows, whose contents go with that.</summary>
    private const string End =
        """
        UPDATE approvals SET standing = CASE WHEN standing IN (1, 2) THEN 4 ELSE standing END, has_ended = 1, uses_left = 0,
            content_bytes = 0,
        """;

    private const string WithContent = $"{SqliteApprovalReader.Columns}, content FROM approvals LEFT JOIN approval_contents USING (number)";
    private const string Page = "(requested, id) > ($requested, $id) ORDER BY requested, id LIMIT $count";

    private readonly SqliteCommand _isAnyDue;
    private readonly SqliteCommand _endDue;
    private readonly SqliteCommand _forget;
    private readonly SqliteCommand _endAhead;
    private readonly SqliteCommand _refuseAll;
    private readonly SqliteCommand _answer;
    private readonly SqliteCommand _find;
    private readonly SqliteCommand _findWhole;
    private readonly SqliteCommand _add;
    private readonly SqliteCommand _addContent;
    private readonly SqliteCommand _save;
    private readonly SqliteCommand _share;
    private readonly SqliteCommand _dropRemembered;
    private readonly SqliteCommand _dropRememberedOfGrant;
    private readonly SqliteCommand _list;
    private readonly SqliteCommand _listOfGrant;

    public SqliteApprovalFile(SqliteConnection connection)
        : base(connection)
    {
        // What is erased is overwritten, and not only marked as free.
        int code = raw.sqlite3_exec(connection.Handle, "PRAGMA secure_delete = ON");
        if (code != raw.SQLITE_OK)
        {
            throw SqliteFailures.From(code);
        }

        string after = $"min($at, {Ticks(DateTime.MaxValue.Ticks - TimeSpan.TicksPerHour)}) + {Ticks(TimeSpan.TicksPerHour)}";
        string afterNext = after.Replace("$at", "next", StringComparison.Ordinal);
        _isAnyDue = Prepare(
            """
            SELECT EXISTS (SELECT 1 FROM approvals WHERE has_ended = 0 AND next <= $now)
                OR EXISTS (SELECT 1 FROM approvals WHERE has_ended = 1 AND next <= $now)
                OR EXISTS (SELECT 1 FROM approvals WHERE earliest > $latest)
            """,
            "$now", "$latest");
        _endDue = Prepare($"{End} earliest = next, next = {afterNext} WHERE has_ended = 0 AND next <= $now", "$now");
        _forget = Prepare("DELETE FROM approvals WHERE has_ended = 1 AND next <= $now", "$now");
        _endAhead = Prepare($"{End} earliest = $at, next = {after} WHERE earliest > $latest", "$at", "$latest");
        _refuseAll = Prepare(
            $"""
            UPDATE approvals SET standing = 0, has_ended = 1, uses_left = 0, content_bytes = 0, until = $at, earliest = $at, next = {after},
                answered_by = $by, answered = $at, reason = $reason
            WHERE has_ended = 0 AND binding = $binding
            """,
            "$at", "$by", "$reason", "$binding");
        _answer = Prepare(
            $"SELECT {WithContent} WHERE number = ("
            + $"SELECT number FROM ({First("''")} UNION ALL {First("$exact")}) ORDER BY standing, number LIMIT 1)",
            "$binding", "$exact");
        _find = Prepare($"SELECT {SqliteApprovalReader.Columns} FROM approvals WHERE id = $id", "$id");
        _findWhole = Prepare($"SELECT {WithContent} WHERE id = $id", "$id");
        _add = PrepareAdd();
        _addContent = Prepare("INSERT INTO approval_contents VALUES ($number, $content)", "$number", "$content");
        _save = PrepareSave();
        _share = Prepare("SELECT held, pending, content_bytes FROM approval_shares WHERE holder = $holder", "$holder");
        _dropRemembered = Prepare(DropOldest("has_ended = 1"));
        _dropRememberedOfGrant = Prepare(DropOldest("has_ended = 1 AND grant_id = $grant"), "$grant");
        _list = Prepare($"SELECT {WithContent} WHERE standing = 2 AND {Page}", "$requested", "$id", "$count");
        _listOfGrant = Prepare(
            $"SELECT {WithContent} WHERE standing = 2 AND grant_id = $grant AND {Page}", "$requested", "$id", "$count", "$grant");
    }

    /// <summary>Ends what ends by a time, which may be earlier than the one before, and forgets what ended long before it.</summary>
    public void Advance(long now)
    {
        if (Run(_isAnyDue, now, now + Tolerance).ExecuteScalar() is not 0L)
        {
            Run(_endDue, now).ExecuteNonQuery();
            Run(_forget, now).ExecuteNonQuery();
            Run(_endAhead, now, now + Tolerance).ExecuteNonQuery();
        }
    }

    /// <summary>Refuses and ends all of a binding, those too that are spent and could come back.</summary>
    public void RefuseAllOf(string binding, ApprovalResolve answer) =>
        Run(_refuseAll, answer.Time.UtcTicks, SqliteText.Escape(answer.By), ReasonOf(answer.Reason), binding).ExecuteNonQuery();

    /// <summary>
    /// What there is for a call, with its content: first what is refused, then what is approved, then what is pending; null for nothing.
    /// </summary>
    public SqliteApproval? AnswerFor(string binding, string exactBinding) =>
        ReadOne(Run(_answer, binding, exactBinding)) is { Standing: not ApprovalStanding.Spent } answer ? answer : null;

    /// <summary>The one with an id, without its content.</summary>
    public SqliteApproval? Find(string id) => ReadOne(Run(_find, id));

    /// <summary>The one with an id, and its content.</summary>
    public SqliteApproval? FindWhole(string id) => ReadOne(Run(_findWhole, id));

    public void Add(SqliteApproval approval)
    {
        object number = Run(
            _add,
            approval.Id,
            approval.Binding,
            approval.ExactBinding,
            SqliteText.Escape(approval.GrantId),
            approval.Requested,
            approval.PendingFor,
            (long)approval.Standing,
            approval.Terms.Uses,
            approval.Terms.ValidFor.Ticks,
            approval.UsesLeft,
            approval.Until,
            approval.Earliest,
            approval.Next,
            approval.ContentBytes).ExecuteScalar()!;
        if (approval.ContentBytes > 0)
        {
            Run(_addContent, number, approval.Kept.ToArray()).ExecuteNonQuery();
        }
    }

    /// <summary>Writes down what may change of one.</summary>
    public void Save(SqliteApproval approval) =>
        Run(
            _save,
            approval.Number,
            approval.IsExact ? 1L : 0L,
            (long)approval.Standing,
            approval.Terms.Uses,
            approval.Terms.ValidFor.Ticks,
            approval.UsesLeft,
            approval.Until,
            approval.Earliest,
            approval.Next,
            approval.AnsweredBy is { } by ? SqliteText.Escape(by) : DBNull.Value,
            approval.Answered ?? (object)DBNull.Value,
            ReasonOf(approval.Reason),
            approval.ContentBytes).ExecuteNonQuery();

    /// <summary>What a grant has of it, or all there is where none is named.</summary>
    public SqliteShare ShareOf(string? grantId)
    {
        string? grant = grantId is null ? null : SqliteText.Escape(grantId);
        using SqliteDataReader reader = Run(_share, SqliteSchema.HolderOf(grant)).ExecuteReader();
        return reader.Read() ? new SqliteShare(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)) : default;
    }

    /// <summary>Forgets the one that ended first, of a grant or of all.</summary>
    /// <returns>Whether there was one.</returns>
    public bool DropOldestRemembered(string? grantId)
    {
        SqliteCommand drop = grantId is null ? _dropRemembered : Run(_dropRememberedOfGrant, SqliteText.Escape(grantId));
        return drop.ExecuteNonQuery() > 0;
    }

    /// <summary>What is pending, the oldest first, from behind one that was listed.</summary>
    public IReadOnlyList<SqliteApproval> ListPending(long requested, string id, string? grantId, int count)
    {
        SqliteCommand list = grantId is null
            ? Run(_list, requested, id, count)
            : Run(_listOfGrant, requested, id, count, SqliteText.Escape(grantId));
        var page = new List<SqliteApproval>();
        using SqliteDataReader reader = list.ExecuteReader();
        while (reader.Read())
        {
            page.Add(SqliteApprovalReader.Read(reader));
        }

        return page;
    }

    private static string First(string scope) =>
        $"""
        SELECT * FROM (SELECT standing, number FROM approvals
            WHERE has_ended = 0 AND binding = $binding AND scope = {scope} ORDER BY standing, number LIMIT 1)
        """;

    private static string DropOldest(string which) =>
        $"DELETE FROM approvals WHERE number = (SELECT number FROM approvals WHERE {which} ORDER BY next, number LIMIT 1)";

    private static object ReasonOf(string? reason) => reason is null ? DBNull.Value : SqliteText.Escape(reason);

    private static string Ticks(long ticks) => ticks.ToString(CultureInfo.InvariantCulture);

    private static SqliteApproval? ReadOne(SqliteCommand command)
    {
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read() ? SqliteApprovalReader.Read(reader) : null;
    }

    private static SqliteCommand Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        return command;
    }

    private SqliteCommand PrepareAdd() => Prepare(
        """
        INSERT INTO approvals (id, binding, exact_binding, is_exact, grant_id, requested, pending_for, standing, has_ended, uses, valid_for,
            uses_left, until, earliest, next, content_bytes)
        VALUES ($id, $binding, $exact, 0, $grant, $requested, $pending, $standing, 0, $uses, $valid, $left, $until, $earliest, $next,
            $bytes)
        RETURNING number
        """,
        "$id", "$binding", "$exact", "$grant", "$requested", "$pending", "$standing", "$uses", "$valid", "$left", "$until", "$earliest",
        "$next", "$bytes");

    private SqliteCommand PrepareSave() => Prepare(
        """
        UPDATE approvals SET is_exact = $isExact, standing = $standing, uses = $uses, valid_for = $valid, uses_left = $left, until = $until,
            earliest = $earliest, next = $next, has_ended = 0, answered_by = $by, answered = $answered, reason = $reason,
            content_bytes = $bytes
        WHERE number = $number
        """,
        "$number", "$isExact", "$standing", "$uses", "$valid", "$left", "$until", "$earliest", "$next", "$by", "$answered", "$reason",
        "$bytes");
}
