namespace PolicyLayer;

/// <summary>
/// Watches the files of policies and grants, and puts what they say in force once it is whole and right; a bad edit leaves what was there.
/// </summary>
public sealed class PolicyReloader : IAsyncDisposable
{
    /// <summary>Begins to watch.</summary>
    /// <param name="authorizer">The authorizer that gets what the files say.</param>
    /// <param name="source">The documents. Those that are no files are taken as they were when <paramref name="loaded"/> was read.</param>
    /// <param name="loaded">What the authorizer was made with: the same source, loaded. An edit that came since isn't missed.</param>
    /// <param name="options">How to watch; null for the defaults.</param>
    /// <exception cref="ArgumentNullException">An argument but the options is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="loaded"/> has no bundle or is of another source; or an option is out of range.
    /// </exception>
    public PolicyReloader(
        ToolCallAuthorizer authorizer, PolicyBundleSource source, PolicyBundleResult loaded, PolicyReloaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(authorizer);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(loaded);
        (options ??= new PolicyReloaderOptions()).Validate();
    }

    /// <summary>What came of the last attempt; null before the first.</summary>
    public PolicyReloadAttempt? LastAttempt { get; }

    /// <summary>Reads the documents now, without waiting for a change, and puts them in force if they are other than those before.</summary>
    /// <param name="cancellationToken">Gives up, unless the reload is in force already.</param>
    /// <returns>What came of it; null when the documents say what they said before.</returns>
    /// <exception cref="ObjectDisposedException">The reloader is disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public Task<PolicyReloadAttempt?> ReloadAsync(CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>Stops watching, and waits for a reload that has begun.</summary>
    public ValueTask DisposeAsync() => default;
}
