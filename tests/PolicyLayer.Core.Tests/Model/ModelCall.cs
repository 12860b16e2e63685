namespace PolicyLayer.Tests.Model;

/// <summary>A call as the model knows it: what is equal here is one call, however it is written.</summary>
internal sealed record ModelCall(string Tool, string Grant, string? Session, string? Server, int Arguments, string Env)
{
    private static readonly string[][] Spellings =
    [
        ["""{"n":1,"s":"x"}""", """{ "s":"\u0078","n":1.0 }""", """{"n":1e0,"s":"x"}"""],
        ["""{"n":9007199254740993,"s":"x"}""", """{"s":"x","n":9007199254740993.0}"""],
        ["""{"n":9007199254740992,"s":"x"}"""],
        ["""{"N":1,"s":"x"}"""],
    ];

    public static int Kinds => Spellings.Length;

    /// <summary>The call as a host says it, in one of its spellings.</summary>
    public ToolCall ToCall(int spelling, bool mayContinue, string? continues)
    {
        string[] all = Spellings[Arguments];
        return new ToolCall(Tool, ToolArguments.FromJson(all[spelling % all.Length]))
        {
            GrantId = Grant,
            SessionId = Session,
            Server = Server,
            Context = ToolArguments.FromJson($$"""{"env":"{{Env}}"}"""),
            MayContinue = mayContinue,
            Continues = continues,
        };
    }

    /// <summary>Whether another call may go on with it: the host's facts may differ.</summary>
    public bool IsContinuedBy(ModelCall other) => this == other with { Env = Env };
}
