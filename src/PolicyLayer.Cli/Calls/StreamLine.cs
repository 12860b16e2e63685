namespace PolicyLayer.Cli.Calls;

/// <summary>One line of a stream of calls.</summary>
internal abstract record StreamLine;

/// <summary>A call to judge.</summary>
internal sealed record CallLine(string Tool) : StreamLine
{
    /// <summary>The arguments' text exactly as it stands in the line, or null.</summary>
    public ReadOnlyMemory<byte>? Arguments { get; init; }

    /// <summary>The host's facts exactly as they stand in the line, or null.</summary>
    public ReadOnlyMemory<byte>? Context { get; init; }

    public string? Grant { get; init; }

    public string? Session { get; init; }

    public SessionSource SessionSource { get; init; }

    public string? Server { get; init; }

    public DateTimeOffset? At { get; init; }

    /// <summary>The call that it goes on with: <c>last</c> or a decision id; null for a call of its own.</summary>
    public string? Continues { get; init; }

    /// <summary>The outcome or code that the author expects, or null.</summary>
    public string? Expect { get; init; }

    /// <summary>What the author calls it, or null.</summary>
    public string? Name { get; init; }

    /// <summary>What the author says of it, for readers of the file; or null.</summary>
    public string? Description { get; init; }
}

/// <summary>The report of an earlier call: the latest one, or the one with a decision id.</summary>
internal sealed record CompleteLine(string Target, ToolCallOutcome Outcome) : StreamLine;

/// <summary>A person answers the request of an earlier call: the latest one, or the one with an approval's or a decision's id.</summary>
internal sealed record AnswerLine(string Target, bool IsApproved) : StreamLine
{
    public string? By { get; init; }

    public string? Reason { get; init; }
}

/// <summary>A grant is taken back, for the rest of the run.</summary>
internal sealed record RevokeLine(string Grant) : StreamLine;

/// <summary>Time goes by.</summary>
internal sealed record AdvanceLine(TimeSpan Duration) : StreamLine;
