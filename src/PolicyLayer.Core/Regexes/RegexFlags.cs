namespace PolicyLayer.Regexes;

[Flags]
internal enum RegexFlags
{
    None = 0,
    IgnoreCase = 1,
    MultiLine = 2,
    DotAll = 4,
}
