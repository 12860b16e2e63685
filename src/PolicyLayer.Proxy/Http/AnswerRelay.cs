using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Http;

/// <summary>Passes one answer of the server's on to the client, message by message through their conversation.</summary>
/// <param name="exchange">What it answers.</param>
/// <param name="response">The client's answer.</param>
/// <param name="request">The client's request; null for what waits for no answer.</param>
/// <param name="maxMessageBytes">The longest message.</param>
/// <param name="logger">What is told.</param>
internal sealed class AnswerRelay(
    OpenExchange exchange, HttpResponse response, JsonRpcId? request, int maxMessageBytes, ILogger logger)
{
    /// <summary>What an event may have beside its message.</summary>
    private const int MaxEventFields = 4096;

    private const string Unreadable = "The server's answer can't be read.";
    private const string BrokenOff = "The server's answer broke off.";

    /// <summary>Whether the client can come back for an answer that it didn't get.</summary>
    public bool IsResumable { get; private set; }

    /// <summary>Passes the answer on.</summary>
    public async Task RelayAsync(HttpResponseMessage answer)
    {
        using Stream body = await answer.Content.ReadAsStreamAsync(exchange.Ended).ConfigureAwait(false);
        if (AnswerHead.TypeOf(answer) == AnswerType.Events)
        {
            await RelayEventsAsync(answer, body).ConfigureAwait(false);
        }
        else
        {
            await RelayWholeAsync(answer, body).ConfigureAwait(false);
        }
    }

    /// <summary>Answers with an error what wasn't answered yet. The call may have run.</summary>
    /// <param name="status">The status, where the answer hasn't begun.</param>
    /// <param name="reason">What to tell the client.</param>
    public async ValueTask FailAsync(int status, string reason)
    {
        bool isOpen = request is { } id && await exchange.Conversation.AbandonAsync(id).ConfigureAwait(false);
        await SayAsync(status, isOpen, reason).ConfigureAwait(false);
    }

    /// <summary>Tells the client what is wrong, where it can still be told.</summary>
    public async ValueTask SayAsync(int status, bool isOpen, string reason)
    {
        // Not until it has ended: then nobody could be told.
        CancellationToken clientGone = response.HttpContext.RequestAborted;
        if (response.HasStarted)
        {
            if (isOpen && exchange.Stream is { } stream)
            {
                ReadOnlyMemory<byte> error = JsonRpcText.Error(request, MessageFault.InternalError, reason);
                await stream.WriteMessageAsync(error, clientGone).ConfigureAwait(false);
            }
        }
        else if (request is null)
        {
            response.StatusCode = status;
        }
        else
        {
            await Reply.ErrorAsync(response, status, request, MessageFault.InternalError, reason).ConfigureAwait(false);
        }
    }

    private async Task RelayWholeAsync(HttpResponseMessage answer, Stream body)
    {
        ReadOnlyMemory<byte>? read = await RequestBody.ReadAsync(
            body, answer.Content.Headers.ContentLength, maxMessageBytes, exchange.Ended).ConfigureAwait(false);
        if (read is not { } text)
        {
            HttpLog.BadAnswer(logger, MessageFault.TooLarge.Message);
            await FailAsync(StatusCodes.Status502BadGateway, "The server's answer is too large.").ConfigureAwait(false);
            return;
        }

        bool isMessage = text.Length > 0 && AnswerHead.TypeOf(answer) == AnswerType.Message;
        ReadResult result = isMessage ? MessageReader.ReadServer(text) : default;
        if (!result.IsValid || !IsOurs(result.Message))
        {
            if (FaultOf(answer, isMessage ? result : null, text.Length) is { } fault)
            {
                HttpLog.BadAnswer(logger, fault);
            }

            await RefuseAsync(answer).ConfigureAwait(false);
            return;
        }

        ReadOnlyMemory<byte>? passed = await exchange.Conversation.FromServerAsync(result.Message, exchange.Ended).ConfigureAwait(false);
        AnswerHead.CopyTo(response, answer);
        if (passed is { } message)
        {
            await Reply.JsonAsync(response, response.StatusCode, message, exchange.Ended).ConfigureAwait(false);
            return;
        }

        // Nobody waits any more for what the client cancelled.
        response.StatusCode = StatusCodes.Status202Accepted;
    }

    /// <summary>What is wrong with an answer, for whoever named the server's address; null for what is as it should be.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="result">What its text reads as; null for a text of another type, or none.</param>
    /// <param name="length">How long its text is.</param>
    private string? FaultOf(HttpResponseMessage answer, ReadResult? result, int length)
    {
        if (result is { } read)
        {
            return read.Fault?.Message ?? "It isn't the answer of its request.";
        }

        // What wants no answer is taken, or not, without a word, and so is the end of a session told.
        if (length == 0 && (request is null || (exchange.IsOfSession && answer.StatusCode == HttpStatusCode.NotFound)))
        {
            return null;
        }

        string type = length == 0 ? "nothing" : AnswerHead.ShownTypeOf(answer);
        return string.Create(CultureInfo.InvariantCulture, $"It has status {(int)answer.StatusCode} and {type} where a message belongs.");
    }

    // Nothing of an answer goes on that isn't exactly understood.
    private async Task RefuseAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            AnswerHead.CopyTo(response, answer);
            int status = (int)answer.StatusCode;
            await FailAsync(status, string.Create(CultureInfo.InvariantCulture, $"The server answers with status {status}."))
                .ConfigureAwait(false);
        }
        else if (request is null && !exchange.IsListening)
        {
            // Nobody waits for more than that it was taken.
            response.StatusCode = StatusCodes.Status202Accepted;
        }
        else
        {
            await FailAsync(StatusCodes.Status502BadGateway, Unreadable).ConfigureAwait(false);
        }
    }

    // An error may be about a message that the server couldn't read.
    private bool IsOurs(JsonRpcMessage message)
    {
        if (message.Kind != MessageKind.Response)
        {
            return request is null;
        }

        return message.Id is { } id ? IsOurs(id) : message.IsError;
    }

    private bool IsOurs(JsonRpcId id) =>
        id == request || (request is not null && exchange.Conversation.RequestOf(id) == request);

    private async Task RelayEventsAsync(HttpResponseMessage answer, Stream body)
    {
        AnswerHead.CopyTo(response, answer);
        response.ContentType = "text/event-stream";
        var stream = new ClientStream(response);
        await response.StartAsync(exchange.Ended).ConfigureAwait(false);
        await response.BodyWriter.FlushAsync(exchange.Ended).ConfigureAwait(false);
        exchange.Stream = stream;
        var reader = new EventReader(maxMessageBytes + MaxEventFields);
        while (true)
        {
            int read = await body.ReadAsync(reader.GetMemory(), exchange.Ended).ConfigureAwait(false);
            reader.Advance(read);
            while (reader.Read() is { } next)
            {
                if (next.IsEndpoint)
                {
                    HttpLog.BadAnswer(logger, "It would send the client's messages elsewhere.");
                    await FailAsync(StatusCodes.Status502BadGateway, Unreadable).ConfigureAwait(false);
                    return;
                }

                await PassAsync(next, stream).ConfigureAwait(false);
            }

            IsResumable = reader.HasEventId && exchange.IsOfSession;
            if (reader.IsTooLong)
            {
                HttpLog.BadAnswer(logger, MessageFault.TooLarge.Message);
                IsResumable = false;
                await FailAsync(StatusCodes.Status502BadGateway, "The server's answer is too large.").ConfigureAwait(false);
                return;
            }

            if (read == 0)
            {
                break;
            }
        }

        if (!IsResumable)
        {
            await FailAsync(StatusCodes.Status502BadGateway, BrokenOff).ConfigureAwait(false);
        }
    }

    private async ValueTask PassAsync(ServerEvent next, ClientStream stream)
    {
        ReadOnlyMemory<byte> passed = next.Shown;
        if (next.Data.Length > 0)
        {
            ReadResult result = MessageReader.ReadServer(next.Data);
            if (!result.IsValid)
            {
                ProxyLog.Unreadable(logger, result.Fault.Message);
                passed = next.With(null);
                if (result.Each().Any(each => each is { IsResponse: true, Id: { } id } && IsOurs(id)))
                {
                    await FailAsync(StatusCodes.Status502BadGateway, Unreadable).ConfigureAwait(false);
                }
            }
            else if (await exchange.Conversation.FromServerAsync(result.Message, exchange.Ended).ConfigureAwait(false) is not { } text)
            {
                passed = next.With(null);
            }
            else if (!text.Equals(result.Message.Text))
            {
                passed = next.With(text);
            }
        }

        if (next.Id is { } shown)
        {
            exchange.Shown?.Add(shown);
        }

        await stream.WriteAsync(passed, exchange.Ended).ConfigureAwait(false);
    }
}
