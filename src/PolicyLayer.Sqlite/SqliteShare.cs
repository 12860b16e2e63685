namespace PolicyLayer.Sqlite;

/// <summary>What counts against the bounds of approvals: all that a file holds, or what one grant has of it.</summary>
/// <param name="Held">How many there are, those included that have ended.</param>
/// <param name="Pending">How many of them wait.</param>
/// <param name="ContentBytes">The bytes of their contents, as they are kept.</param>
internal readonly record struct SqliteShare(long Held, long Pending, long ContentBytes);
