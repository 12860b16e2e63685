namespace PolicyLayer.Json.Values;

/// <summary>The three values of a condition. Unjudgeable never opens a door.</summary>
internal enum Judgement : byte
{
    False,
    True,
    Unjudgeable,
}
