namespace PolicyLayer.Proxy.Stdio;

/// <summary>How much of a message a process got.</summary>
internal enum Delivery
{
    /// <summary>Surely nothing.</summary>
    Nothing,

    /// <summary>All of it.</summary>
    Whole,

    /// <summary>It may have got it.</summary>
    Unknown,
}
