namespace PolicyLayer.Grammars.Paths;

/// <summary>The steps of a path after its root, without those that lead nowhere: empty ones and <c>.</c>.</summary>
internal ref struct PathSteps(ReadOnlySpan<byte> path)
{
    private ReadOnlySpan<byte> _rest = PathText.FamilyOf(path) == PathFamily.Drive ? path[PathText.DriveLength..] : path;
    private readonly bool _isOnDrive = PathText.FamilyOf(path) == PathFamily.Drive;

    public ReadOnlySpan<byte> Current { get; private set; }

    public readonly PathSteps GetEnumerator() => this;

    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            int end = _isOnDrive ? _rest.IndexOfAny((byte)'/', (byte)'\\') : _rest.IndexOf((byte)'/');
            Current = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? [] : _rest[(end + 1)..];
            if (Current is not ([] or [(byte)'.']))
            {
                return true;
            }
        }

        return false;
    }
}
