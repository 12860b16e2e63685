using Microsoft.AspNetCore.Http;
using PolicyLayer.Proxy.Http;

namespace PolicyLayer.Proxy.Bridging;

/// <summary>The stream that a session reads to be told news.</summary>
internal sealed class BridgedStream(SessionChild child, OpenExchanges exchanges, HttpContext context)
{
    /// <summary>Runs it until its client goes or the session ends.</summary>
    public async Task RunAsync()
    {
        using var exchange = new OpenExchange(child.Conversation, isListening: true, context.RequestAborted)
        {
            IsOfSession = true,
            TokenSha256 = child.TokenSha256,
        };
        Mailbox box = child.Listen();
        try
        {
            context.Response.Headers[HeaderNames.Session] = child.Id;
            ClientStream stream = await EventResponse.StartAsync(context.Response, exchange.Ended).ConfigureAwait(false);
            exchange.Stream = stream;
            exchanges.Add(exchange);
            await foreach (ReadOnlyMemory<byte> message in box.News.ReadAllAsync(exchange.Ended).ConfigureAwait(false))
            {
                await stream.WriteMessageAsync(message, exchange.Ended).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException && exchange.Ended.IsCancellationRequested)
        {
            // Its client went, or it was ended.
        }
        finally
        {
            exchanges.Remove(exchange);
            child.Shut(box);
        }
    }
}
