using PolicyLayer.Proxy.Guarding;
using PolicyLayer.Proxy.Messages;
using PolicyLayer.Tests.Proxy.Smuggling;

namespace PolicyLayer.Tests.Proxy.Guarding;

/// <summary>
/// Random conversations beside a naive model of them. INVARIANT: each allowed call is reported at most once, and as not executed only where
/// it never went on; each request is answered at most once; and nothing stays behind.
/// </summary>
public sealed class ConversationModelTests
{
    private const int Seed = 16_100;
    private const int Steps = 40;

    private static readonly string[] Ids = ["1", "2", "\"1\"", "\"a\"", "\"\\u0061\"", "9007199254740992", "9007199254740993"];

    private static readonly string[] Results =
        [
            "{\"content\":[]}", "{\"isError\":true}", "null",
            "{\"resultType\":\"input_required\"}", "{\"resultType\":\"task\"}", "{\"tools\":[]}",
        ];

    [Fact]
    public async Task Each_call_has_one_outcome_and_each_request_one_answer()
    {
        int conversations = Cases.Count / 10;
        for (int i = 0; i < conversations; i++)
        {
            var run = new Run(new Random(Seed + i));
            for (int step = 0; step < Steps; step++)
            {
                await run.StepAsync();
            }

            await run.EndAsync();
        }
    }

    private sealed class Run(Random random)
    {
        private readonly Talk _talk = new();
        private readonly Dictionary<string, JudgedCall?> _open = [];
        private readonly Dictionary<string, JudgedCall?> _abandoned = [];
        private readonly Dictionary<string, ToolCallOutcome?> _expected = [];

        public Task StepAsync()
        {
            string id = Ids[random.Next(Ids.Length)];
            return random.Next(12) switch
            {
                0 => EndAsync(),
                1 => ReturnAsync(id),
                2 or 3 => AbandonAsync(id, cancels: random.Next(2) == 0),
                4 or 5 or 6 or 7 => AnswerAsync(id),
                _ => SendAsync(id),
            };
        }

        public async Task EndAsync()
        {
            IReadOnlyList<ReadOnlyMemory<byte>> answers = await _talk.Conversation.EndAsync("over");
            Assert.Equal(_open.Count, answers.Count);
            foreach (JudgedCall? call in _open.Values.Concat(_abandoned.Values))
            {
                Expect(call, ToolCallOutcome.Failed);
            }

            _open.Clear();
            _abandoned.Clear();
            AssertReports();
            Assert.Equal(0, _talk.Conversation.Unanswered);
        }

        private static string Key(string id) => id switch
        {
            "\"\\u0061\"" => "\"a\"",
            "9007199254740993" => "9007199254740992",
            _ => id,
        };

        private static JsonRpcId Id(string id) => Talk.Read($$"""{"id":{{id}},"method":"ping"}""").Id!.Value;

        private async Task SendAsync(string id)
        {
            bool isFree = !IsKnown(Key(id)) && !(id is "1" or "\"1\"" && IsKnown(Twin(id)));
            string tool = Pick("echo", "once", "secret");
            string? meta = random.Next(2) == 0 ? Talk.Modern : null;
            bool isCall = random.Next(4) != 0;
            Passage passage = isCall
                ? await _talk.CallAsync(id, tool, meta)
                : await _talk.SendAsync($$"""{"id":{{id}},"method":"tools/list"}""");
            Assert.NotEqual(passage.Forward is null, passage.Answer is null);
            Assert.Equal(isFree, passage.Fault is null);
            if (passage.Forward is not null)
            {
                Assert.Equal(isCall, passage.Call is not null);
                _open.Add(Key(id), passage.Call);
            }
        }

        private async Task AnswerAsync(string id)
        {
            string result = Results[random.Next(Results.Length)];
            bool goesOn = result.Contains("resultType", StringComparison.Ordinal);
            ToolCallOutcome outcome = result.Contains("isError", StringComparison.Ordinal)
                ? ToolCallOutcome.Failed
                : ToolCallOutcome.Succeeded;
            string key = Answered(id);
            string? answer = await _talk.ResultAsync(id, result);
            Assert.Equal(_open.ContainsKey(key), answer is not null);
            if (_open.Remove(key, out JudgedCall? call))
            {
                Expect(call, goesOn ? null : outcome);
            }
            else if (_abandoned.Remove(key, out JudgedCall? late))
            {
                Expect(late, goesOn ? ToolCallOutcome.Failed : outcome);
            }

            AssertReports();
        }

        // An answer to 1 may say "1", and so no two requests have these ids.
        private string Answered(string id)
        {
            bool isOther = (id is "1" or "\"1\"") && IsKnown(Twin(id));
            return isOther ? Twin(id) : Key(id);
        }

        private static string Twin(string id) => id == "1" ? "\"1\"" : "1";

        private bool IsKnown(string id) => _open.ContainsKey(id) || _abandoned.ContainsKey(id);

        private async Task AbandonAsync(string id, bool cancels)
        {
            bool isOpen = _open.Remove(Key(id), out JudgedCall? call);
            if (isOpen)
            {
                _abandoned.Add(Key(id), call);
            }

            if (cancels)
            {
                Assert.NotNull(
                    (await _talk.SendAsync($$"""{"method":"notifications/cancelled","params":{"requestId":{{id}} } }""")).Forward);
            }
            else
            {
                Assert.Equal(isOpen, await _talk.Conversation.AbandonAsync(Id(id)));
            }

            AssertReports();
        }

        private async Task ReturnAsync(string id)
        {
            if (_open.Remove(Key(id), out JudgedCall? call))
            {
                Expect(call, ToolCallOutcome.NotExecuted);
            }

            await _talk.Conversation.ReturnAsync(Id(id));
            AssertReports();
        }

        private void Expect(JudgedCall? call, ToolCallOutcome? outcome)
        {
            if (call is not null && outcome is not null)
            {
                _expected.Add(call.Decision.DecisionId, outcome);
            }
        }

        private void AssertReports()
        {
            Assert.Equal(_expected.Count, _talk.Authorizer.Reports.Count);
            Assert.All(_talk.Authorizer.Reports, report => Assert.Equal(_expected[report.DecisionId], report.Outcome));
            Assert.Equal(_open.Count + _abandoned.Count, _talk.Conversation.Unanswered);
        }

        private string Pick(params string[] from) => from[random.Next(from.Length)];
    }
}
