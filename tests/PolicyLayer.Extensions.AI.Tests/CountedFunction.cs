using Microsoft.Extensions.AI;

namespace PolicyLayer.Tests.AI;

/// <summary>A function that counts how often it ran, and keeps what it was last given.</summary>
internal sealed class CountedFunction(string name, Func<AIFunctionArguments, CancellationToken, ValueTask<object?>>? body = null)
    : AIFunction
{
    private int _runs;

    public int Runs => _runs;

    public AIFunctionArguments? Last { get; private set; }

    public override string Name => name;

    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        Last = arguments;
        return body is null ? new ValueTask<object?>("done") : body(arguments, cancellationToken);
    }
}
