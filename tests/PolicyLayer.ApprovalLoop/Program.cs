using PolicyLayer;
using PolicyLayer.Approvals;
using PolicyLayer.Sqlite;

// An agent's loop that stops at what a person has to approve, and goes on when `policylayer approvals` answers in another process:
//
//   dotnet run --project tests/PolicyLayer.ApprovalLoop -- agent.db keys.json
//   policylayer approvals watch --store sqlite:agent.db --keys keys.json
if (args is not [var file, .. var rest] || rest.Length > 1)
{
    Console.Error.WriteLine("Usage: ApprovalLoop FILE [KEYS]   (without keys, requests stand in the file in clear)");
    return 2;
}

Policy policy = Policy.Parse("""
    { "version": "1", "default": "deny",
      "tools": {
        "read_file": {},
        "deploy": { "approve_if": [{ "conditions": [{ "path": "args.to", "op": "eq", "value": "production" }],
                                     "reason": "What goes to production is looked at." }] }
      } }
    """);
PolicyLayerKeys? keys = rest is [var keysFile] ? PolicyLayerKeys.ParseFile(keysFile) : null;
using var approvals = new SqliteApprovalStore(new SqliteApprovalStoreOptions
{
    Path = file,
    Protector = keys is null ? ApprovalProtector.Plain : ApprovalProtector.Encrypting(keys),
});

// The authorizer has the keys too: what an approval is bound to stands in the file as a digest under them, that nobody guesses values from.
var authorizer = new ToolCallAuthorizer([policy], new ToolCallAuthorizerOptions { Approvals = approvals, Keys = keys });

// What a model would ask for.
(string Tool, string Arguments)[] plan =
[
    ("read_file", """{ "path": "notes.txt" }"""),
    ("deploy", """{ "to": "staging" }"""),
    ("deploy", """{ "to": "production", "version": "1.4.2" }"""),
    ("read_file", """{ "path": "deploy.log" }"""),
];
foreach ((string tool, string arguments) in plan)
{
    var call = new ToolCall(tool, ToolArguments.FromJson(arguments)) { GrantId = "agent", SessionId = "sample" };
    ToolCallDecision decision = await authorizer.AuthorizeAsync(call);
    if (decision.ApprovalWouldHelp)
    {
        Console.WriteLine($"{tool}: waits for a person, as request {decision.ApprovalId}");
        ApprovalStatus status = await authorizer.Approvals.WaitAsync(decision.ApprovalId!, TimeSpan.FromMinutes(10));

        // An answer lets nothing through by itself: the call is judged anew, by what holds now.
        decision = status is ApprovalStatus.Approved or ApprovalStatus.Refused ? await authorizer.AuthorizeAsync(call) : decision;
    }

    Console.WriteLine(decision.IsAllowed ? $"{tool}: runs" : $"{tool}: {decision.Message}");
    if (decision.IsAllowed)
    {
        // Run the tool here, with these arguments.
        await authorizer.CompleteAsync(decision, ToolCallOutcome.Succeeded);
    }
}

return 0;
