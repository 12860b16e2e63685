namespace PolicyLayer.Auditing.JsonLines;

/// <summary>What a log asks for beside its records.</summary>
[Flags]
internal enum LogDuties
{
    None = 0,

    /// <summary>To force lines to the disk.</summary>
    Sync = 1,

    /// <summary>To have lines signed.</summary>
    Checkpoint = 2,
}
