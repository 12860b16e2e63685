using PolicyLayer.Approvals;
using StackExchange.Redis;

namespace PolicyLayer.Redis;

/// <summary>
/// Keeps approvals in Redis 7 or later: any number of machines share them. Safe for any number of threads. It lives by the server's clock,
/// in whole milliseconds; the operations' times don't matter.
/// </summary>
/// <remarks>
/// <para>An operation is one script call on the primary; only where hundreds of approvals are due at once it takes more, each of which ends
/// some of them, and does its own work in the last. Its time grows with the logarithm of what is held; to refuse takes as long as its
/// binding has others that haven't ended. All approvals of a prefix share a cluster slot.</para>
/// <para>Contents are kept as the <see cref="RedisApprovalStoreOptions.Protector"/> makes them, each in a key that expires with the
/// approval, and are erased when it ends before. Who asked, bindings, who answered and why stand there in clear. With nobody asking, all
/// keys expire an hour and a minute after the last end.</para>
/// <para>What is lost with the server's data is asked for again, but for this: a crash that loses the latest writes, or a failover to a
/// replica that hadn't them yet, brings back uses that were spent then and approvals that were refused. Only <c>appendonly yes</c> with
/// <c>appendfsync always</c> keeps every one over a crash. Set <c>maxmemory-policy noeviction</c>: where keys were evicted, what is left
/// counts as damaged. A server's clock that runs ahead expires keys, and setting it back doesn't bring them back.</para>
/// <para>The store doesn't dispose the multiplexer, and leaves reconnecting to it. Connect with <c>abortConnect=false</c> to start while
/// the server is away.</para>
/// </remarks>
public sealed class RedisApprovalStore : IApprovalStore
{
    private readonly RedisConnection _connection;
    private readonly RedisApprovalScripts _scripts;
    private readonly RedisApprovalContents _contents;
    private readonly RedisValue[] _bounds;

    /// <summary>Makes a store on the host's connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="options">What else it works with. The protector must be set.</param>
    /// <exception cref="ArgumentException">There is no protector, or an option is out of range.</exception>
    public RedisApprovalStore(IConnectionMultiplexer connection, RedisApprovalStoreOptions options)
        : this(connection, options, RedisApprovalScripts.OnServer)
    {
    }

    /// <summary>For tests, on a clock that they move.</summary>
    internal RedisApprovalStore(IConnectionMultiplexer connection, RedisApprovalStoreOptions options, RedisApprovalScripts scripts)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        IApprovalProtector protector = options.Protector ?? throw new ArgumentException(
            "An approval's content holds argument values, and there is no protector for it. Help: set `Protector` to "
                + "`ApprovalProtector.Encrypting(keys)`, or to `ApprovalProtector.Plain` to have whoever reads Redis read them too.",
            nameof(options));
        Keys = new RedisApprovalKeys(options.KeyPrefix);
        _connection = new RedisConnection(
            connection, options.Database, options.Deadline, options.TimeProvider, RedisFailures.OfApprovals);
        _scripts = scripts;
        _contents = new RedisApprovalContents(protector, options.Deadline, options.TimeProvider);
        _bounds = [options.MaxApprovals, options.MaxApprovalsPerGrant, options.MaxContentBytes, options.MaxContentBytesPerGrant];
    }

    internal RedisApprovalKeys Keys { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    /// <exception cref="ArgumentException">It is for no call or no time, or there was a request with its id.</exception>
    /// <exception cref="RedisStoreException">The server gave no answer, or a wrong one.</exception>
    public async ValueTask<ApprovalAnswer> AskAsync(ApprovalRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Terms == default || request.PendingFor <= TimeSpan.Zero)
        {
            throw new ArgumentException("The terms of a request cover nothing, or it is pending for no time.", nameof(request));
        }

        cancellationToken.ThrowIfCancellationRequested();
        ReadOnlyMemory<byte> kept =
            request.MayRequest ? await _contents.ProtectAsync(request, cancellationToken).ConfigureAwait(false) : default;
        RedisApprovalAnswer answer = await EvaluateAsync(_scripts.Ask, ValuesOf(request, kept), cancellationToken).ConfigureAwait(false);
        return answer switch
        {
            { Code: RedisApprovalScripts.None } => ApprovalAnswer.Nothing,
            { Code: RedisApprovalScripts.TooMany } => ApprovalAnswer.TooMany,
            { Code: RedisApprovalScripts.KnownId } => throw new ArgumentException("There was a request with its id.", nameof(request)),
            { Code: RedisApprovalScripts.Requested, Records: [var made] } =>
                ApprovalAnswer.Requested(await _contents.ShowMadeAsync(made).ConfigureAwait(false)),
            { Code: RedisApprovalScripts.Done, Records: [var found] } =>
                ApprovalAnswer.Found(await _contents.ShowAsync(found, cancellationToken).ConfigureAwait(false)),
            _ => throw _connection.Failures.Damaged(),
        };
    }

    /// <inheritdoc/>
    /// <exception cref="RedisStoreException">The server gave no answer, or a wrong one.</exception>
    public async ValueTask<bool> SpendAsync(ApprovalUse use, CancellationToken cancellationToken = default)
    {
        RedisApprovalAnswer answer = await EvaluateAsync(_scripts.Spend, ValuesOf(use), cancellationToken).ConfigureAwait(false);
        return answer.Code == RedisApprovalScripts.Done;
    }

    /// <inheritdoc/>
    /// <exception cref="RedisStoreException">The server gave no answer, or a wrong one.</exception>
    public async ValueTask ReturnAsync(ApprovalUse use, CancellationToken cancellationToken = default) =>
        await EvaluateAsync(_scripts.Return, ValuesOf(use), cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="answer"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It approves for no call, or for no time.</exception>
    /// <exception cref="RedisStoreException">The server gave no answer, or a wrong one.</exception>
    public async ValueTask<ApprovalResolution> ResolveAsync(ApprovalResolve answer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.IsApproved)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(answer.Uses ?? 1, 1, nameof(answer));
            ArgumentOutOfRangeException.ThrowIfLessThan(
                answer.ValidFor ?? ApprovalTerms.MaxValidFor, TimeSpan.FromMilliseconds(1), nameof(answer));
        }

        RedisValue[] values =
        [
            RedisText.Encode(answer.Id),
            RedisText.EncodeOptional(answer.By),
            RedisText.EncodeOptional(answer.Reason),
            answer.IsApproved ? 1 : 0,
            answer.IsExact ? 1 : 0,
            answer.Uses ?? RedisValue.EmptyString,
            answer.ValidFor?.Ticks ?? RedisValue.EmptyString,
        ];
        int code = (await EvaluateAsync(_scripts.Resolve, values, cancellationToken).ConfigureAwait(false)).Code;
        return (ApprovalResolution)code;
    }

    /// <inheritdoc/>
    /// <exception cref="RedisStoreException">The server gave no answer, or a wrong one.</exception>
    public async ValueTask<StoredApproval?> FindAsync(ApprovalQuery query, CancellationToken cancellationToken = default)
    {
        RedisApprovalAnswer answer =
            await EvaluateAsync(_scripts.Find, [RedisText.Encode(query.Id)], cancellationToken).ConfigureAwait(false);
        return answer.Records is [var found]
            ? await _contents.ShowAsync(found, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="query"/> is null.</exception>
    /// <exception cref="RedisStoreException">The server gave no answer, or a wrong one.</exception>
    public async ValueTask<IReadOnlyList<StoredApproval>> ListPendingAsync(
        ApprovalListQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        RedisValue[] values =
        [
            query.Count,
            RedisText.EncodeOptional(query.GrantId),
            query.After is { } last ? Math.Max(0, last.Requested.ToUnixTimeMilliseconds()) : RedisValue.EmptyString,
            query.After is { } after ? RedisText.Encode(after.Id) : RedisValue.EmptyString,
        ];
        RedisApprovalAnswer answer = await EvaluateAsync(_scripts.ListPending, values, cancellationToken).ConfigureAwait(false);
        return await _contents.ShowAsync(answer.Records, cancellationToken).ConfigureAwait(false);
    }

    private async Task<RedisApprovalAnswer> EvaluateAsync(RedisScript script, RedisValue[] values, CancellationToken cancellationToken)
    {
        RedisResult result = await _connection.EvaluateWhileAsync(
            script, Keys.All, values, RedisApprovalAnswer.IsUnfinished, cancellationToken).ConfigureAwait(false);
        return RedisApprovalAnswer.Read(result);
    }

    private RedisValue[] ValuesOf(ApprovalRequest request, ReadOnlyMemory<byte> kept) =>
    [
        RedisText.Encode(request.NewId),
        RedisText.Encode(request.Binding),
        RedisText.Encode(request.ExactBinding),
        RedisText.Encode(request.GrantId),
        request.MayRequest ? 1 : 0,
        request.MaxPending,
        LastsOf(request.PendingFor),
        request.Terms.Uses,
        request.Terms.ValidFor.Ticks,
        kept,
        kept.Length,
        .. _bounds,
    ];

    private static RedisValue[] ValuesOf(ApprovalUse use) =>
        [RedisText.Encode(use.Id), RedisText.Encode(use.Binding), RedisText.Encode(use.ExactBinding)];

    /// <summary>In whole milliseconds, as the clock has no others: the last that has begun counts. No period is longer than time.</summary>
    private static long LastsOf(TimeSpan period) =>
        Math.Min((long)Math.Ceiling(period.TotalMilliseconds), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
}
