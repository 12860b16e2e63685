namespace PolicyLayer.Tests.Differential;

public sealed class GeneratedPathTests
{
    [Fact]
    public void A_value_that_is_placed_twice_is_not_put_into_itself()
    {
        Json shared = Json.Array(Json.String("x"));
        int nested = 0;
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            Json arguments = new GeneratedPath("args", ["a"]).Place(Json.Object(), random, () => shared);
            arguments = new GeneratedPath("args", ["a", 0]).Place(arguments, random, () => shared);
            Assert.Equal("x", Assert.Single(shared.Items).Text);
            nested += arguments.ToString() == """{"a":[["x"]]}""" ? 1 : 0;
        }

        // By chance a scalar stands instead, or a name in another case.
        Assert.InRange(nested, 25, 50);
    }
}
