using System.Threading.Channels;

namespace PolicyLayer.Reloading;

/// <summary>
/// Hears of the file system that files may have changed. It may tell too often, or not at all: who goes by it polls too. It never throws.
/// </summary>
internal sealed class FileEvents(IReadOnlyList<string> paths) : IDisposable
{
    // One that waits is enough: whoever takes it reads everything.
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly List<FileSystemWatcher> _watchers = [];
    private Dictionary<string, HashSet<string>> _names = [];
    private volatile bool _isBroken;

    /// <summary>Watches the folders in which files and links stand by now. Not for two threads at once.</summary>
    public void Follow()
    {
        Dictionary<string, HashSet<string>> names = WatchedNames.Of(paths);
        if (!_isBroken && AreEqual(names, _names))
        {
            return;
        }

        Dispose();
        _names = names;
        _isBroken = false;
        foreach ((string folder, HashSet<string> watched) in names)
        {
            _isBroken |= !TryWatch(folder, watched);
        }
    }

    /// <summary>Ends when something changed since it ended last.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task ChangeAsync(CancellationToken cancellationToken) =>
        await _changes.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);

    public void Dispose()
    {
        foreach (FileSystemWatcher watcher in _watchers)
        {
            watcher.Dispose();
        }

        _watchers.Clear();
    }

    private static bool AreEqual(Dictionary<string, HashSet<string>> one, Dictionary<string, HashSet<string>> other) =>
        one.Count == other.Count && one.All(folder => other.GetValueOrDefault(folder.Key)?.SetEquals(folder.Value) == true);

    private bool TryWatch(string folder, HashSet<string> names)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder);
            watcher.Changed += (_, change) => Hear(names, change.Name);
            watcher.Created += (_, change) => Hear(names, change.Name);
            watcher.Deleted += (_, change) => Hear(names, change.Name);
            watcher.Renamed += (_, change) => Hear(names, change.Name, change.OldName);
            watcher.Error += (_, _) => Break();
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
            return true;
        }
        catch (Exception)
        {
            // The folder isn't there, or the system watches no more of them.
            watcher?.Dispose();
            return false;
        }
    }

    private void Hear(HashSet<string> names, params ReadOnlySpan<string?> changed)
    {
        foreach (string? name in changed)
        {
            if (name is null || names.Contains(name))
            {
                _changes.Writer.TryWrite(true);
            }
        }
    }

    private void Break()
    {
        _isBroken = true;
        _changes.Writer.TryWrite(true);
    }
}
