namespace PolicyLayer.Grammars.Paths;

/// <summary>Where a path starts.</summary>
internal enum PathFamily : byte
{
    Relative,
    Absolute,
    Drive,
}
