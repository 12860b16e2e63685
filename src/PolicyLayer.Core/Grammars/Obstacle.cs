namespace PolicyLayer.Grammars;

/// <summary>Why an operator of meaning can't judge a text, in fixed words: nothing of the text is in them.</summary>
/// <param name="Words">What the text must be, or what stands in the way.</param>
/// <param name="IsNeed">Whether the words follow <c>must be</c>.</param>
internal readonly record struct Obstacle(string Words, bool IsNeed)
{
    public static Obstacle Needs(string words) => new(words, IsNeed: true);

    public static Obstacle Has(string words) => new(words, IsNeed: false);
}
