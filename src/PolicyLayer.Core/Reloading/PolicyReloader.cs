using PolicyLayer.Authorization.Pipeline;
using PolicyLayer.Reloading;
using PolicyLayer.Telemetry;

namespace PolicyLayer;

/// <summary>
/// Watches the files of policies and grants, and puts what they say in force once it is whole and right; a bad edit leaves what was there.
/// Safe for any number of threads.
/// </summary>
/// <remarks>
/// <para>
/// All files are read at each look, as what they say is what counts, however they were edited or replaced. They are one unit: they're taken
/// when two readings of all of them, <see cref="PolicyReloaderOptions.SettleTime"/> apart, are equal. Who writes several files over a
/// longer time puts them in another folder, and swaps a link. What can't be taken is told once, as long as it stays the same: to
/// <see cref="PolicyReloaderOptions.Listener"/>, as a fault of kind <see cref="FaultKind.Reload"/> at the place <c>Documents</c>, and in
/// the metric <c>policylayer.policy.reloads</c>.
/// </para>
/// <para>
/// Grants are replaced when their own document changed, and left alone when only a policy did: a grant that the host revoked by
/// <see cref="PolicyLayer.Grants.GrantDirectory.Revoke"/> alone stays revoked until then. Revoke it in the document too.
/// </para>
/// </remarks>
public sealed class PolicyReloader : IAsyncDisposable
{
    /// <summary>The place that faults of documents name (<see cref="Fault.Place"/>).</summary>
    public const string FaultPlace = "Documents";

    /// <summary>So often the documents may be other than a moment before, until it is told: another one may wait to be taken.</summary>
    private const int MaxUnsettledReadings = 100;

    private readonly ToolCallAuthorizer _authorizer;
    private readonly PolicyBundleSource _source;
    private readonly SeenReadings _seen;
    private readonly FileEvents? _events;
    private readonly TimeProvider _time;
    private readonly TimeSpan _pollInterval;
    private readonly TimeSpan _settleTime;
    private readonly Action<PolicyReloadAttempt>? _listener;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _runner;
    private readonly Lazy<Task> _disposal;
    private PolicyReloadAttempt? _lastApplied;
    private volatile PolicyReloadAttempt? _lastAttempt;

    /// <summary>Begins to watch, with a first look at once.</summary>
    /// <param name="authorizer">The authorizer that gets what the files say.</param>
    /// <param name="source">The documents. Those that are no files are taken as they were when <paramref name="loaded"/> was read.</param>
    /// <param name="loaded">What the authorizer was made with: the same source, loaded. An edit that came since isn't missed.</param>
    /// <param name="options">How to watch; null for the defaults.</param>
    /// <exception cref="ArgumentNullException">An argument but the options is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="loaded"/> has no bundle, is of another source or doesn't fit the authorizer; or an option is out of range.
    /// </exception>
    public PolicyReloader(
        ToolCallAuthorizer authorizer, PolicyBundleSource source, PolicyBundleResult loaded, PolicyReloaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(authorizer);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(loaded);
        (options ??= new PolicyReloaderOptions()).Validate();
        if (!loaded.IsValid || !loaded.Documents.Select(document => document.Source).SequenceEqual(source.Documents))
        {
            throw new ArgumentException("It must be a valid bundle of the same source.", nameof(loaded));
        }

        authorizer.RequireFit(loaded.Bundle);
        (_authorizer, _source, _seen) = (authorizer, source, new SeenReadings(loaded.Readings));
        (_time, _pollInterval, _settleTime) = (options.TimeProvider, options.PollInterval, options.SettleTime);
        _listener = options.Listener;
        string[] paths = [.. source.Documents.Select(document => document.Path).OfType<string>()];
        _events = options.UseFileSystemEvents ? new FileEvents(paths) : null;
        _disposal = new Lazy<Task>(StopAsync);

        // What watches for the host belongs to none of its calls: not to the activity, say, in which this was made.
        using (AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow())
        {
            _runner = Task.Run(RunAsync);
        }
    }

    /// <summary>
    /// What came of the last attempt; null before the first. When documents that were rejected say again what is in force, it is the
    /// attempt that put that in force, or null for what the authorizer was made with.
    /// </summary>
    public PolicyReloadAttempt? LastAttempt => _lastAttempt;

    /// <summary>
    /// Reads the documents now, without waiting for a change, and puts them in force once they are settled if they are other than those
    /// before. What was rejected before is tried again.
    /// </summary>
    /// <param name="cancellationToken">Gives up, unless the reload is in force already.</param>
    /// <returns>What came of it; null when the documents say what is in force.</returns>
    /// <exception cref="ObjectDisposedException">The reloader is disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<PolicyReloadAttempt?> ReloadAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        cancellationToken.ThrowIfCancellationRequested();
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        try
        {
            // Reading and compiling keep the caller's thread no longer than anything else that is awaited.
            return await Task.Run(() => LookInTurnAsync(isAsked: true, giveUp.Token), CancellationToken.None).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ObjectDisposedException(GetType().FullName);
        }
    }

    /// <summary>
    /// Stops watching, and waits for a reload that has begun; what has to settle yet is given up. Not to be waited for by the listener, or
    /// by what a reload waits for.
    /// </summary>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _runner.ConfigureAwait(false);

        // Nobody gets another turn: who waits for one was told to stop.
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _events?.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            _events?.Follow();
            await LookUnaskedAsync().ConfigureAwait(false);
            await WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>It never throws.</summary>
    private async Task LookUnaskedAsync()
    {
        try
        {
            await LookInTurnAsync(isAsked: false, _stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The host wants no more looks.
        }
        catch (Exception e)
        {
            _authorizer.Faults.Tell(FaultKind.Reload, FaultPlace, e, decisionId: "");
        }
    }

    /// <summary>Waits until it is time to look again. It never throws.</summary>
    private async Task WaitAsync()
    {
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task poll = PauseAsync(_pollInterval, giveUp.Token);
        await (_events is null ? poll : Task.WhenAny(poll, _events.ChangeAsync(giveUp.Token)))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await giveUp.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Where the host's clock fails the system's is gone by: what takes rights away must not wait for it.</summary>
    private Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            return Task.Delay(pause, _time, cancellationToken);
        }
        catch (Exception e)
        {
            _authorizer.Faults.Tell(FaultKind.Clock, HostClock.Place, e, decisionId: "");
            return Task.Delay(pause, TimeProvider.System, cancellationToken);
        }
    }

    private DateTimeOffset ReadTime()
    {
        try
        {
            return _time.GetUtcNow();
        }
        catch (Exception e)
        {
            _authorizer.Faults.Tell(FaultKind.Clock, HostClock.Place, e, decisionId: "");
            return TimeProvider.System.GetUtcNow();
        }
    }

    private async Task<PolicyReloadAttempt?> LookInTurnAsync(bool isAsked, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<DocumentReading>? settled = await SettleAsync(isAsked, cancellationToken).ConfigureAwait(false);
            return settled is null ? null : await TakeAsync(settled, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>What all documents say, twice; null when that was tried before, or they don't settle.</summary>
    private async ValueTask<IReadOnlyList<DocumentReading>?> SettleAsync(bool isAsked, CancellationToken cancellationToken)
    {
        IReadOnlyList<DocumentReading> readings = _source.ReadFiles(_seen.Taken);
        for (int i = 0; _seen.AreNews(readings) || (isAsked && _seen.HasRejected); i++)
        {
            if (i == MaxUnsettledReadings)
            {
                TellUnsettled(readings);
                return null;
            }

            await PauseAsync(_settleTime, cancellationToken).ConfigureAwait(false);
            IReadOnlyList<DocumentReading> again = _source.ReadFiles(_seen.Taken);
            if (again.SequenceEqual(readings))
            {
                return again;
            }

            readings = again;
        }

        return null;
    }

    private async ValueTask<PolicyReloadAttempt?> TakeAsync(
        IReadOnlyList<DocumentReading> readings, CancellationToken cancellationToken)
    {
        if (_seen.AreTaken(readings))
        {
            TakeBack(readings);
            return null;
        }

        cancellationToken.ThrowIfCancellationRequested();
        bool isRepeated = _seen.AreRejected(readings);
        (PolicyReloadAttempt attempt, Task recorded) = Try(readings);
        if (isRepeated && attempt.Failure is { } failure && failure == _lastAttempt?.Failure)
        {
            return attempt;
        }

        if (!attempt.IsApplied)
        {
            Reject(attempt.Failure);
        }

        _lastAttempt = attempt;
        try
        {
            await recorded.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It is in force all the same.
        }

        Tell(attempt);
        return attempt;
    }

    /// <summary>They say what is in force. Who heard that they were rejected hears that they're right again.</summary>
    private void TakeBack(IReadOnlyList<DocumentReading> readings)
    {
        bool wasRejected = _seen.HasRejected;
        _seen.Take(readings);
        _lastAttempt = _lastApplied;
        if (wasRejected)
        {
            var unchanged = new PolicyReload([], grants: null);
            Tell(new PolicyReloadAttempt(ReadTime(), PolicyBundleResult.Of(_source, readings), unchanged, failure: null));
        }
    }

    /// <summary>Told once for as long as they don't settle: it isn't known what would be in force.</summary>
    private void TellUnsettled(IReadOnlyList<DocumentReading> readings)
    {
        const string Unsettled =
            "The documents keep changing, and what was in force stays. Help: write a file anew only when it is to say something else, and "
            + "all of them within the time in which they settle.";
        _seen.Reject(readings, mayFitLater: true);
        if (_lastAttempt?.Failure == Unsettled)
        {
            return;
        }

        Reject(Unsettled);
        _lastAttempt = new PolicyReloadAttempt(ReadTime(), PolicyBundleResult.Of(_source, readings), reload: null, Unsettled);
        Tell(_lastAttempt);
    }

    private (PolicyReloadAttempt Attempt, Task Recorded) Try(IReadOnlyList<DocumentReading> readings)
    {
        DateTimeOffset now = ReadTime();
        PolicyBundleResult documents = PolicyBundleResult.Of(_source, readings);
        if (!documents.IsValid)
        {
            _seen.Reject(readings, mayFitLater: false);
            return (new PolicyReloadAttempt(now, documents, reload: null, documents.ToString()), Task.CompletedTask);
        }

        try
        {
            (PolicyReload reload, Task recorded) = _authorizer.PutInForce(WithoutOldGrants(documents.Bundle, readings));
            _seen.Take(readings);
            _lastApplied = new PolicyReloadAttempt(now, documents, reload, failure: null);
            return (_lastApplied, recorded);
        }
        catch (ArgumentException e)
        {
            // Such as a name that another authorizer has: it may let go of it.
            _seen.Reject(readings, mayFitLater: true);
            return (new PolicyReloadAttempt(now, documents, reload: null, e.Message), Task.CompletedTask);
        }
    }

    /// <summary>Grants whose document says what it said are left as the host has them: it may have revoked some.</summary>
    private PolicyBundle WithoutOldGrants(PolicyBundle bundle, IReadOnlyList<DocumentReading> readings) =>
        _source.Grants is not null && readings[^1] == _seen.Taken[^1] ? new PolicyBundle(bundle.Policies) : bundle;

    private void Reject(string failure)
    {
        Instruments.CountReload(TelemetryNames.ReloadRejected);
        _authorizer.Faults.Tell(FaultKind.Reload, FaultPlace, new InvalidDataException(failure), decisionId: "");
    }

    private void Tell(PolicyReloadAttempt attempt)
    {
        try
        {
            _listener?.Invoke(attempt);
        }
        catch (Exception)
        {
            // What came of it stands, whoever can't hear it.
        }
    }
}
