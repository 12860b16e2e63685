namespace PolicyLayer.Regexes;

internal enum RegexOperation : byte
{
    /// <summary>The pattern is found.</summary>
    Match,

    /// <summary>Goes on with the next instruction and with the operand.</summary>
    Split,

    /// <summary>Goes on if the assertion that is the operand holds here.</summary>
    Assert,

    /// <summary>Takes a code point of the class that is the operand.</summary>
    TakeClass,

    /// <summary>Takes a code point whose class is marked in the bits that begin at the operand.</summary>
    TakeSet,
}

/// <summary>One state of a program.</summary>
internal readonly record struct RegexInstruction(RegexOperation Operation, int Operand, int Next);
