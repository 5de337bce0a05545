using DotNet.Testcontainers.Configurations;

namespace PrivateLinkCloud.EndToEnd.Tests;

/// <summary>The Docker engine the smoke tests borrow. A laptop may have none; CI must, and counts a skip as a failure.</summary>
internal static class DockerEngine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Skips the calling test, with the reason, when no engine answers.</summary>
    public static async Task RequireAsync(CancellationToken cancel)
    {
        if (await WhyItDoesNotAnswerAsync(cancel) is { } reason)
        {
            Assert.Skip($"no Docker engine answers: {reason}");
        }
    }

    private static async Task<string?> WhyItDoesNotAnswerAsync(CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(Patience);
        try
        {
            var access = TestcontainersSettings.OS.DockerEndpointAuthConfig;
            if (access is null)
            {
                return "none is configured and none listens at the usual places";
            }

            using var client = access.GetDockerClientBuilder(Guid.Empty).Build();
            await client.System.PingAsync(deadline.Token);
            return null;
        }
        // Whatever the client library throws on a missing socket, a refused call or a time-out, it means the same here.
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            return e.Message;
        }
    }
}
