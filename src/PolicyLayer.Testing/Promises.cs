namespace PolicyLayer.Testing;

/// <summary>What all cases ask of what a store did.</summary>
internal static class Promises
{
    /// <exception cref="BrokenPromiseException">It doesn't hold.</exception>
    public static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new BrokenPromiseException(otherwise);
        }
    }

    /// <summary>Requires that an operation gives up where its token was cancelled before.</summary>
    public static async Task RequireCancelledAsync(Func<CancellationToken, Task> act)
    {
        bool threw = false;
        try
        {
            await act(new CancellationToken(canceled: true)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            threw = true;
        }

        Require(threw, "It answered although nobody waits.");
    }
}
