namespace PolicyLayer.DecisionTree.Schemas;

/// <summary>The keywords that declare names.</summary>
[Flags]
internal enum DeclaringKeywords : byte
{
    None = 0,
    Properties = 1,
    Required = 2,
    DependentRequired = 4,
    DependentSchemas = 8,

    /// <summary>Of draft-07.</summary>
    Dependencies = 16,
}
