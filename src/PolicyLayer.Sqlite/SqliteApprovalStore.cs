using PolicyLayer.Approvals;

namespace PolicyLayer.Sqlite;

/// <summary>
/// Keeps approvals in a SQLite file: they survive a restart, and any number of processes of one machine share them, so that a person
/// answers in another one than asks. Safe for any number of threads. It lives by the times of its operations.
/// </summary>
/// <remarks>
/// Each operation is one transaction, takes a time that grows with the logarithm of what is held, and first ends what its time is past. The
/// file is opened, locked and waited for as by <see cref="SqliteCounterStore"/>, which may have the same file.
/// <para>
/// Contents are kept as <see cref="SqliteApprovalStoreOptions.Protector"/> makes them, outside of the transaction. One that it can't read
/// any more is shown as empty: the approval stands, and can be answered. When an approval ends, its content is deleted and its place in
/// the file overwritten. What SQLite wrote on the way may hold it for longer: the file's <c>-wal</c> until it is written over, a page whose
/// rows were moved, backups, and the disk itself. Encrypt what mustn't be found there. Grants, bindings, times, and what those who answer
/// say aren't encrypted.
/// </para>
/// </remarks>
public sealed class SqliteApprovalStore : IApprovalStore, IDisposable
{
    private readonly SqliteApprovalStoreOptions _options;
    private readonly IApprovalProtector _protector;
    private readonly SqliteDatabase<SqliteApprovalFile> _database;

    /// <summary>Makes a store. The file isn't opened yet.</summary>
    /// <param name="options">What it works with.</param>
    /// <exception cref="ArgumentException">An option is out of range, or no path or protector is given.</exception>
    public SqliteApprovalStore(SqliteApprovalStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options.Copy();
        _protector = options.Protector ?? throw new ArgumentException(
            "A store that writes arguments of calls down needs a `Protector`. Help: set `ApprovalProtector.Encrypting(keys)`, or "
            + "`ApprovalProtector.Plain` where whoever reads the file may read them.",
            nameof(options));
        _database = new SqliteDatabase<SqliteApprovalFile>(_options.File, connection => new SqliteApprovalFile(connection));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// It is null, its terms cover nothing, its time is negative, or there was a request with its id.
    /// </exception>
    /// <exception cref="SqliteStoreException">The file can't be used.</exception>
    public async ValueTask<ApprovalAnswer> AskAsync(ApprovalRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfLessThan(request.PendingFor, TimeSpan.Zero, nameof(request));
        if (request.Terms == default)
        {
            throw new ArgumentException("The terms of a request cover nothing.", nameof(request));
        }

        cancellationToken.ThrowIfCancellationRequested();
        ReadOnlyMemory<byte> kept = request.MayRequest ? await ProtectAsync(request, cancellationToken).ConfigureAwait(false) : default;
        (ApprovalAnswerKind kind, SqliteApproval? found) =
            await TransactAsync(transaction => transaction.Ask(request, kept), cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            return kind == ApprovalAnswerKind.TooMany ? ApprovalAnswer.TooMany : ApprovalAnswer.Nothing;
        }

        // A request that was made stands, and who gave up is to hear of it all the same: somebody has to be told.
        CancellationToken showing = kind == ApprovalAnswerKind.Requested ? CancellationToken.None : cancellationToken;
        StoredApproval approval = (await ShowAsync([found], showing).ConfigureAwait(false))[0];
        return kind == ApprovalAnswerKind.Requested ? ApprovalAnswer.Requested(approval) : ApprovalAnswer.Found(approval);
    }

    /// <inheritdoc/>
    /// <exception cref="SqliteStoreException">The file can't be used.</exception>
    public ValueTask<bool> SpendAsync(ApprovalUse use, CancellationToken cancellationToken = default) =>
        TransactAsync(transaction => transaction.Spend(use), cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="SqliteStoreException">The file can't be used.</exception>
    public async ValueTask ReturnAsync(ApprovalUse use, CancellationToken cancellationToken = default) =>
        await TransactAsync(transaction => transaction.Return(use), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="answer"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It approves for no call, or for no time.</exception>
    /// <exception cref="SqliteStoreException">The file can't be used.</exception>
    public ValueTask<ApprovalResolution> ResolveAsync(ApprovalResolve answer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return TransactAsync(transaction => transaction.Resolve(answer), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="SqliteStoreException">The file can't be used.</exception>
    public async ValueTask<StoredApproval?> FindAsync(ApprovalQuery query, CancellationToken cancellationToken = default)
    {
        SqliteApproval? found = await TransactAsync(transaction => transaction.Find(query), cancellationToken).ConfigureAwait(false);
        return found is null ? null : (await ShowAsync([found], cancellationToken).ConfigureAwait(false))[0];
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    /// <exception cref="SqliteStoreException">The file can't be used.</exception>
    public async ValueTask<IReadOnlyList<StoredApproval>> ListPendingAsync(
        ApprovalListQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        IReadOnlyList<SqliteApproval> page =
            await TransactAsync(transaction => transaction.ListPending(query), cancellationToken).ConfigureAwait(false);
        return await ShowAsync(page, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes the file, after whoever has the turn.</summary>
    public void Dispose() => _database.Dispose();

    private ValueTask<T> TransactAsync<T>(Func<SqliteApprovalTransaction, T> work, CancellationToken cancellationToken) =>
        _database.TransactAsync(file => work(new SqliteApprovalTransaction(file, _options)), commits: true, cancellationToken);

    private async ValueTask<ReadOnlyMemory<byte>> ProtectAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        using var deadline = new ProtectorDeadline(_options, cancellationToken);
        var subject = new ProtectedApproval(request.NewId, request.Binding, request.ExactBinding);
        return await deadline.WaitAsync(_protector.ProtectAsync(subject, request.Content, deadline.Token)).ConfigureAwait(false);
    }

    /// <summary>What a person may see of approvals; nothing of a content that can't be read in time.</summary>
    private async ValueTask<StoredApproval[]> ShowAsync(IReadOnlyList<SqliteApproval> approvals, CancellationToken cancellationToken)
    {
        using var deadline = new ProtectorDeadline(_options, cancellationToken);
        var shown = new StoredApproval[approvals.Count];
        for (int i = 0; i < shown.Length; i++)
        {
            shown[i] = approvals[i].ToStored(await UnprotectAsync(approvals[i], deadline, cancellationToken).ConfigureAwait(false));
        }

        return shown;
    }

    private async ValueTask<ReadOnlyMemory<byte>> UnprotectAsync(
        SqliteApproval approval, ProtectorDeadline deadline, CancellationToken cancellationToken)
    {
        if (approval.ContentBytes == 0)
        {
            return default;
        }

        try
        {
            ValueTask<ReadOnlyMemory<byte>?> content = _protector.UnprotectAsync(approval.Subject, approval.Kept, deadline.Token);
            return await deadline.WaitAsync(content).ConfigureAwait(false) ?? default;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The approval stands, whether or not its content can be read now: a call that a person has answered needs no content.
            return default;
        }
    }
}
