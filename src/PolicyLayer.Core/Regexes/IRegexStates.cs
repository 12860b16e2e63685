namespace PolicyLayer.Regexes;

/// <summary>The states of a program that are active at one place of a text.</summary>
internal interface IRegexStates
{
    /// <summary>How many are active: those that take a code point, and assertions that await what follows.</summary>
    int Count { get; }

    /// <summary>Whether the pattern was found.</summary>
    bool IsFound { get; }

    /// <summary>Whether so many are active that this way to keep them is worth what it costs for each byte.</summary>
    bool Pays { get; }

    /// <summary>Activates what the program begins with.</summary>
    void Start(RegexNeighbour before);

    /// <summary>Decides the assertions, now that it is known what follows, and activates what is behind those that hold.</summary>
    void Decide(RegexNeighbour before, RegexNeighbour after);

    /// <summary>Takes a code point: the active states are those behind it.</summary>
    /// <param name="class">The code point's class.</param>
    /// <param name="neighbour">What the code point is to an assertion behind it.</param>
    void Take(int @class, RegexNeighbour neighbour);
}
