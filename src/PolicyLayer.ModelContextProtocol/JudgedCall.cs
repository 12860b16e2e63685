using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>
/// One allowed request on its way through the server: what was judged, and how far it got. Its tool runs once, and its outcome is reported
/// once. Safe for use by the threads that a request goes through.
/// </summary>
/// <param name="authorizer">Takes the outcome.</param>
/// <param name="decision">What was decided.</param>
/// <param name="call">What was judged.</param>
/// <param name="asked">What was sent.</param>
/// <param name="caller">Who calls.</param>
/// <param name="isChecked">Whether <see cref="RunningCalls"/> sees what runs; without, its answer alone says what became of it.</param>
internal sealed class JudgedCall(
    IToolCallAuthorizer authorizer, ToolCallDecision decision, ToolCall call, AskedCall asked, Caller caller, bool isChecked)
{
    /// <summary>Where a request's items have it.</summary>
    private const string ItemName = "policylayer/call";

    private const int Judged = 0;
    private const int Running = 1;
    private const int Asking = 2;
    private const int Settled = 3;

    private int _phase;
    private volatile bool _isOpen;

    /// <summary>What was decided.</summary>
    public ToolCallDecision Decision => decision;

    /// <summary>What was judged.</summary>
    public ToolCall Call => call;

    /// <summary>Who may come back to it.</summary>
    public string Principal => caller.Principal;

    /// <summary>The one that a request was judged as; null for none.</summary>
    /// <param name="items">The request's items.</param>
    public static JudgedCall? Find(IDictionary<string, object?> items) =>
        items.TryGetValue(ItemName, out object? item) ? item as JudgedCall : null;

    /// <summary>Sends it along with its request.</summary>
    /// <param name="items">The request's items.</param>
    public void AddTo(IDictionary<string, object?> items) => items[ItemName] = this;

    /// <summary>Whether what is about to run is what was judged.</summary>
    /// <param name="parameters">What the tool gets.</param>
    /// <param name="tool">The tool that runs; null for a handler that goes by the name.</param>
    public bool Is(CallToolRequestParams? parameters, IMcpServerPrimitive? tool) =>
        parameters is not null
        && parameters.Name == asked.Tool
        && (tool is null || (tool as McpServerTool)?.ProtocolTool.Name == asked.Tool)
        && asked.HasArguments(parameters.Arguments);

    /// <summary>Lets the tool run: once, or again where it asked for input meanwhile.</summary>
    public bool TryStart() =>
        Interlocked.CompareExchange(ref _phase, Running, Judged) == Judged
        || Interlocked.CompareExchange(ref _phase, Running, Asking) == Asking;

    /// <summary>The tool ran, and asks for input before it goes on.</summary>
    public void Ask() => Interlocked.CompareExchange(ref _phase, Asking, Running);

    /// <summary>The answer doesn't settle the call: it goes on behind it, or with another request.</summary>
    public void StayOpen() => _isOpen = true;

    /// <summary>Reports what became of the tool, once.</summary>
    /// <param name="outcome">The outcome.</param>
    public async ValueTask ReportAsync(ToolCallOutcome outcome)
    {
        if (Interlocked.Exchange(ref _phase, Settled) != Settled)
        {
            await authorizer.CompleteAsync(decision, outcome, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>The request is answered: what never began never ran, unless it goes on elsewhere, or nobody saw whether it began.</summary>
    /// <param name="answered">What the answer says of it, which counts only where nobody saw it run.</param>
    public async ValueTask EndAsync(ToolCallOutcome answered)
    {
        if (_isOpen)
        {
            return;
        }

        if (!isChecked)
        {
            await ReportAsync(answered).ConfigureAwait(false);
            return;
        }

        // What goes on with another call may have run there, and a tool that asked has run.
        if (!decision.Continues && Interlocked.CompareExchange(ref _phase, Settled, Judged) == Judged)
        {
            await authorizer.CompleteAsync(decision, ToolCallOutcome.NotExecuted, CancellationToken.None).ConfigureAwait(false);
        }
        else if (Interlocked.CompareExchange(ref _phase, Settled, Judged) == Judged
            || Interlocked.CompareExchange(ref _phase, Settled, Asking) == Asking)
        {
            await authorizer.CompleteAsync(decision, ToolCallOutcome.Failed, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
