namespace PolicyLayer.Testing;

/// <summary>Numbers that are the same for a seed on every machine (SplitMix64).</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>From 0 to one less than a bound.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public long Below(long bound) => (long)(Next() % (ulong)bound);
}
