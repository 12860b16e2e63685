namespace PolicyLayer.Json.Values;

/// <summary>How a call's name compares with one that a policy gives.</summary>
internal enum NameMatch : byte
{
    None,
    Exact,

    /// <summary>They differ, but only by case.</summary>
    CaseVariant,
}
