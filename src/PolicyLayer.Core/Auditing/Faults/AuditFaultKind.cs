namespace PolicyLayer.Auditing;

/// <summary>What is wrong with a line of a log.</summary>
public enum AuditFaultKind
{
    /// <summary>The log ends within the line, as after a crash. The next sink that opens the log cuts it off and records that.</summary>
    TornLine = 0,

    /// <summary>A file ends within the line, and others follow.</summary>
    TornInside = 1,

    /// <summary>It isn't a line of a log.</summary>
    NotALine = 2,

    /// <summary>It is longer than 65,535 bytes.</summary>
    TooLong = 3,

    /// <summary>Its number isn't the next one.</summary>
    SequenceNotNext = 4,

    /// <summary>It doesn't name the hash of the line before it.</summary>
    PreviousDiffers = 5,

    /// <summary>Its hash isn't that of its content: it was changed, or hashed with another key of the same id.</summary>
    HashDiffers = 6,

    /// <summary>It is hashed without a key though keys are given: anybody could have written it.</summary>
    Unkeyed = 7,

    /// <summary>It is hashed with a key, and none is given: it can't be judged.</summary>
    KeysNeeded = 8,

    /// <summary>It is hashed with a key that isn't among those given.</summary>
    KeyUnknown = 9,

    /// <summary>It is hashed with a key where the lines before aren't, or the other way round. No sink writes such a log.</summary>
    MixedKeys = 10,

    /// <summary>The log begins with a number beyond 1, and <see cref="AuditLogVerifier.After"/> wasn't given.</summary>
    BeginsLater = 11,

    /// <summary>
    /// The last line isn't the one that <see cref="AuditLogVerifier.Head"/> names: lines are missing behind it, or were added.
    /// </summary>
    HeadDiffers = 12,

    /// <summary>Public keys are given, and there are no checkpoints.</summary>
    CheckpointsMissing = 13,

    /// <summary>What stands among the checkpoints is none of this log's, isn't whole, or is older than the one before.</summary>
    NoCheckpoint = 14,

    /// <summary>A checkpoint isn't signed with one of the keys that are given.</summary>
    SignatureDiffers = 15,

    /// <summary>A checkpoint signs other lines than the log has: it was written anew.</summary>
    CheckpointDiffers = 16,

    /// <summary>A checkpoint signs more lines than the log has: its end was cut off.</summary>
    CutOff = 17,

    /// <summary>The log begins with a number beyond 1, and no checkpoint says what stood before.</summary>
    TreeUnknown = 18,
}
