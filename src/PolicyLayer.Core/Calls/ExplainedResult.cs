namespace PolicyLayer;

/// <summary>
/// What can be said of a step or a condition. <see cref="WireNames.ToWireString(ExplainedResult)"/> gives its stable text.
/// </summary>
public enum ExplainedResult
{
    /// <summary>It doesn't hold.</summary>
    False = 0,

    /// <summary>It holds.</summary>
    True = 1,

    /// <summary>It can't be judged, which never opens a door: such a rule stands against the call whichever way it leans.</summary>
    Unjudgeable = 2,
}
