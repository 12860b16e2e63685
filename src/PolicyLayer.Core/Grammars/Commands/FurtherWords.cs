namespace PolicyLayer.Grammars.Commands;

/// <summary>What a pattern's last word takes in place of itself.</summary>
internal enum FurtherWords : byte
{
    /// <summary>Nothing: it is a word like any other.</summary>
    None,

    /// <summary><c>*</c>: words that aren't options.</summary>
    Operands,

    /// <summary><c>./*</c>: words that can name nothing but what lies below the working directory.</summary>
    RelativePaths,

    /// <summary><c>**</c>: whatever comes.</summary>
    Any,
}
