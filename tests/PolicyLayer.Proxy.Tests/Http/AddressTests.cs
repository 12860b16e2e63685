using System.Net;
using Microsoft.AspNetCore.Http;
using PolicyLayer.Proxy.Http;

namespace PolicyLayer.Tests.Proxy.Http;

/// <summary>Whom requests are addressed to, and what pages send them, at addresses that a test machine may not have.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("10.0.0.5", "10.0.0.5:8080", true)]
    [InlineData("::ffff:10.0.0.5", "10.0.0.5:8080", true)]
    [InlineData("10.0.0.5", "10.0.0.6:8080", false)]
    [InlineData("10.0.0.5", "127.0.0.1:8080", false)]
    [InlineData("10.0.0.5", "[::1]:8080", false)]
    [InlineData("10.0.0.5", "localhost:8080", false)]
    [InlineData("10.0.0.5", "10.0.0.5", false)]
    [InlineData("127.0.0.1", "localhost:8080", true)]
    [InlineData("::1", "127.0.0.1:8080", true)]
    [InlineData("::ffff:127.0.0.1", "localhost:8080", true)]
    [InlineData("127.0.0.1", "", false)]
    [InlineData(null, "localhost:8080", false)]
    public void A_host_is_the_address_that_the_request_came_to(string? local, string host, bool isOurs) =>
        Assert.Equal(isOurs, new AddressedHost([]).IsOurs(Context(local, 8080, "http", host)));

    [Theory]
    [InlineData("http", 80, true)]
    [InlineData("https", 443, true)]
    [InlineData("http", 443, false)]
    [InlineData("https", 80, false)]
    public void A_host_without_a_port_has_its_schemes(string scheme, int port, bool isOurs) =>
        Assert.Equal(isOurs, new AddressedHost([]).IsOurs(Context("127.0.0.1", port, scheme, "localhost")));

    [Theory]
    [InlineData(true)]
    [InlineData(true, "https://app.example")]
    [InlineData(true, "HTTPS://APP.example")]
    [InlineData(true, "http://localhost:8080")]
    [InlineData(false, "https://localhost:8080")]
    [InlineData(false, "http://localhost")]
    [InlineData(false, "http://localhost:8080.evil.example")]
    [InlineData(false, "")]
    [InlineData(false, "https://app.example", "https://app.example")]
    [InlineData(false, "https://app.example", "https://evil.example")]
    public void A_page_is_named_once_and_is_allowed_or_of_this_address(bool isAllowed, params string[] origins)
    {
        HttpContext context = Context("127.0.0.1", 8080, "http", "localhost:8080");
        context.Request.Headers.Origin = origins;

        Assert.Equal(isAllowed, new RequestOrigin(["https://app.example"]).IsAllowed(context.Request));
    }

    private static DefaultHttpContext Context(string? local, int port, string scheme, string host)
    {
        var context = new DefaultHttpContext();
        context.Connection.LocalIpAddress = local is null ? null : IPAddress.Parse(local);
        context.Connection.LocalPort = port;
        context.Request.Scheme = scheme;
        context.Request.Host = new HostString(host);
        return context;
    }
}
