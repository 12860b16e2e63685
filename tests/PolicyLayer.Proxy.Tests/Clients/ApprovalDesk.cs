using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PolicyLayer.Tests.Proxy.Clients;

/// <summary>Where a person answers requests for approval: whoever opens a request's address approves it.</summary>
internal sealed class ApprovalDesk : IAsyncDisposable
{
    private readonly WebApplication _application;

    private ApprovalDesk()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _application = builder.Build();
        _application.Urls.Add("http://127.0.0.1:0");
        _application.Run(async context =>
        {
            await Approve(context.Request.Path.Value![1..]);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
    }

    /// <summary>The address of each request.</summary>
    public string Template => _application.Urls.First() + "/{id}";

    /// <summary>Approves the request of an id.</summary>
    public Func<string, Task> Approve { get; set; } = _ => throw new InvalidOperationException("Nobody is there.");

    public static async Task<ApprovalDesk> StartAsync()
    {
        var desk = new ApprovalDesk();
        await desk._application.StartAsync();
        return desk;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
