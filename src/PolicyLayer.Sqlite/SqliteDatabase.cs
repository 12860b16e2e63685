using Microsoft.Data.Sqlite;

namespace PolicyLayer.Sqlite;

/// <summary>
/// A file that one store of a process works with: one transaction at a time, each within the deadline. Safe for any number of threads.
/// </summary>
/// <param name="options">The file, and how to wait for others that write to it.</param>
/// <param name="prepare">Makes what the store does with an open connection.</param>
internal sealed class SqliteDatabase<TFile>(SqliteFileOptions options, Func<SqliteConnection, TFile> prepare) : IDisposable
    where TFile : SqliteFile
{
    private static readonly TimeSpan OpeningPause = TimeSpan.FromMilliseconds(10);

    private readonly SemaphoreSlim _turn = new(1);
    private TFile? _file;
    private bool _isContended;
    private bool _isDisposed;

    /// <summary>Runs a transaction. What doesn't commit is undone: it says what would happen.</summary>
    /// <exception cref="SqliteStoreException">The file can't be used.</exception>
    public async ValueTask<T> TransactAsync<T>(Func<TFile, T> work, bool commits, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        long start = options.TimeProvider.GetTimestamp();
        await TakeTurnAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            TFile file = _file ??= await OpenAsync(start, cancellationToken).ConfigureAwait(false);
            await BeginAsync(file, start, cancellationToken).ConfigureAwait(false);
            try
            {
                T result = work(file);
                if (commits)
                {
                    file.Commit();
                }

                return result;
            }
            finally
            {
                file.RollBack();
            }
        }
        catch (SqliteException e)
        {
            CloseFile();
            throw SqliteFailures.From(e);
        }
        catch (SqliteStoreException e) when (e.Failure != SqliteStoreFailure.Locked)
        {
            // Opened again by the next request: what was wrong may have been put right.
            CloseFile();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes the file, after whoever has the turn.</summary>
    public void Dispose()
    {
        // The semaphore isn't disposed: those who wait for a turn must get it, to hear that the store is.
        _turn.Wait();
        _isDisposed = true;
        CloseFile();
        _turn.Release();
    }

    private async ValueTask TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (_turn.Wait(0, CancellationToken.None))
        {
            return;
        }

        Task turn = _turn.WaitAsync(cancellationToken);
        try
        {
            await turn.WaitAsync(options.Deadline, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!turn.IsFaulted && !turn.IsCanceled)
        {
            // Whoever gives up must pass on a turn that still comes.
            _ = turn.ContinueWith(
                (_, state) => ((SemaphoreSlim)state!).Release(),
                _turn,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            if (e is TimeoutException)
            {
                throw new SqliteStoreException(
                    SqliteStoreFailure.Locked, "The database was busy until the deadline.", e);
            }

            throw;
        }
    }

    /// <summary>Opening writes too, to a new file at least, and waits for other writers as a transaction does.</summary>
    private async ValueTask<TFile> OpenAsync(long start, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return Open();
            }
            catch (SqliteStoreException e) when (e.Failure == SqliteStoreFailure.Locked && !IsLate(start))
            {
                await Task.Delay(OpeningPause, options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private bool IsLate(long start) => options.TimeProvider.GetElapsedTime(start) >= options.Deadline;

    private async ValueTask BeginAsync(TFile file, long start, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(1);
        if (_isContended)
        {
            // A writer that begins again at once would leave the others no gap: they look a thousand times a second.
            _isContended = false;
            await Task.Delay(pause * 2, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }

        while (!file.TryBegin())
        {
            _isContended = true;
            if (IsLate(start))
            {
                throw new SqliteStoreException(
                    SqliteStoreFailure.Locked, "The database was locked by other writers until the deadline.");
            }

            await Task.Delay(pause, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private TFile Open()
    {
        SqliteConnection connection = SqliteSchema.Open(options);
        try
        {
            return prepare(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void CloseFile()
    {
        _file?.Dispose();
        _file = null;
    }
}
