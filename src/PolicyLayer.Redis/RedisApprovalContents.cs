using PolicyLayer.Approvals;

namespace PolicyLayer.Redis;

/// <summary>Has contents protected and shown, all those of one operation within a time: a protector may ask another machine.</summary>
internal sealed class RedisApprovalContents(IApprovalProtector protector, TimeSpan deadline, TimeProvider time)
{
    /// <exception cref="RedisStoreException">The protector takes too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ProtectAsync(ApprovalRequest request, CancellationToken cancellationToken)
    {
        if (request.Content.IsEmpty)
        {
            return default;
        }

        var subject = new ProtectedApproval(request.NewId, request.Binding, request.ExactBinding);
        using CancellationTokenSource late = new(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        return await WaitAsync(protector.ProtectAsync(subject, request.Content, either.Token), late, either.Token).ConfigureAwait(false);
    }

    /// <inheritdoc cref="ShowAsync(IReadOnlyList{RedisApprovalRecord}, CancellationToken)"/>
    public async ValueTask<StoredApproval> ShowAsync(RedisApprovalRecord record, CancellationToken cancellationToken) =>
        (await ShowAsync([record], cancellationToken).ConfigureAwait(false))[0];

    /// <summary>
    /// A request that was just made, which stands whether or not its content can be shown, and whoever gave up: somebody has to be told.
    /// </summary>
    public async ValueTask<StoredApproval> ShowMadeAsync(RedisApprovalRecord made)
    {
        try
        {
            return await ShowAsync(made, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            return made.With(default);
        }
    }

    /// <summary>Approvals with their contents, which are empty where they can't be read.</summary>
    /// <exception cref="RedisStoreException">The protector takes too long.</exception>
    public async ValueTask<IReadOnlyList<StoredApproval>> ShowAsync(
        IReadOnlyList<RedisApprovalRecord> records, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var shown = new List<StoredApproval>(records.Count);
        foreach (RedisApprovalRecord record in records)
        {
            ReadOnlyMemory<byte>? content = record.Kept.IsEmpty
                ? null
                : await WaitAsync(protector.UnprotectAsync(record.Subject, record.Kept, either.Token), late, either.Token)
                    .ConfigureAwait(false);
            shown.Add(record.With(content ?? default));
        }

        return shown;
    }

    private static async ValueTask<T> WaitAsync<T>(ValueTask<T> work, CancellationTokenSource late, CancellationToken either)
    {
        if (work.IsCompletedSuccessfully)
        {
            return work.Result;
        }

        try
        {
            return await work.AsTask().WaitAsync(either).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested)
        {
            throw new RedisStoreException(RedisStoreFailure.Timeout, "The protector of contents took longer than the deadline.", e);
        }
    }
}
